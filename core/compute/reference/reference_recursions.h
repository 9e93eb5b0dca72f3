// Rabiner 1989 in the log domain and in double precision.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/parameters.h"

namespace hmm::compute::reference {

using Matrix = BasicMatrix<double>;

/// log b [T x N] as the states read it.
Matrix scores_of_states(const Transitions& transitions, MatrixView log_b, double scale = 1);

/// log b_n(x) of one frame.
using Density = std::function<double(int state, std::span<const float> frame)>;
Density density_of(const GaussianMixtures& mixtures);
Density density_of(const TiedMixtures& mixtures);

/// log alpha [T x N] and log beta [T x N], eq. 19-25.
Matrix forward(const Transitions& transitions, const Matrix& log_b);
Matrix backward(const Transitions& transitions, const Matrix& log_b,
                std::span<const float> log_final);
double log_likelihood(const Transitions& transitions, const Matrix& log_alpha);
/// gamma [T x N], eq. 27.
Matrix posteriors(const Matrix& log_alpha, const Matrix& log_beta);
/// Sums of xi over time, eq. 37, added to counts.
void count_arcs(const Transitions& transitions, const Matrix& log_b, const Matrix& log_alpha,
                const Matrix& log_beta, std::span<double> counts);

struct BestPath {
  std::vector<int32_t> states;  // -1 when there is none
  double score = 0;
};
/// Eq. 32-35; `log_final` empty: every state may be the last.
BestPath viterbi(const Transitions& transitions, const Matrix& log_b,
                 std::span<const float> log_final);

/// Segments: every begin, every duration, by definition, O(T D N^2).
struct SegmentSums {
  double log_likelihood = 0;
  Matrix posteriors;                    // [T x N]
  Matrix starts;                        // [T x N]
  std::vector<double> arc_counts;       // [arcs]
  std::vector<double> duration_counts;  // [N x D]
};
SegmentSums hsmm_forward_backward(const Transitions& transitions, const Durations& durations,
                                  const Matrix& log_b);
BestPath hsmm_viterbi(const Transitions& transitions, const Durations& durations,
                      const Matrix& log_b);

}  // namespace hmm::compute::reference
