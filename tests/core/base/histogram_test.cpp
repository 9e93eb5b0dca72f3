#include "core/base/histogram.h"

#include <gtest/gtest.h>

namespace hmm {
namespace {

TEST(Histogram, MeanAndMaximumAreExact) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 1000; ++value) histogram.add(value * 1000);
  EXPECT_EQ(histogram.count(), 1000u);
  EXPECT_DOUBLE_EQ(histogram.mean(), 500500.0);
  EXPECT_EQ(histogram.max(), 1000000u);
}

TEST(Histogram, QuantilesAreAtMostOneBucketHigh) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 1000; ++value) histogram.add(value * 1000);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 1.0}) {
    const double exact = share * 1e6;
    EXPECT_GE(static_cast<double>(histogram.quantile(share)), exact * 0.999) << share;
    EXPECT_LE(static_cast<double>(histogram.quantile(share)), exact * 1.046) << share;
  }
}

TEST(Histogram, EmptyZeroAndHuge) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.99), 0u);
  EXPECT_EQ(histogram.mean(), 0.0);
  histogram.add(0);
  EXPECT_EQ(histogram.quantile(0.5), 0u);
  histogram.add(UINT64_MAX, 3);
  EXPECT_EQ(histogram.count(), 4u);
  EXPECT_EQ(histogram.max(), UINT64_MAX);
}

}  // namespace
}  // namespace hmm
