#include "core/compute/cpu/semi_markov.h"

#include <algorithm>
#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/dense_kernels.h"
#include "core/compute/cpu/segment_kernels.h"

namespace hmm::compute::cpu {
namespace {

constexpr double kImpossible = kLogZero<double>;
constexpr double kSmallestSum = 1e-250;  // below, a sum is done again with logs

double exact_log_sum(const ArcLists& arcs, std::size_t state, std::span<const double> log_values) {
  double sum = kImpossible;
  const auto last = static_cast<std::size_t>(arcs.splits[state + 1]);
  for (auto a = static_cast<std::size_t>(arcs.splits[state]); a < last; ++a) {
    sum =
        log_add(sum, arcs.log_probability[a] + log_values[static_cast<std::size_t>(arcs.state[a])]);
  }
  return sum;
}

std::vector<double> final_of(const Graph& graph) {
  const std::vector<float>& log_final = graph.parameters().log_final;
  return {log_final.begin(), log_final.end()};
}

}  // namespace

void LogArcSums::operator()(const ArcLists& arcs, std::span<const double> log_values,
                            std::span<double> log_sums) {
  const std::size_t states = log_values.size();
  const double high = *std::ranges::max_element(log_values);
  if (high == kImpossible) {
    std::ranges::fill(log_sums, kImpossible);
    return;
  }
  values_.resize(states);
  sums_.assign(std::max(states, arcs.stride), 0);
  exp_shifted(log_values.data(), high, values_.data(), states);
  if (arcs.stride > 0) {
    multiply_rows(values_.data(), arcs.double_matrix.data(), states, arcs.stride, sums_.data());
  } else {
    for (std::size_t n = 0; n < states; ++n) {
      const auto last = static_cast<std::size_t>(arcs.splits[n + 1]);
      for (auto a = static_cast<std::size_t>(arcs.splits[n]); a < last; ++a) {
        sums_[n] += arcs.probability[a] * values_[static_cast<std::size_t>(arcs.state[a])];
      }
    }
  }
  log_in_place(sums_.data(), states);
  const double smallest = std::log(kSmallestSum);
  for (std::size_t n = 0; n < states; ++n) {
    log_sums[n] = sums_[n] < smallest ? exact_log_sum(arcs, n, log_values) : sums_[n] + high;
  }
}

SegmentForward::SegmentForward(const Graph& graph, const DurationTables& durations)
    : graph_(graph),
      windows_(durations, true),
      log_entry_(graph.parameters().log_initial.begin(), graph.parameters().log_initial.end()),
      log_end_(graph.states()) {}

void SegmentForward::step(std::span<const double> log_b) {
  if (started_) sum_over_arcs_(graph_.incoming(), log_end_, log_entry_);
  started_ = true;
  windows_.push(log_entry_, log_b);
  windows_.ended(log_end_);
}

SegmentBackward::SegmentBackward(const Graph& graph, const DurationTables& durations)
    : graph_(graph),
      windows_(durations, true),
      log_begin_(graph.states()),
      log_after_(graph.states()) {}

void SegmentBackward::step(std::span<const double> log_b, std::span<const double> log_final,
                           bool unfinished) {
  if (started_) {
    sum_over_arcs_(graph_.outgoing(), log_begin_, log_after_);
  } else {
    std::ranges::copy(log_final, log_after_.begin());
    if (unfinished) windows_.fill(log_final);
  }
  started_ = true;
  windows_.push(log_after_, log_b);
  windows_.ended(log_begin_);
}

void SegmentBackward::count_durations(std::span<const double> starts,
                                      std::span<double> counts) const {
  const std::size_t depth = counts.size() / starts.size();
  for (std::size_t n = 0; n < starts.size(); ++n) {
    if (starts[n] == 0) continue;
    windows_.count_durations(n, starts[n], log_begin_[n], counts.subspan(n * depth, depth));
  }
}

void read_scores(std::span<const int32_t> columns, std::span<const float> row, float scale,
                 std::vector<double>& log_b) {
  log_b.resize(columns.size());
  for (std::size_t n = 0; n < log_b.size(); ++n) {
    log_b[n] = scale * row[static_cast<std::size_t>(columns[n])];
  }
}

namespace {

void exponentiate_sum(std::span<const double> a, std::span<const double> b, double shift,
                      std::vector<double>& out) {
  out.resize(a.size());
  for (std::size_t n = 0; n < a.size(); ++n) out[n] = a[n] + b[n];
  exp_shifted(out.data(), shift, out.data(), out.size());
}

}  // namespace

SegmentPosteriors::SegmentPosteriors(const Graph& graph, const DurationTables& durations,
                                     std::span<const double> log_last,
                                     std::vector<double> log_final, bool unfinished)
    : backward_(graph, durations),
      log_final_(std::move(log_final)),
      unfinished_(unfinished),
      log_likelihood_(log_sum_exp<double>(log_last)),
      occupied_(log_last.begin(), log_last.end()),
      posteriors_(log_last.size()) {
  exp_shifted(occupied_.data(), log_likelihood_, occupied_.data(), occupied_.size());
}

// Being in a state at t is being in it at t + 1, plus ending at t, less beginning at t + 1.
void SegmentPosteriors::step(std::span<const double> log_entry, std::span<const double> log_end,
                             std::span<const double> log_b) {
  backward_.step(log_b, log_final_, unfinished_);
  if (started_) {
    exponentiate_sum(log_end, backward_.log_after(), log_likelihood_, ends_);
    for (std::size_t n = 0; n < occupied_.size(); ++n) occupied_[n] += ends_[n] - starts_[n];
  }
  started_ = true;
  exponentiate_sum(log_entry, backward_.log_begin(), log_likelihood_, starts_);
  std::ranges::transform(occupied_, posteriors_.begin(), [](double value) {
    return static_cast<float>(std::clamp(value, 0.0, 1.0));
  });
}

namespace {

/// Forward variables of a whole sequence.
struct ForwardTrace {
  BasicMatrix<double> log_entry;  // [T x N]
  BasicMatrix<double> log_end;    // [T x N]
  std::vector<double> log_last;   // [N] of ending in a state at the last frame, final included
  double log_likelihood = 0;
};

ForwardTrace run_forward(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                         bool keep) {
  const std::size_t states = graph.states();
  ForwardTrace trace;
  if (keep) trace.log_entry = trace.log_end = BasicMatrix<double>(log_b.rows, states);
  SegmentForward forward(graph, durations);
  std::vector<double> scores;
  for (std::size_t t = 0; t < log_b.rows; ++t) {
    read_scores(graph.columns(), log_b.row(t), 1, scores);
    forward.step(scores);
    if (!keep) continue;
    std::ranges::copy(forward.log_entry(), trace.log_entry.row(t).begin());
    std::ranges::copy(forward.log_end(), trace.log_end.row(t).begin());
  }
  trace.log_last = forward.log_end();
  if (durations.parameters().last_unfinished) forward.log_lasting(trace.log_last);
  for (std::size_t n = 0; n < states; ++n) {
    trace.log_last[n] += graph.parameters().log_final[n];
  }
  trace.log_likelihood = log_sum_exp<double>(trace.log_last);
  return trace;
}

// xi of the arcs between a segment that ends at t and one that begins at t + 1.
void count_arcs(const Graph& graph, std::span<const double> log_end,
                std::span<const double> log_begin, double log_likelihood,
                std::span<double> counts) {
  const ArcLists& arcs = graph.outgoing();
  for (std::size_t n = 0; n < log_end.size(); ++n) {
    if (log_end[n] == kImpossible) continue;
    const auto last = static_cast<std::size_t>(arcs.splits[n + 1]);
    for (auto a = static_cast<std::size_t>(arcs.splits[n]); a < last; ++a) {
      counts[static_cast<std::size_t>(arcs.arc[a])] +=
          std::exp(log_end[n] + arcs.log_probability[a] +
                   log_begin[static_cast<std::size_t>(arcs.state[a])] - log_likelihood);
    }
  }
}

void run_backward(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                  const ForwardTrace& forward, const SegmentOutput& output) {
  SegmentPosteriors smoothed(graph, durations, forward.log_last, final_of(graph),
                             durations.parameters().last_unfinished);
  std::vector<double> scores;
  for (std::size_t t = log_b.rows; t-- > 0;) {
    if (t + 1 < log_b.rows && !output.arc_counts.empty()) {
      count_arcs(graph, forward.log_end.row(t), smoothed.backward().log_begin(),
                 forward.log_likelihood, output.arc_counts);
    }
    read_scores(graph.columns(), log_b.row(t), 1, scores);
    smoothed.step(forward.log_entry.row(t), forward.log_end.row(t), scores);
    if (output.posteriors.data != nullptr) {
      std::ranges::copy(smoothed.posteriors(), output.posteriors.row(t).begin());
    }
    if (output.starts.data != nullptr) {
      std::ranges::transform(smoothed.starts(), output.starts.row(t).begin(),
                             [](double value) { return static_cast<float>(value); });
    }
    if (!output.duration_counts.empty()) {
      smoothed.backward().count_durations(smoothed.starts(), output.duration_counts);
    }
  }
}

void fill_zero(MutableMatrixView view) {
  if (view.data == nullptr) return;
  for (std::size_t t = 0; t < view.rows; ++t) std::ranges::fill(view.row(t), 0.0F);
}

}  // namespace

double hsmm_forward_backward(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                             const SegmentOutput& output) {
  if (log_b.rows == 0) return 0;
  const bool wants_backward = output.posteriors.data != nullptr || output.starts.data != nullptr ||
                              !output.arc_counts.empty() || !output.duration_counts.empty();
  const ForwardTrace forward = run_forward(graph, durations, log_b, wants_backward);
  if (forward.log_likelihood == kImpossible) {
    fill_zero(output.posteriors);
    fill_zero(output.starts);
  } else if (wants_backward) {
    run_backward(graph, durations, log_b, forward, output);
  }
  return forward.log_likelihood;
}

SegmentViterbi::SegmentViterbi(const Graph& graph, const DurationTables& durations)
    : graph_(graph),
      windows_(durations, false),
      log_entry_(graph.parameters().log_initial.begin(), graph.parameters().log_initial.end()),
      log_end_(graph.states(), kImpossible),
      durations_(graph.states(), kNone) {}

void SegmentViterbi::step(std::span<const double> log_b, std::span<int32_t> predecessors,
                          std::span<int32_t> durations) {
  std::ranges::fill(predecessors, kNone);
  const ArcLists& arcs = graph_.incoming();
  for (std::size_t n = 0; started_ && n < log_entry_.size(); ++n) {
    log_entry_[n] = kImpossible;
    const auto last = static_cast<std::size_t>(arcs.splits[n + 1]);
    for (auto a = static_cast<std::size_t>(arcs.splits[n]); a < last; ++a) {
      const double score =
          log_end_[static_cast<std::size_t>(arcs.state[a])] + arcs.log_probability[a];
      if (score > log_entry_[n]) {
        log_entry_[n] = score;
        predecessors[n] = arcs.state[a];
      }
    }
  }
  started_ = true;
  windows_.push(log_entry_, log_b);
  for (std::size_t n = 0; n < log_end_.size(); ++n) {
    const SegmentWindows::Segment best = windows_.best_ended(n);
    log_end_[n] = best.score;
    durations_[n] = best.score == kImpossible ? kNone : static_cast<int32_t>(best.duration);
  }
  std::ranges::copy(durations_, durations.begin());
}

SegmentViterbi::Last SegmentViterbi::best(std::span<const float> log_final, bool unfinished) const {
  Last last;
  double high = kImpossible;
  for (std::size_t n = 0; n < log_end_.size(); ++n) {
    const SegmentWindows::Segment segment =
        unfinished ? windows_.best_lasting(n) : SegmentWindows::Segment{log_end_[n], durations_[n]};
    const double score = segment.score + (log_final.empty() ? 0 : log_final[n]);
    if (score > high) {
      high = score;
      last = {static_cast<int32_t>(n), segment.duration};
    }
  }
  return last;
}

namespace {

// The log joint probability of a path, term by term.
double score_of(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                std::span<const int32_t> path) {
  const Transitions& transitions = graph.parameters();
  double score = transitions.log_final[static_cast<std::size_t>(path.back())];
  for (std::size_t first = 0; first < path.size();) {
    const auto state = static_cast<std::size_t>(path[first]);
    if (first == 0) {
      score += transitions.log_initial[state];
    } else {
      const ArcLists& arcs = graph.incoming();
      const auto begin = arcs.state.begin() + arcs.splits[state];
      const auto end = arcs.state.begin() + arcs.splits[state + 1];
      const auto arc = std::lower_bound(begin, end, path[first - 1]) - arcs.state.begin();
      score += arcs.log_probability[static_cast<std::size_t>(arc)];
    }
    std::size_t last = first;
    for (; last < path.size() && path[last] == path[first]; ++last) {
      score += log_b(last, static_cast<std::size_t>(graph.columns()[state]));
    }
    const std::size_t place = durations.depth() - (last - first);
    const bool unfinished = last == path.size() && durations.parameters().last_unfinished;
    score += (unfinished ? durations.log_survival(state) : durations.log_pmf(state))[place];
    first = last;
  }
  return score;
}

}  // namespace

double hsmm_viterbi(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                    std::span<int32_t> path) {
  if (path.empty()) return 0;
  const std::size_t states = graph.states();
  BasicMatrix<int32_t> predecessors(log_b.rows, states);
  BasicMatrix<int32_t> lengths(log_b.rows, states);
  SegmentViterbi viterbi(graph, durations);
  std::vector<double> scores;
  for (std::size_t t = 0; t < log_b.rows; ++t) {
    read_scores(graph.columns(), log_b.row(t), 1, scores);
    viterbi.step(scores, predecessors.row(t), lengths.row(t));
  }
  auto [state, duration] =
      viterbi.best(graph.parameters().log_final, durations.parameters().last_unfinished);
  std::ranges::fill(path, SegmentViterbi::kNone);
  if (state == SegmentViterbi::kNone) return kImpossible;
  for (std::size_t end = path.size();;) {
    const std::size_t first = end - static_cast<std::size_t>(duration);
    std::fill(path.begin() + static_cast<std::ptrdiff_t>(first),
              path.begin() + static_cast<std::ptrdiff_t>(end), state);
    if (first == 0) break;
    state = predecessors(first, static_cast<std::size_t>(state));
    duration = lengths(first - 1, static_cast<std::size_t>(state));
    end = first;
  }
  return score_of(graph, durations, log_b, path);
}

}  // namespace hmm::compute::cpu
