#include "core/base/cholesky.h"

#include <cmath>

namespace hmm {

bool cholesky_factor(std::span<double> matrix, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double before = matrix[i * n + j];
      double value = before;
      for (std::size_t k = 0; k < j; ++k) value -= matrix[i * n + k] * matrix[j * n + k];
      if (j < i) {
        matrix[i * n + j] = value / matrix[j * n + j];
      } else {
        // What is left of the diagonal must stand clear of the rounding of what was taken off it.
        if (!(value > 1e-14 * before) || !std::isfinite(value)) return false;
        matrix[i * n + i] = std::sqrt(value);
      }
    }
    for (std::size_t j = i + 1; j < n; ++j) matrix[i * n + j] = 0;
  }
  return true;
}

void invert_lower(std::span<double> lower, std::size_t n) {
  for (std::size_t column = 0; column < n; ++column) {
    lower[column * n + column] = 1 / lower[column * n + column];
    for (std::size_t i = column + 1; i < n; ++i) {
      double sum = 0;
      for (std::size_t k = column; k < i; ++k) sum += lower[i * n + k] * lower[k * n + column];
      lower[i * n + column] = -sum / lower[i * n + i];
    }
  }
}

}  // namespace hmm
