#include "core/metrics/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hmm {
namespace {

TEST(Statistics, EqualsTheHandComputedCase) {
  const double values[] = {4, -2, 1, 5};
  const Statistics s = describe(values);
  EXPECT_EQ(s.count, 4u);
  EXPECT_DOUBLE_EQ(s.mean, 2);
  EXPECT_DOUBLE_EQ(s.standard_deviation, std::sqrt((4 + 16 + 1 + 9) / 3.0));
  EXPECT_DOUBLE_EQ(s.root_mean_square, std::sqrt((16 + 4 + 1 + 25) / 4.0));
  EXPECT_DOUBLE_EQ(s.mean_absolute, 3);
  EXPECT_DOUBLE_EQ(s.median, 2.5);
  EXPECT_EQ(s.minimum, -2);
  EXPECT_EQ(s.maximum, 5);
}

TEST(Statistics, NothingIsZeroAndOneDoesNotVary) {
  EXPECT_EQ(describe({}).count, 0u);
  EXPECT_EQ(describe({}).mean, 0);
  const double one[] = {7};
  EXPECT_EQ(describe(one).standard_deviation, 0);
  EXPECT_EQ(median(one), 7);
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(percentile({}, 0.5), 0);
  EXPECT_EQ(correlation({}, {}), 0);
}

TEST(Statistics, PercentilesAreOfTheNearestRank) {
  const double values[] = {15, 20, 35, 40, 50};
  EXPECT_EQ(percentile(values, 0.05), 15);
  EXPECT_EQ(percentile(values, 0.30), 20);
  EXPECT_EQ(percentile(values, 0.40), 20);
  EXPECT_EQ(percentile(values, 0.50), 35);
  EXPECT_EQ(percentile(values, 1), 50);
  EXPECT_EQ(percentile(values, -1), 15);
  EXPECT_EQ(percentile(values, 2), 50);
}

TEST(Statistics, CorrelationIsPearsons) {
  const double a[] = {1, 2, 3};
  const double b[] = {2, 4, 6};
  const double c[] = {3, 1, 2};
  const double flat[] = {1, 1, 1};
  EXPECT_DOUBLE_EQ(correlation(a, b), 1);
  EXPECT_DOUBLE_EQ(correlation(a, c), -0.5);
  EXPECT_EQ(correlation(a, flat), 0);
}

}  // namespace
}  // namespace hmm
