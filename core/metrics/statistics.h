// Numbers that describe a set of measurements.
#pragma once

#include <cstddef>
#include <span>

namespace hmm {

/// All are 0 for an empty set, which `count` tells.
struct Statistics {
  std::size_t count = 0;
  double mean = 0;
  double standard_deviation = 0;  // of a sample: divided by count - 1
  double root_mean_square = 0;
  double mean_absolute = 0;
  double median = 0;
  double minimum = 0;
  double maximum = 0;
};

Statistics describe(std::span<const double> values);

/// The middle value, or the mean of the two middle ones; 0 for none.
double median(std::span<const double> values);

/// The smallest value that at least a share of the values do not exceed (nearest rank); `share` is
/// from 0 to 1. 0 for no values.
double percentile(std::span<const double> values, double share);

/// Pearson's correlation; 0 when one of the two does not vary. The spans are equally long.
double correlation(std::span<const double> a, std::span<const double> b);

}  // namespace hmm
