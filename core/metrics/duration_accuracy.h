// How well predicted durations of phones or words agree with a reference.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/language/labels/labels.h"
#include "core/metrics/statistics.h"

namespace hmm {

/// Durations of the labels that both tiers have, in ms.
struct DurationPairs {
  std::vector<double> reference;
  std::vector<double> hypothesis;
  std::size_t unpaired = 0;  // labels that only one of the two has

  DurationPairs& operator+=(const DurationPairs& other);
};

struct DurationAccuracy {
  std::size_t labels = 0;
  std::size_t unpaired = 0;
  double mean_reference = 0;  // ms
  double bias = 0;            // mean of hypothesis - reference, ms
  double mean_absolute_error = 0;
  double root_mean_square_error = 0;
  double correlation = 0;  // Pearson's
  /// 1 - sum of |hypothesis - reference| / sum of reference.
  double accuracy = 0;
};

/// Labels of the same text that align with each other; silences are left out.
/// Throws DataError for labels out of order.
DurationPairs pair_durations(const Tier& reference, const Tier& hypothesis,
                             std::span<const std::string> silences);

/// Throws DataError when there is no pair.
DurationAccuracy measure_durations(const DurationPairs& pairs);

}  // namespace hmm
