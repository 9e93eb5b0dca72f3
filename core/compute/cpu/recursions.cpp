#include "core/compute/cpu/recursions.h"

#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/dense_kernels.h"
#include "core/compute/cpu/vector_math.h"

namespace hmm::compute::cpu {
namespace {

// Below this a sum of float32 products has lost part of what underflowed.
constexpr float kSmallestSum = 1e-30F;

// log sum exp of arc + value over the arcs of one state.
double exact_log_sum(const ArcLists& arcs, std::size_t state, const double* log_values) {
  const auto first = static_cast<std::size_t>(arcs.splits[state]);
  const auto last = static_cast<std::size_t>(arcs.splits[state + 1]);
  const auto term = [&](std::size_t a) {
    return arcs.log_probability[a] + log_values[static_cast<std::size_t>(arcs.state[a])];
  };
  double high = kLogZero<double>;
  for (std::size_t a = first; a < last; ++a) high = std::max(high, term(a));
  if (high == kLogZero<double>) return high;
  double sum = 0;
  for (std::size_t a = first; a < last; ++a) sum += std::exp(term(a) - high);
  return high + std::log(sum);
}

// sums[n] = sum over the arcs of n of probability * values[other end]; log_sums = their logs,
// exact where the sum underflows.
void sum_over_arcs(const Graph& graph, const ArcLists& arcs, const float* values,
                   const double* log_values, std::vector<float>& sums,
                   std::vector<double>& log_sums) {
  const std::size_t states = graph.states();
  if (graph.sums_in_float() && arcs.stride > 0) {
    sums.resize(arcs.stride);
    multiply_rows(values, arcs.matrix.data(), states, arcs.stride, sums.data());
  } else if (graph.sums_in_float()) {
    sums.resize(states);
    for (std::size_t n = 0; n < states; ++n) {
      float sum = 0;
      const auto last = static_cast<std::size_t>(arcs.splits[n + 1]);
      for (auto a = static_cast<std::size_t>(arcs.splits[n]); a < last; ++a) {
        sum += arcs.probability[a] * values[static_cast<std::size_t>(arcs.state[a])];
      }
      sums[n] = sum;
    }
  } else {
    sums.assign(states, 0);
  }
  thread_local std::vector<float> logs;
  logs.assign(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(states));
  log_in_place(logs.data(), states);
  log_sums.resize(states);
  for (std::size_t n = 0; n < states; ++n) {
    log_sums[n] = sums[n] < kSmallestSum ? exact_log_sum(arcs, n, log_values) : logs[n];
  }
}

template <class T>
void add_scores(const FrameScores& scores, std::vector<T>& log_values) {
  for (std::size_t n = 0; n < log_values.size(); ++n) log_values[n] += scores(n);
}

// Makes the greatest value 0; returns what it was. Values that are all -infinity stay so.
template <class T>
T rebase(std::vector<T>& log_values) {
  T high = kLogZero<T>;
  for (const T value : log_values) high = std::max(high, value);
  if (high == kLogZero<T>) return high;
  for (T& value : log_values) value -= high;
  return high;
}

// values = exp(log_values); returns their sum.
float exponentials(std::span<const double> log_values, std::vector<float>& values) {
  values.resize(log_values.size());
  for (std::size_t n = 0; n < values.size(); ++n) values[n] = static_cast<float>(log_values[n]);
  return exp_shifted(values.data(), 0, values.data(), values.size());
}

}  // namespace

double Forward::start(const Graph& graph, const FrameScores& scores) {
  const std::vector<float>& log_initial = graph.parameters().log_initial;
  log_alpha_.assign(log_initial.begin(), log_initial.end());
  log_sum_ = 0;
  return finish(scores);
}

double Forward::step(const Graph& graph, const FrameScores& scores) {
  sum_over_arcs(graph, graph.incoming(), alpha_.data(), log_alpha_.data(), sums_, next_);
  std::swap(log_alpha_, next_);
  return finish(scores);
}

// Returns what the sum of alpha grew by.
double Forward::finish(const FrameScores& scores) {
  add_scores(scores, log_alpha_);
  const double shift = rebase(log_alpha_);
  const float sum = exponentials(log_alpha_, alpha_);
  if (shift == kLogZero<double>) return shift;
  const double log_sum = std::log(static_cast<double>(sum));
  const double increment = shift + log_sum - log_sum_;
  log_sum_ = log_sum;
  return increment;
}

void Backward::start(const Graph& graph, std::span<const float> log_final) {
  log_beta_.assign(graph.states(), 0);
  std::copy(log_final.begin(), log_final.end(), log_beta_.begin());
}

void Backward::step(const Graph& graph, const FrameScores& scores) {
  log_ahead_ = log_beta_;
  add_scores(scores, log_ahead_);
  rebase(log_ahead_);
  exponentials(log_ahead_, ahead_);
  sum_over_arcs(graph, graph.outgoing(), ahead_.data(), log_ahead_.data(), sums_, log_sums_);
  log_beta_ = log_sums_;
  rebase(log_beta_);
}

// xi = gamma(i) a_ij b_j beta_j / sum_j a_ij b_j beta_j: each factor is at most 1, so nothing
// underflows that matters (Rabiner eq. 37, with alpha and the normaliser in gamma).
void Backward::count_arcs(const Graph& graph, std::span<const float> posteriors,
                          std::span<double> counts) const {
  const ArcLists& arcs = graph.outgoing();
  for (std::size_t n = 0; n < posteriors.size(); ++n) {
    if (posteriors[n] == 0 || log_sums_[n] == kLogZero<double>) continue;
    const bool underflowed = sums_[n] < kSmallestSum;
    const float factor = underflowed ? posteriors[n] : posteriors[n] / sums_[n];
    const auto last = static_cast<std::size_t>(arcs.splits[n + 1]);
    for (auto a = static_cast<std::size_t>(arcs.splits[n]); a < last; ++a) {
      const auto target = static_cast<std::size_t>(arcs.state[a]);
      counts[static_cast<std::size_t>(arcs.arc[a])] +=
          underflowed
              ? factor * std::exp(arcs.log_probability[a] + log_ahead_[target] - log_sums_[n])
              : factor * arcs.probability[a] * ahead_[target];
    }
  }
}

void posteriors_of(std::span<const double> log_alpha, std::span<const double> log_beta,
                   std::span<float> posteriors) {
  double high = kLogZero<double>;
  for (std::size_t n = 0; n < posteriors.size(); ++n) {
    high = std::max(high, log_alpha[n] + log_beta[n]);
  }
  const double shift = high == kLogZero<double> ? 0 : high;
  for (std::size_t n = 0; n < posteriors.size(); ++n) {
    posteriors[n] = static_cast<float>(log_alpha[n] + log_beta[n] - shift);
  }
  const float sum = exp_shifted(posteriors.data(), 0, posteriors.data(), posteriors.size());
  if (sum == 0) return;
  for (float& value : posteriors) value /= sum;
}

bool Viterbi::start(const Graph& graph, const FrameScores& scores) {
  log_delta_ = graph.parameters().log_initial;
  add_scores(scores, log_delta_);
  return rebase(log_delta_) != kLogZero<float>;
}

void Viterbi::best_arcs(const ArcLists& arcs, std::span<int32_t> predecessors) {
  next_.resize(log_delta_.size());
  for (std::size_t n = 0; n < next_.size(); ++n) {
    float best = kLogZero<float>;
    int32_t from = kNone;
    const auto last = static_cast<std::size_t>(arcs.splits[n + 1]);
    for (auto a = static_cast<std::size_t>(arcs.splits[n]); a < last; ++a) {
      const float score =
          log_delta_[static_cast<std::size_t>(arcs.state[a])] + arcs.log_probability[a];
      if (score > best) {
        best = score;
        from = arcs.state[a];
      }
    }
    next_[n] = best;
    predecessors[n] = from;
  }
}

bool Viterbi::step(const Graph& graph, const FrameScores& scores, std::span<int32_t> predecessors) {
  const ArcLists& arcs = graph.incoming();
  if (arcs.stride > 0) {
    return run_dense(arcs, scores.log_b, 0, 1, scores.columns, predecessors.data());
  }
  best_arcs(arcs, predecessors);
  std::swap(log_delta_, next_);
  add_scores(scores, log_delta_);
  return rebase(log_delta_) != kLogZero<float>;
}

bool Viterbi::run(const Graph& graph, MatrixView log_b, std::span<int32_t> predecessors) {
  const ArcLists& arcs = graph.incoming();
  if (arcs.stride > 0) {
    return run_dense(arcs, log_b.data, log_b.stride, log_b.rows, graph.columns(),
                     predecessors.data());
  }
  for (std::size_t t = 0; t < log_b.rows; ++t) {
    const FrameScores scores{log_b.row(t).data(), graph.columns(), 1};
    if (!step(graph, scores, predecessors.subspan(t * graph.states(), graph.states())))
      return false;
  }
  return true;
}

bool Viterbi::run_dense(const ArcLists& arcs, const float* log_b, std::size_t stride,
                        std::size_t count, std::span<const int32_t> columns,
                        int32_t* predecessors) {
  const std::size_t states = log_delta_.size();
  log_delta_.resize(arcs.stride);
  const std::size_t possible =
      best_frames(arcs.log_matrix.data(), states, arcs.stride, log_b, stride, columns.data(), count,
                  log_delta_.data(), predecessors);
  log_delta_.resize(states);
  return possible == count;
}

void Viterbi::drop(std::size_t state) { log_delta_[state] = kLogZero<float>; }

int32_t Viterbi::best(std::span<const float> log_final) const {
  float high = kLogZero<float>;
  int32_t state = kNone;
  for (std::size_t n = 0; n < log_delta_.size(); ++n) {
    const float score = log_final.empty() ? log_delta_[n] : log_delta_[n] + log_final[n];
    if (score > high) {
      high = score;
      state = static_cast<int32_t>(n);
    }
  }
  return state;
}

}  // namespace hmm::compute::cpu
