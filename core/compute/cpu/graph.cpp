#include "core/compute/cpu/graph.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/log_math.h"
#include "core/compute/cpu/dense_kernels.h"
#include "core/compute/cpu/mixture_kernels.h"

namespace hmm::compute::cpu {
namespace {

// Weights of arcs need not be probabilities; beyond this their sums could leave float32.
constexpr float kGreatestLogWeight = 40;

// Above this, about 1e-17, a probability is not negligible beside what float32 can hold, 1e-38.
constexpr float kLeastMixing = -40;

bool is_dense(const Transitions& transitions) {
  const auto states = static_cast<std::size_t>(transitions.states);
  return states <= kMostDenseStates && 2 * transitions.arcs.size() >= states * states;
}

void make_matrix(const Transitions& transitions, bool by_target, ArcLists& lists) {
  const auto states = static_cast<std::size_t>(transitions.states);
  lists.stride = (states + kTileWidth - 1) / kTileWidth * kTileWidth;
  lists.matrix.resize(states * lists.stride);
  lists.log_matrix.resize(lists.matrix.size(), kLogZero<float>);
  lists.double_matrix.resize(lists.matrix.size());
  for (const auto& arc : transitions.arcs) {
    const auto other = static_cast<std::size_t>(by_target ? arc.source : arc.target);
    const auto own = static_cast<std::size_t>(by_target ? arc.target : arc.source);
    const std::size_t place = other * lists.stride + own;
    lists.matrix[place] = std::exp(arc.log_probability);
    lists.log_matrix[place] = arc.log_probability;
    lists.double_matrix[place] = std::exp(static_cast<double>(arc.log_probability));
  }
}

ArcLists group(const Transitions& transitions, bool by_target) {
  ArcLists lists;
  lists.splits.assign(static_cast<std::size_t>(transitions.states) + 1, 0);
  const auto end_of = [by_target](const Transitions::Arc& arc) {
    return static_cast<std::size_t>(by_target ? arc.target : arc.source);
  };
  for (const auto& arc : transitions.arcs) ++lists.splits[end_of(arc) + 1];
  std::partial_sum(lists.splits.begin(), lists.splits.end(), lists.splits.begin());

  const std::size_t arcs = transitions.arcs.size();
  lists.state.resize(arcs);
  lists.log_probability.resize(arcs);
  lists.probability.resize(arcs);
  lists.arc.resize(arcs);
  std::vector<int64_t> next(lists.splits.begin(), lists.splits.end() - 1);
  for (std::size_t i = 0; i < arcs; ++i) {
    const auto& arc = transitions.arcs[i];
    const auto place = static_cast<std::size_t>(next[end_of(arc)]++);
    lists.state[place] = by_target ? arc.source : arc.target;
    lists.log_probability[place] = arc.log_probability;
    lists.probability[place] = std::exp(arc.log_probability);
    lists.arc[place] = static_cast<int64_t>(i);
  }
  if (is_dense(transitions)) make_matrix(transitions, by_target, lists);
  return lists;
}

}  // namespace

Graph::Graph(const Transitions& transitions)
    : transitions_(transitions),
      incoming_(group(transitions, true)),
      outgoing_(group(transitions, false)),
      columns_(transitions.emission_of) {
  if (columns_.empty()) {
    columns_.resize(states());
    std::iota(columns_.begin(), columns_.end(), 0);
  }
  sums_in_float_ =
      std::all_of(transitions.arcs.begin(), transitions.arcs.end(),
                  [](const auto& arc) { return arc.log_probability <= kGreatestLogWeight; });
  mixes_ = incoming_.stride > 0 && transitions.arcs.size() == states() * states() &&
           std::ranges::all_of(transitions.log_final, [](float p) { return p > kLeastMixing; }) &&
           std::ranges::all_of(transitions.arcs, [](const auto& arc) {
             return arc.log_probability > kLeastMixing && arc.log_probability < -kLeastMixing;
           });
}

}  // namespace hmm::compute::cpu
