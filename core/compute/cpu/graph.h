// Transitions in the layout of the CPU's recursions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/compute/backend.h"

namespace hmm::compute::cpu {

/// Arcs grouped by one of their ends: those of state n are [splits[n], splits[n + 1]).
struct ArcLists {
  std::vector<int64_t> splits;         // [N + 1]
  std::vector<int32_t> state;          // the other end
  std::vector<float> log_probability;  // -infinity for impossible
  std::vector<float> probability;      // its exponential; 0 where that underflows
  std::vector<int64_t> arc;            // index into Transitions::arcs

  /// Likewise as a matrix, when most pairs of states have an arc: element [other end][this end],
  /// its rows padded to `stride`; 0: there is none.
  std::size_t stride = 0;
  std::vector<float> matrix;
  std::vector<float> log_matrix;
  std::vector<double> double_matrix;
};

class Graph final : public LoadedTransitions {
 public:
  explicit Graph(const Transitions& transitions);

  const Transitions& parameters() const override { return transitions_; }
  std::size_t states() const { return static_cast<std::size_t>(transitions_.states); }
  const ArcLists& incoming() const { return incoming_; }
  const ArcLists& outgoing() const { return outgoing_; }
  /// [N] the column of log b that each state reads.
  const std::vector<int32_t>& columns() const { return columns_; }
  /// False when some weight is too great for sums of probabilities in float32.
  bool sums_in_float() const { return sums_in_float_; }
  /// True when every state follows every other, and may be the last, with a probability that is not
  /// negligible: then a state that falls behind by more than float32 holds cannot matter again.
  bool mixes() const { return mixes_; }

 private:
  Transitions transitions_;
  ArcLists incoming_;
  ArcLists outgoing_;
  std::vector<int32_t> columns_;
  bool sums_in_float_ = true;
  bool mixes_ = false;
};

}  // namespace hmm::compute::cpu
