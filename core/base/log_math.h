// Arithmetic on natural logarithms of probabilities.
//
// An impossible event is exactly -infinity and stays so through every function here: nothing is
// floored and no epsilon is added.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace hmm {

template <class T>
inline constexpr T kLogZero = -std::numeric_limits<T>::infinity();

/// log(exp(a) + exp(b)).
template <class T>
T log_add(T a, T b) {
  const T high = std::max(a, b);
  if (high == kLogZero<T>) return high;
  return high + std::log1p(std::exp(std::min(a, b) - high));
}

/// log(sum of exp(values)); -infinity for an empty span.
template <class T>
T log_sum_exp(std::span<const T> values) {
  T high = kLogZero<T>;
  for (const T value : values) high = std::max(high, value);
  if (high == kLogZero<T>) return high;
  T sum = 0;
  for (const T value : values) sum += std::exp(value - high);
  return high + std::log(sum);
}

}  // namespace hmm
