#include "core/model/hmm.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/model/topology/builder.h"

namespace hmm {
namespace {

constexpr int64_t kMostDurations = 20'000'000;
constexpr int kMostSampledFrames = 100'000'000;

/// Walks a chain at random.
class Walk {
 public:
  explicit Walk(const compute::Transitions& transitions)
      : transitions_(transitions), rows_(static_cast<std::size_t>(transitions.states)) {
    for (const auto& arc : transitions.arcs) {
      Row& row = rows_[static_cast<std::size_t>(arc.source)];
      row.targets.push_back(arc.target);
      row.log_probabilities.push_back(arc.log_probability);
    }
    for (Row& row : rows_) {
      double left = 1;
      for (const double p : row.log_probabilities) left -= std::exp(p);
      if (row.targets.empty()) left = 1;
      row.targets.push_back(-1);
      // Rows are float32: what rounding leaves over is no way to end.
      row.log_probabilities.push_back(left > 1e-4 ? std::log(left) : kLogZero<double>);
    }
  }

  int32_t first(Random& random) const {
    return static_cast<int32_t>(random.draw(std::span(transitions_.log_initial)));
  }
  /// -1 when the model ends.
  int32_t next(int32_t state, Random& random) const {
    const Row& row = rows_[static_cast<std::size_t>(state)];
    return row.targets[random.draw(std::span(row.log_probabilities))];
  }

 private:
  struct Row {
    std::vector<int32_t> targets;
    std::vector<double> log_probabilities;
  };
  const compute::Transitions& transitions_;
  std::vector<Row> rows_;
};

void check_frames(int frames) {
  if (frames >= 0 && frames <= kMostSampledFrames) return;
  throw SettingsError("0 to 100000000 frames can be sampled, not " + std::to_string(frames));
}

void emit(const Hmm& model, Random& random, Sample& sample) {
  const EmissionSampler sampler(model.emission);
  const auto& emission_of = model.graph.transitions.emission_of;
  sample.frames =
      Matrix(sample.states.size(), static_cast<std::size_t>(dimension_of(model.emission)));
  for (std::size_t t = 0; t < sample.states.size(); ++t) {
    const int32_t state = sample.states[t];
    sampler.draw(emission_of.empty() ? state : emission_of[static_cast<std::size_t>(state)], random,
                 sample.frames.row(t));
  }
}

}  // namespace

DecodingGraph state_graph(compute::Transitions transitions, std::vector<std::string> labels) {
  DecodingGraph graph;
  for (int n = 0; n < transitions.states; ++n) {
    if (labels.size() < static_cast<std::size_t>(transitions.states)) {
      if (static_cast<std::size_t>(n) != labels.size()) {
        throw SettingsError("names were given for some states but not for all " +
                            std::to_string(transitions.states));
      }
      labels.push_back(std::to_string(n));
    }
    graph.label_of.push_back(n);
  }
  graph.transitions = std::move(transitions);
  graph.filler.assign(labels.size(), 0);
  graph.starts_unit.assign(graph.label_of.size(), 1);
  graph.labels = std::move(labels);
  graph.validate();
  return graph;
}

void Hmm::validate() const {
  graph.validate();
  hmm::validate(emission);
  const auto faults = topology::sum_faults_of(graph.transitions, 1e-3);
  if (!faults.empty()) throw SettingsError(faults.front());
  if (graph.transitions.emissions() > states_of(emission)) {
    throw SettingsError("the topology reads " + std::to_string(graph.transitions.emissions()) +
                        " emissions; the model has " + std::to_string(states_of(emission)));
  }
}

void Hsmm::validate() const {
  hmm.validate();
  const auto states = static_cast<std::size_t>(hmm.states());
  if (durations.size() != states) {
    throw SettingsError("durations were given for " + std::to_string(durations.size()) +
                        " states of " + std::to_string(states));
  }
  for (const auto& arc : hmm.graph.transitions.arcs) {
    if (arc.source != arc.target || arc.log_probability == kLogZero<float>) continue;
    throw SettingsError("state " + std::to_string(arc.source) +
                        " follows itself; in a semi-Markov model its duration says how long it "
                        "lasts");
  }
  int64_t total = 0;
  for (const Duration& duration : durations) total += duration.longest;
  if (total > kMostDurations) {
    throw SettingsError("the longest durations of all states sum to " + std::to_string(total) +
                        " frames; at most 20000000 can be worked with");
  }
  for (std::size_t n = 0; n < states; ++n) {
    try {
      durations[n].validate();
    } catch (const SettingsError& error) {
      throw SettingsError("state " + std::to_string(n) + ": " + error.what());
    }
  }
  if (!context.weights.empty() && context.weights.rows() != states) {
    throw SettingsError("the context weights of durations must be [states x context]");
  }
}

std::vector<Duration> Hsmm::durations_in(std::span<const float> context_values) const {
  if (context_values.size() != context.weights.columns()) {
    throw DataError("the context has " + std::to_string(context_values.size()) +
                    " values; the durations take " + std::to_string(context.weights.columns()));
  }
  std::vector<Duration> result;
  for (std::size_t n = 0; n < durations.size(); ++n) {
    double exponent = 0;
    for (std::size_t c = 0; c < context_values.size(); ++c) {
      exponent += double{context.weights(n, c)} * context_values[c];
    }
    if (!(std::abs(exponent) < 20)) {
      throw DataError("the context would stretch the durations of state " + std::to_string(n) +
                      " by exp(" + std::to_string(exponent) + ")");
    }
    result.push_back(exponent == 0 ? durations[n] : stretched(durations[n], std::exp(exponent)));
  }
  return result;
}

const Hmm& hmm_of(const Model& model) {
  const auto* semi_markov = std::get_if<Hsmm>(&model);
  return semi_markov != nullptr ? semi_markov->hmm : std::get<Hmm>(model);
}

void validate(const Model& model) {
  std::visit([](const auto& kind) { kind.validate(); }, model);
}

Sample sample(const Hmm& model, int frames, Random& random) {
  model.validate();
  check_frames(frames);
  const Walk walk(model.graph.transitions);
  Sample result;
  for (int32_t state = walk.first(random);
       state >= 0 && result.states.size() < static_cast<std::size_t>(frames);
       state = walk.next(state, random)) {
    result.states.push_back(state);
  }
  emit(model, random, result);
  return result;
}

Sample sample(const Hsmm& model, int frames, Random& random) {
  model.validate();
  check_frames(frames);
  const Walk walk(model.hmm.graph.transitions);
  std::vector<std::vector<double>> log_durations;
  for (const Duration& duration : model.durations) {
    log_durations.push_back(log_probabilities(duration));
  }
  Sample result;
  const auto wanted = static_cast<std::size_t>(frames);
  for (int32_t state = walk.first(random); state >= 0 && result.states.size() < wanted;
       state = walk.next(state, random)) {
    const int duration = sample_duration(log_durations[static_cast<std::size_t>(state)], random);
    const std::size_t room = wanted - result.states.size();
    result.states.insert(result.states.end(), std::min(room, static_cast<std::size_t>(duration)),
                         state);
  }
  emit(model.hmm, random, result);
  return result;
}

}  // namespace hmm
