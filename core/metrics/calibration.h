// Whether confidences mean what they say: of the decisions made with 0.9, are 90 % right?
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace hmm {

struct ScoredDecision {
  double confidence = 0;  // 0 to 1
  bool correct = false;
};

struct ReliabilityBin {
  double low = 0;  // confidences from low up to, and only in the last bin including, high
  double high = 0;
  std::size_t count = 0;
  double mean_confidence = 0;  // 0 for an empty bin
  double accuracy = 0;
};

struct Calibration {
  std::size_t count = 0;
  double accuracy = 0;
  double mean_confidence = 0;
  /// Sum over bins of count / all * |accuracy - mean confidence| (Naeini et al. 2015).
  double expected_calibration_error = 0;
  double maximum_calibration_error = 0;
  double brier_score = 0;  // mean of (confidence - correct)^2 (Brier 1950)
  std::optional<double> normalized_cross_entropy;
  std::vector<ReliabilityBin> bins;  // of equal width
};

/// Throws DataError for confidences that are not from 0 to 1 (NaN included) and for no decisions,
/// SettingsError for no bins.
Calibration measure_calibration(std::span<const ScoredDecision> decisions, std::size_t bins = 10);

/// (H + sum over correct of log2 p + sum over wrong of log2 (1 - p)) / H, where H is the entropy of
/// always saying the mean accuracy (NIST). Confidences are kept 1e-7 away from 0 and 1. None when
/// all decisions are right or all wrong, where H is 0.
std::optional<double> normalized_cross_entropy(std::span<const ScoredDecision> decisions);

}  // namespace hmm
