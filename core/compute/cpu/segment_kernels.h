// The inner loops of semi-Markov recursions, in double precision.
#pragma once

#include <cstddef>

namespace hmm::compute::cpu {

/// out[n] = sum_i weights[n * size + i] * values[n * stride + i] for n < count; size is a multiple
/// of 8.
void dot_rows(const double* weights, const double* values, std::size_t count, std::size_t size,
              std::size_t stride, double* out);

/// out[i] += factor * a[i] * b[i].
void add_products(double factor, const double* a, const double* b, double* out, std::size_t size);

struct Best {
  double value;
  std::size_t index;
};
/// The greatest a[i] + b[i] and the last place where it is; -infinity, 0 when there is none.
Best best_sum(const double* a, const double* b, std::size_t size);

/// y = exp(x - shift), exactly 0 below -708.
void exp_shifted(const double* x, double shift, double* y, std::size_t size);

/// x = log(x), -infinity for 0.
void log_in_place(double* x, std::size_t size);

}  // namespace hmm::compute::cpu
