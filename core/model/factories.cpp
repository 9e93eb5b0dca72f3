#include "core/model/factories.h"

#include <cmath>

#include "core/base/error.h"
#include "core/model/topology/chains.h"
#include "core/model/topology/composed.h"

namespace hmm {
namespace {

constexpr int kStatesPerLabel = 3;

compute::GaussianMixtures random_mixtures(int states, int components,
                                          const FactoryOptions& options) {
  if (components < 1 || components > 1024 || options.dimension < 1 || options.dimension > 65536) {
    throw SettingsError("a model takes 1 to 65536 dimensions and 1 to 1024 components, not " +
                        std::to_string(options.dimension) + " and " + std::to_string(components));
  }
  compute::GaussianMixtures mixtures{states, components, options.dimension, {}, {}, {}};
  const auto densities = static_cast<std::size_t>(states) * static_cast<std::size_t>(components);
  mixtures.log_weights.assign(densities, -std::log(static_cast<float>(components)));
  mixtures.variances.assign(densities * static_cast<std::size_t>(options.dimension), 1);
  Random random(options.seed);
  for (std::size_t i = 0; i < mixtures.variances.size(); ++i) {
    mixtures.means.push_back(static_cast<float>(random.normal()));
  }
  return mixtures;
}

void mark_silence(DecodingGraph& graph) {
  for (std::size_t i = 0; i < graph.labels.size(); ++i) {
    graph.filler[i] = graph.labels[i] == "sil" || graph.labels[i] == "SIL";
  }
}

}  // namespace

Hmm recognition_model(const std::vector<std::string>& labels, const FactoryOptions& options) {
  if (labels.empty()) throw SettingsError("a recognition model needs at least one label");
  std::vector<topology::Word> words;
  for (std::size_t i = 0; i < labels.size(); ++i) words.push_back({{static_cast<int32_t>(i)}, 1});
  topology::Hierarchy loop = topology::hierarchical(words, static_cast<int>(labels.size()),
                                                    {.states_per_phone = kStatesPerLabel});
  Hmm model;
  model.name = "recognition";
  model.graph.starts_unit.assign(loop.word_of.size(), 0);
  for (std::size_t n = 0; n < loop.word_of.size(); n += kStatesPerLabel) {
    model.graph.starts_unit[n] = 1;
  }
  model.graph.label_of = std::move(loop.word_of);
  model.graph.labels = labels;
  model.graph.filler.assign(labels.size(), 0);
  model.graph.transitions = std::move(loop.transitions);
  mark_silence(model.graph);
  model.emission = random_mixtures(model.states(), options.components, options);
  model.validate();
  return model;
}

Hsmm synthesis_model(const std::vector<std::string>& phones, const FactoryOptions& options) {
  if (phones.size() < 2) throw SettingsError("a synthesis model needs at least two phones");
  const int states = static_cast<int>(phones.size());
  Hsmm model;
  model.hmm.name = "synthesis";
  // Any phone may follow any other; a phone does not follow itself: its duration says how long.
  model.hmm.graph = state_graph(topology::ergodic(states, 0), phones);
  mark_silence(model.hmm.graph);
  model.hmm.emission = random_mixtures(states, 1, options);
  model.durations.assign(phones.size(), {GammaDuration{4, 2.5}, 1, 50});
  model.validate();
  return model;
}

Hmm realtime_model(int states, const FactoryOptions& options) {
  Hmm model;
  model.name = "real-time";
  model.graph = state_graph(topology::circular(states));
  model.emission = random_mixtures(states, 1, options);
  model.validate();
  return model;
}

std::vector<std::string> korean_phones() {
  return {"sil", "a", "e",  "i", "o",  "u",  "eo", "eu", "ui", "k",  "n",  "t",  "r",  "m",
          "p",   "s", "ng", "j", "ch", "kh", "th", "ph", "h",  "kk", "tt", "pp", "ss", "jj"};
}

compute::Transitions speech_topology(int states, std::string_view style) {
  if (style == "normal") return topology::left_to_right(states, 0.7);
  if (style == "slow") return topology::left_to_right(states, 0.85);
  if (style == "fast") return topology::skip_state(states, 2, 0.5, 0.4, 0.1);
  if (style == "emotional") return topology::left_to_right_skip(states, 0.6, 0.3, 0.1);
  throw SettingsError("the style of speech must be normal, slow, fast or emotional, not " +
                      std::string(style));
}

}  // namespace hmm
