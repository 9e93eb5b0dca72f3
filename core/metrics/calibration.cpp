#include "core/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

void finish_bin(ReliabilityBin& bin) {
  if (bin.count == 0) return;
  bin.mean_confidence /= static_cast<double>(bin.count);
  bin.accuracy /= static_cast<double>(bin.count);
}

}  // namespace

Calibration measure_calibration(std::span<const ScoredDecision> decisions, std::size_t bins) {
  if (bins == 0) throw SettingsError("a reliability table needs at least one bin");
  if (decisions.empty())
    throw DataError("there are no decisions whose confidence could be checked");
  Calibration result;
  result.count = decisions.size();
  result.bins.resize(bins);
  const auto width = static_cast<double>(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    result.bins[i].low = static_cast<double>(i) / width;
    result.bins[i].high = static_cast<double>(i + 1) / width;
  }
  for (const ScoredDecision& decision : decisions) {
    if (!(decision.confidence >= 0 && decision.confidence <= 1)) {
      throw DataError("a confidence is " + std::to_string(decision.confidence) +
                      ", not from 0 to 1");
    }
    const double hit = decision.correct ? 1 : 0;
    ReliabilityBin& bin =
        result.bins[std::min(bins - 1, static_cast<std::size_t>(decision.confidence * width))];
    ++bin.count;
    bin.mean_confidence += decision.confidence;
    bin.accuracy += hit;
    result.mean_confidence += decision.confidence;
    result.accuracy += hit;
    result.brier_score += (decision.confidence - hit) * (decision.confidence - hit);
  }
  const auto count = static_cast<double>(result.count);
  result.mean_confidence /= count;
  result.accuracy /= count;
  result.brier_score /= count;
  for (ReliabilityBin& bin : result.bins) {
    finish_bin(bin);
    const double gap = std::abs(bin.accuracy - bin.mean_confidence);
    result.expected_calibration_error += static_cast<double>(bin.count) / count * gap;
    result.maximum_calibration_error = std::max(result.maximum_calibration_error, gap);
  }
  result.normalized_cross_entropy = normalized_cross_entropy(decisions);
  return result;
}

std::optional<double> normalized_cross_entropy(std::span<const ScoredDecision> decisions) {
  constexpr double kClosest = 1e-7;
  double correct = 0;
  double wrong = 0;
  double told = 0;
  for (const ScoredDecision& decision : decisions) {
    const double p = std::clamp(decision.confidence, kClosest, 1 - kClosest);
    told += std::log2(decision.correct ? p : 1 - p);
    ++(decision.correct ? correct : wrong);
  }
  if (correct == 0 || wrong == 0) return std::nullopt;
  const double accuracy = correct / (correct + wrong);
  const double entropy = -(correct * std::log2(accuracy) + wrong * std::log2(1 - accuracy));
  return (entropy + told) / entropy;
}

}  // namespace hmm
