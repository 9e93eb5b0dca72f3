// The inner loops of semi-Markov recursions, in double precision.
#pragma once

#include <cstddef>

namespace hmm::compute::cpu {

/// sum_i a[i] b[i].
double dot(const double* a, const double* b, std::size_t size);

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

/// out[column] = sum_row values[row] * matrix[row * stride + column] for column < stride, a
/// multiple of 16.
void multiply_rows(const float* values, const float* matrix, std::size_t rows, std::size_t stride,
                   float* out);
void multiply_rows(const double* values, const double* matrix, std::size_t rows, std::size_t stride,
                   double* out);

}  // namespace hmm::compute::cpu
