#include "core/metrics/f0_error.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/metrics/statistics.h"

namespace hmm {
namespace {

double hertz(float value, F0Scale scale) {
  if (!(value > 0)) return 0;
  return scale == F0Scale::kLogHertz ? std::exp(static_cast<double>(value)) : value;
}

}  // namespace

F0Frames& F0Frames::operator+=(const F0Frames& other) {
  reference.insert(reference.end(), other.reference.begin(), other.reference.end());
  hypothesis.insert(hypothesis.end(), other.hypothesis.begin(), other.hypothesis.end());
  return *this;
}

F0Frames pair_f0(std::span<const float> reference, std::span<const float> hypothesis, F0Scale scale,
                 std::size_t slack) {
  const auto [shorter, longer] = std::minmax({reference.size(), hypothesis.size()});
  if (longer - shorter > slack) {
    throw DataError("the two have " + std::to_string(reference.size()) + " and " +
                    std::to_string(hypothesis.size()) + " frames, more than " +
                    std::to_string(slack) + " apart");
  }
  F0Frames frames;
  for (std::size_t t = 0; t < shorter; ++t) {
    frames.reference.push_back(hertz(reference[t], scale));
    frames.hypothesis.push_back(hertz(hypothesis[t], scale));
  }
  return frames;
}

F0Error measure_f0(const F0Frames& frames) {
  if (frames.reference.empty()) throw DataError("there are no frames to compare");
  F0Error result;
  result.frames = frames.reference.size();
  std::vector<double> differences, logs, expected, found;
  std::size_t gross = 0;
  for (std::size_t t = 0; t < result.frames; ++t) {
    const double f = frames.reference[t];
    const double g = frames.hypothesis[t];
    if (f == 0 && g > 0) ++result.false_voiced;
    if (f > 0 && g == 0) ++result.false_unvoiced;
    if (f == 0 || g == 0) continue;
    differences.push_back(g - f);
    logs.push_back(std::log(g / f));
    expected.push_back(f);
    found.push_back(g);
    gross += std::abs(g - f) > 0.2 * f ? 1 : 0;
  }
  result.voiced_in_both = differences.size();
  result.voicing_error = static_cast<double>(result.false_voiced + result.false_unvoiced) /
                         static_cast<double>(result.frames);
  result.rmse_hertz = describe(differences).root_mean_square;
  result.bias_hertz = describe(differences).mean;
  result.rmse_log = describe(logs).root_mean_square;
  result.rmse_cents = 1200 / std::log(2.0) * result.rmse_log;
  result.correlation = correlation(expected, found);
  if (!differences.empty()) {
    result.gross_error = static_cast<double>(gross) / static_cast<double>(differences.size());
  }
  return result;
}

}  // namespace hmm
