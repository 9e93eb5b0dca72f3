#include "core/base/log_math.h"

#include <gtest/gtest.h>

#include <array>

namespace hmm {
namespace {

TEST(LogMath, AddsProbabilities) {
  EXPECT_NEAR(log_add(std::log(0.25), std::log(0.5)), std::log(0.75), 1e-15);
  EXPECT_NEAR(log_add(-1000.0, -1000.0), -1000.0 + std::log(2.0), 1e-12);
}

TEST(LogMath, ImpossibleStaysImpossible) {
  EXPECT_EQ(log_add(kLogZero<double>, kLogZero<double>), kLogZero<double>);
  EXPECT_EQ(log_add(kLogZero<double>, -3.0), -3.0);
  const std::array<float, 3> impossible = {kLogZero<float>, kLogZero<float>, kLogZero<float>};
  EXPECT_EQ(log_sum_exp<float>(impossible), kLogZero<float>);
  EXPECT_EQ(log_sum_exp<float>({}), kLogZero<float>);
}

TEST(LogMath, SumsFarBelowTheSmallestFloat) {
  const std::array<double, 3> values = {-5000.0, -5000.0, kLogZero<double>};
  EXPECT_NEAR(log_sum_exp<double>(values), -5000.0 + std::log(2.0), 1e-12);
}

}  // namespace
}  // namespace hmm
