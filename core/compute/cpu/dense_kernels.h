// The inner loops over matrices of transitions, all states of a frame at once.
//
// Rows are padded with zeros (or -infinity in logs) to `stride` elements, a multiple of kTileWidth,
// and hold the arcs of one other end each: element [other end][this end].
#pragma once

#include <cstddef>
#include <cstdint>

namespace hmm::compute::cpu {

/// A matrix of more states would not stay in the nearest caches.
inline constexpr std::size_t kMostDenseStates = 256;

/// out[column] = sum_row values[row] * matrix[row][column].
void multiply_rows(const float* values, const float* matrix, std::size_t rows, std::size_t stride,
                   float* out);
void multiply_rows(const double* values, const double* matrix, std::size_t rows, std::size_t stride,
                   double* out);

/// The Viterbi recursion over `count` frames of scores, of which state n reads columns[n]:
/// delta[n] = max_m delta[m] + log_matrix[m][n] + its score, then less the greatest of all n. The
/// lowest m where that is goes to predecessors [count x states]; -1 when it is -infinity. Returns
/// how many frames some state explains; stops at the first that none does. delta is [stride].
std::size_t best_frames(const float* log_matrix, std::size_t states, std::size_t stride,
                        const float* log_b, std::size_t log_b_stride, const int32_t* columns,
                        std::size_t count, float* delta, int32_t* predecessors);

/// emissions[t][n] = exp(log_b[t][columns[n]] - its greatest over n); shifts[t] = that greatest. A
/// frame that no state explains has -infinity there and an undefined row.
void scale_emissions(const float* log_b, std::size_t log_b_stride, const int32_t* columns,
                     std::size_t states, std::size_t stride, std::size_t count, float* emissions,
                     float* shifts);

/// The scaled forward recursion (Rabiner 1989, eq. 91-92) from alpha[0], all [count x stride]:
/// alpha[t] = (alpha[t - 1] matrix) * emissions[t] / sums[t - 1], sums[t] = sum of alpha[t].
void scaled_forward(const float* matrix, std::size_t states, std::size_t stride, std::size_t count,
                    const float* emissions, float* alpha, float* sums);

/// The scaled backward recursion over frames count - 1 .. 0, whose last has the backward variable
/// `beta`; leaves that of the frame before the first there. Turns alpha into posteriors, and adds
/// to pairs [states x stride] the posterior of each pair of states at `t - 1` and `t`, without its
/// transition probability, if `pairs` is given; alpha[-1] must be there if `has_before`.
void scaled_backward(const float* transposed, std::size_t states, std::size_t stride,
                     std::size_t count, bool has_before, const float* emissions, float* beta,
                     float* alpha, float* pairs);

}  // namespace hmm::compute::cpu
