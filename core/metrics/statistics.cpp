#include "core/metrics/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hmm {
namespace {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

Statistics describe(std::span<const double> values) {
  Statistics result;
  result.count = values.size();
  if (values.empty()) return result;
  const auto count = static_cast<double>(values.size());
  result.mean = mean(values);
  double squares = 0;
  double deviations = 0;
  for (const double value : values) {
    squares += value * value;
    deviations += (value - result.mean) * (value - result.mean);
    result.mean_absolute += std::abs(value) / count;
  }
  result.root_mean_square = std::sqrt(squares / count);
  if (values.size() > 1) result.standard_deviation = std::sqrt(deviations / (count - 1));
  result.median = median(values);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  result.minimum = *low;
  result.maximum = *high;
  return result;
}

double median(std::span<const double> values) {
  if (values.empty()) return 0;
  const std::vector<double> order = sorted(values);
  const std::size_t half = order.size() / 2;
  return order.size() % 2 == 1 ? order[half] : (order[half - 1] + order[half]) / 2;
}

double percentile(std::span<const double> values, double share) {
  if (values.empty()) return 0;
  const std::vector<double> order = sorted(values);
  const double rank = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(order.size()));
  return order[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

double correlation(std::span<const double> a, std::span<const double> b) {
  if (a.empty()) return 0;
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  return aa == 0 || bb == 0 ? 0 : ab / std::sqrt(aa * bb);
}

}  // namespace hmm
