#include "core/compute/cpu/sequence.h"

#include <algorithm>
#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/dense_chain.h"
#include "core/compute/cpu/recursions.h"

namespace hmm::compute::cpu {
namespace {

FrameScores scores_of(const Graph& graph, MatrixView log_b, std::size_t t) {
  return {log_b.row(t).data(), graph.columns(), 1};
}

// The log joint probability of a path, term by term in double (Rabiner 1989, eq. 13-16).
double score_of(const Graph& graph, MatrixView log_b, std::span<const int32_t> path) {
  const Transitions& transitions = graph.parameters();
  const ArcLists& arcs = graph.incoming();
  double score = transitions.log_initial[static_cast<std::size_t>(path.front())];
  for (std::size_t t = 0; t < path.size(); ++t) {
    const auto state = static_cast<std::size_t>(path[t]);
    score += log_b(t, static_cast<std::size_t>(graph.columns()[state]));
    if (t == 0) continue;
    const auto first = arcs.state.begin() + arcs.splits[state];
    const auto last = arcs.state.begin() + arcs.splits[state + 1];
    const auto arc = std::lower_bound(first, last, path[t - 1]) - arcs.state.begin();
    score += arcs.log_probability[static_cast<std::size_t>(arc)];
  }
  return score + transitions.log_final[static_cast<std::size_t>(path.back())];
}

// Keeps log alpha of each frame when it has room; returns the log-likelihood without final
// probabilities.
double run_forward(const Graph& graph, MatrixView log_b, BasicMatrix<double>& log_alpha,
                   Forward& forward) {
  double total = 0;
  for (std::size_t t = 0; t < log_b.rows && total != kLogZero<double>; ++t) {
    const FrameScores scores = scores_of(graph, log_b, t);
    total += t == 0 ? forward.start(graph, scores) : forward.step(graph, scores);
    if (!log_alpha.empty()) std::ranges::copy(forward.log_alpha(), log_alpha.row(t).begin());
  }
  return total;
}

// What final probabilities change in the log-likelihood.
double final_gain(const Graph& graph, const Forward& forward) {
  const std::vector<float>& log_final = graph.parameters().log_final;
  double sum = kLogZero<double>;
  for (std::size_t n = 0; n < log_final.size(); ++n) {
    sum = log_add(sum, forward.log_alpha()[n] + log_final[n]);
  }
  return sum - forward.log_sum();
}

void run_backward(const Graph& graph, MatrixView log_b, const BasicMatrix<double>& log_alpha,
                  MutableMatrixView posteriors, std::span<double> arc_counts) {
  std::vector<float> own(posteriors.data == nullptr ? graph.states() : 0);
  Backward backward;
  backward.start(graph, graph.parameters().log_final);
  for (std::size_t t = log_b.rows; t-- > 0;) {
    const bool has_next = t + 1 < log_b.rows;
    if (has_next) backward.step(graph, scores_of(graph, log_b, t + 1));
    const std::span<float> gamma = own.empty() ? posteriors.row(t) : std::span<float>(own);
    posteriors_of(log_alpha.row(t), backward.log_beta(), gamma);
    if (has_next && !arc_counts.empty()) backward.count_arcs(graph, gamma, arc_counts);
  }
}

}  // namespace

double forward_backward(const Graph& graph, MatrixView log_b, MutableMatrixView posteriors,
                        std::span<double> arc_counts) {
  if (log_b.rows == 0) return 0;
  if (graph.mixes()) return dense_forward_backward(graph, log_b, posteriors, arc_counts);
  const bool wants_backward = posteriors.data != nullptr || !arc_counts.empty();
  BasicMatrix<double> log_alpha(wants_backward ? log_b.rows : 0, graph.states());
  Forward forward;
  double total = run_forward(graph, log_b, log_alpha, forward);
  if (total != kLogZero<double>) total += final_gain(graph, forward);
  if (wants_backward && total != kLogZero<double>) {
    run_backward(graph, log_b, log_alpha, posteriors, arc_counts);
  } else if (posteriors.data != nullptr) {
    for (std::size_t t = 0; t < log_b.rows; ++t) std::ranges::fill(posteriors.row(t), 0.0F);
  }
  return total;
}

double viterbi(const Graph& graph, MatrixView log_b, std::span<int32_t> path) {
  if (path.empty()) return 0;
  const std::size_t states = graph.states();
  std::vector<int32_t> predecessors(log_b.rows * states);
  Viterbi best;
  bool possible = best.start(graph, scores_of(graph, log_b, 0));
  if (possible && log_b.rows > 1) {
    possible =
        best.run(graph, log_b.slice(1, log_b.rows - 1), std::span(predecessors).subspan(states));
  }
  int32_t state = possible ? best.best(graph.parameters().log_final) : Viterbi::kNone;
  if (state == Viterbi::kNone) {
    std::ranges::fill(path, Viterbi::kNone);
    return kLogZero<double>;
  }
  for (std::size_t t = log_b.rows; t-- > 0;) {
    path[t] = state;
    if (t > 0) state = predecessors[t * states + static_cast<std::size_t>(state)];
  }
  return score_of(graph, log_b, path);
}

}  // namespace hmm::compute::cpu
