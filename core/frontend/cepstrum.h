// From log-mel bins to cepstral coefficients.
#pragma once

#include <span>
#include <vector>

#include "core/frontend/front_end_config.h"

namespace hmm {

/// Discrete cosine transform and lifter as one matrix.
class Cepstrum {
 public:
  explicit Cepstrum(const FrontEndConfig& config);

  /// cepstrum[i] = sum over j of matrix[i][j] log_mel[j]; sizes are `coefficients` and `bins`.
  void apply(std::span<const float> log_mel, std::span<float> cepstrum);

 private:
  std::size_t bins_;
  std::size_t coefficients_;
  std::size_t row_;           // Coefficients rounded up to whole vectors.
  std::vector<float> table_;  // [bins x row]
  std::vector<float> sums_;   // [row]
};

}  // namespace hmm
