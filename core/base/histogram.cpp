#include "core/base/histogram.h"

#include <algorithm>
#include <cmath>

namespace hmm {

void Histogram::add(uint64_t value, uint64_t times) {
  if (times == 0) return;
  const auto bucket = static_cast<std::size_t>(
      std::ceil(kBucketsPerOctave * std::log2(static_cast<double>(std::max<uint64_t>(value, 1)))));
  buckets_[std::min(bucket, buckets_.size() - 1)] += times;
  count_ += times;
  sum_ += static_cast<double>(value) * static_cast<double>(times);
  max_ = std::max(max_, value);
}

uint64_t Histogram::quantile(double share) const {
  const double wanted = share * static_cast<double>(count_);
  uint64_t below = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    below += buckets_[bucket];
    if (below > 0 && static_cast<double>(below) >= wanted) {
      const double end = std::exp2(static_cast<double>(bucket) / kBucketsPerOctave);
      return std::min(max_, static_cast<uint64_t>(end));
    }
  }
  return max_;
}

}  // namespace hmm
