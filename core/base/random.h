// Random numbers that are the same on every machine for the same seed.
//
// The distributions of <random> differ between standard libraries; its engines do not.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>

namespace hmm {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  /// Mean 0, variance 1 (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log1p(-uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

  /// An index drawn with the probabilities exp(log_weights) / sum; the sum must be above 0.
  template <class T>
  std::size_t draw(std::span<const T> log_weights) {
    double total = 0;
    for (const T weight : log_weights) total += std::exp(static_cast<double>(weight));
    double left = uniform() * total;
    std::size_t last_possible = 0;
    for (std::size_t i = 0; i < log_weights.size(); ++i) {
      const double weight = std::exp(static_cast<double>(log_weights[i]));
      if (weight == 0) continue;
      last_possible = i;
      left -= weight;
      if (left < 0) break;
    }
    return last_possible;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hmm
