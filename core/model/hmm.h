// Hidden Markov and semi-Markov models: a topology, what its states emit and how long they last.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/base/random.h"
#include "core/model/decoding_graph.h"
#include "core/model/duration.h"
#include "core/model/emission.h"

namespace hmm {

/// A chain of states in which each state is a unit of its own, named by `labels` or, without them,
/// by its number.
DecodingGraph state_graph(compute::Transitions transitions, std::vector<std::string> labels = {});

struct Hmm {
  std::string name;
  DecodingGraph graph;
  Emission emission;
  /// What computed the frames it was made for, as JSON; empty when unknown.
  std::string front_end;

  int states() const { return graph.transitions.states; }
  /// SettingsError when the parts are wrong or do not fit, topology::sum_faults_of
  /// included. A state that cannot be reached is allowed: training may leave one behind.
  void validate() const;
};

/// How durations follow a context (a speaking rate, a style): state n lasts exp(w_n . context)
/// times as long.
struct DurationContext {
  Matrix weights;  // [N x C], empty: durations do not depend on anything
  bool operator==(const DurationContext&) const = default;
};

/// A model with explicit durations. Its transitions are those between segments; no state follows
/// itself, since its duration says how long it lasts.
struct Hsmm {
  Hmm hmm;
  std::vector<Duration> durations;  // [N]
  DurationContext context;

  void validate() const;
  /// Durations under a context [C]; DataError for one that does not fit.
  std::vector<Duration> durations_in(std::span<const float> context_values) const;
};

using Model = std::variant<Hmm, Hsmm>;

/// The part that both kinds have.
const Hmm& hmm_of(const Model& model);
void validate(const Model& model);

/// A state sequence with the frames it emitted.
struct Sample {
  std::vector<int32_t> states;  // [T]
  Matrix frames;                // [T x D]
};

/// Draws up to `frames` frames: fewer when the model ends before (what is missing of a row's sum to
/// 1 is the probability of ending there). The same seed gives the same sample on every machine.
Sample sample(const Hmm& model, int frames, Random& random);
/// Draws segment after segment; the last one is cut off when the frames are full.
Sample sample(const Hsmm& model, int frames, Random& random);

}  // namespace hmm
