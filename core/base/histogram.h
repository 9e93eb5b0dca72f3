// Counts of durations in buckets of constant relative width, in constant memory.
#pragma once

#include <array>
#include <cstdint>

namespace hmm {

/// Mean, maximum and quantiles of values above 0 (say nanoseconds) without keeping them: mean and
/// maximum are exact, a quantile is at most 4.5 % too high.
class Histogram {
 public:
  void add(uint64_t value, uint64_t times = 1);

  uint64_t count() const { return count_; }
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  uint64_t max() const { return max_; }
  /// The smallest bucket end that a share of at least `share` (0..1) of the values do not exceed;
  /// 0 without values.
  uint64_t quantile(double share) const;

 private:
  static constexpr int kBucketsPerOctave = 16;
  std::array<uint64_t, 64 * kBucketsPerOctave + 1> buckets_{};
  uint64_t count_ = 0;
  uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace hmm
