#include "core/metrics/duration_accuracy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/metrics/boundary_accuracy.h"

namespace hmm {
namespace {

constexpr int64_t kMs = 1'000'000;

TEST(DurationAccuracy, EqualsTheHandComputedCase) {
  const Tier reference{"p",
                       {{0, 50 * kMs, "sil", {}},
                        {50 * kMs, 150 * kMs, "a", {}},
                        {150 * kMs, 200 * kMs, "b", {}},
                        {200 * kMs, 350 * kMs, "c", {}}}};
  const Tier hypothesis{
      "p",
      {{0, 120 * kMs, "a", {}}, {120 * kMs, 160 * kMs, "x", {}}, {160 * kMs, 280 * kMs, "c", {}}}};
  const DurationPairs pairs = pair_durations(reference, hypothesis, default_silences());
  EXPECT_THAT(pairs.reference, ::testing::ElementsAre(100, 150));
  EXPECT_THAT(pairs.hypothesis, ::testing::ElementsAre(120, 120));
  EXPECT_EQ(pairs.unpaired, 2u);
  const DurationAccuracy result = measure_durations(pairs);
  EXPECT_EQ(result.labels, 2u);
  EXPECT_DOUBLE_EQ(result.mean_reference, 125);
  EXPECT_DOUBLE_EQ(result.bias, -5);
  EXPECT_DOUBLE_EQ(result.mean_absolute_error, 25);
  EXPECT_DOUBLE_EQ(result.root_mean_square_error, std::sqrt((400 + 900) / 2.0));
  EXPECT_DOUBLE_EQ(result.accuracy, 0.8);
  EXPECT_EQ(result.correlation, 0);
}

TEST(DurationAccuracy, NothingInCommonIsSaid) {
  const Tier a{"p", {{0, 1, "a", {}}}};
  const Tier b{"p", {{0, 1, "b", {}}}};
  EXPECT_THROW(measure_durations(pair_durations(a, b, {})), DataError);
  EXPECT_THROW(measure_durations({}), DataError);
  EXPECT_THROW(pair_durations(a, {"p", {{2, 1, "a", {}}}}, {}), DataError);
}

}  // namespace
}  // namespace hmm
