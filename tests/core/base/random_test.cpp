#include "core/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace hmm {
namespace {

TEST(Random, SameSeedSameNumbers) {
  Random a(7);
  Random b(7);
  Random other(8);
  const double first = a.uniform();
  EXPECT_EQ(first, b.uniform());
  EXPECT_NE(first, other.uniform());
  // The standard fixes the engine: these bits hold on every machine.
  EXPECT_EQ(std::mt19937_64(7)() >> 11, static_cast<uint64_t>(first * 0x1p53));
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(1);
  constexpr int kDraws = 200000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
}

TEST(Random, DrawsInProportionAndNeverTheImpossible) {
  Random random(2);
  const std::array<double, 4> log_weights = {-std::numeric_limits<double>::infinity(),
                                             std::log(1.0), std::log(3.0),
                                             -std::numeric_limits<double>::infinity()};
  std::array<int, 4> counts{};
  for (int i = 0; i < 40000; ++i) ++counts[random.draw(std::span<const double>(log_weights))];
  EXPECT_EQ(counts[0], 0);
  EXPECT_EQ(counts[3], 0);
  EXPECT_NEAR(counts[2] / 40000.0, 0.75, 0.01);
}

}  // namespace
}  // namespace hmm
