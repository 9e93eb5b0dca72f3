#include "core/model/phone_loop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm {
namespace {

/// log P(next | before), weighted.
float phone_weight(const PhoneLoopOptions& options, int before, int next, int phones) {
  const float log_probability =
      options.log_bigram.empty()
          ? -std::log(static_cast<float>(phones))
          : options.log_bigram(static_cast<std::size_t>(before), static_cast<std::size_t>(next));
  // An impossible successor stays impossible whatever the weight.
  if (log_probability == kLogZero<float>) return log_probability;
  return options.language_weight * log_probability;
}

/// The word of the language model that stands for each phone.
std::vector<int> words_of(const PhoneSet& phones, const NgramModel& language_model) {
  std::vector<int> words;
  for (int phone = 0; phone < phones.size(); ++phone) {
    std::optional<int> word = language_model.find(phones.name(phone));
    if (!word && phones.is_filler(phone)) {
      word = language_model.find(phones.name(phones.silence()));
    }
    if (!word) {
      throw DataError("the language model is none of phones: it lacks the model's phone " +
                      phones.name(phone));
    }
    words.push_back(*word);
  }
  return words;
}

}  // namespace

Matrix phone_bigram(const PhoneSet& phones, const NgramModel& language_model) {
  const std::vector<int> words = words_of(phones, language_model);
  const auto count = static_cast<std::size_t>(phones.size());
  const int silence = words[static_cast<std::size_t>(phones.silence())];
  Matrix bigram(count, count);
  for (std::size_t before = 0; before < count; ++before) {
    std::vector<double> probability(count);
    double sum = 0;
    for (std::size_t next = 0; next < count; ++next) {
      const std::array<int, 1> history = {words[before]};
      probability[next] =
          std::exp(static_cast<double>(language_model.log_probability(words[next], history)));
      const bool stands_for_silence =
          words[next] == silence && static_cast<int>(next) != phones.silence();
      if (stands_for_silence) probability[next] *= kUnknownFiller;
      sum += probability[next];
    }
    // Sentence ends are left out, and the weights of real models do not add up to 1.
    for (std::size_t next = 0; next < count; ++next) {
      bigram(before, next) = static_cast<float>(std::log(probability[next] / sum));
    }
  }
  return bigram;
}

DecodingGraph phone_loop(const AcousticModel& model, const PhoneLoopOptions& options) {
  const PhoneSet& set = model.phones;
  const int phones = set.size();
  const int states = set.states_per_phone();
  const auto phone_count = static_cast<std::size_t>(phones);
  if (!options.log_bigram.empty() &&
      (options.log_bigram.rows() != phone_count || options.log_bigram.columns() != phone_count)) {
    throw SettingsError("the phone bigram is for " + std::to_string(options.log_bigram.rows()) +
                        " phones but the model has " + std::to_string(phones));
  }

  DecodingGraph graph;
  compute::Transitions& chain = graph.transitions;
  chain.states = phones * states;
  chain.log_initial.assign(static_cast<std::size_t>(chain.states), kLogZero<float>);
  chain.log_final.assign(static_cast<std::size_t>(chain.states), 0);

  for (int phone = 0; phone < phones; ++phone) {
    graph.labels.push_back(set.name(phone));
    graph.filler.push_back(set.is_filler(phone) ? 1 : 0);
    const int first = phone * states;
    chain.log_initial[static_cast<std::size_t>(first)] =
        phone_weight(options, set.silence(), phone, phones);
    const int hmm = set.hmm(phone);
    const MatrixView within = model.transitions.matrix(set.transition_matrix(hmm));
    for (int state = 0; state < states; ++state) {
      const auto row = static_cast<std::size_t>(state);
      graph.label_of.push_back(phone);
      graph.starts_unit.push_back(state == 0 ? 1 : 0);
      chain.emission_of.push_back(set.senones(hmm)[row]);
      for (int target = 0; target < states; ++target) {
        const float log_probability = within(row, static_cast<std::size_t>(target));
        if (log_probability != kLogZero<float>) {
          chain.arcs.push_back({first + state, first + target, log_probability});
        }
      }
      const float log_exit = within(row, static_cast<std::size_t>(states));
      if (log_exit == kLogZero<float>) continue;
      for (int next = 0; next < phones; ++next) {
        const float weight = phone_weight(options, phone, next, phones);
        // A phone of one state follows itself by its self-loop.
        if (weight == kLogZero<float> || (next == phone && state == 0)) continue;
        chain.arcs.push_back(
            {first + state, next * states, log_exit + weight + options.insertion_weight});
      }
    }
  }
  std::sort(chain.arcs.begin(), chain.arcs.end(), [](const auto& a, const auto& b) {
    return std::tie(a.target, a.source) < std::tie(b.target, b.source);
  });
  graph.validate();
  return graph;
}

}  // namespace hmm
