#include "core/base/cholesky.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hmm {
namespace {

TEST(Cholesky, FactorAndInverseByHand) {
  std::vector<double> a = {4, 99, 99, 2, 10, 99, -2, 5, 17.25};
  ASSERT_TRUE(cholesky_factor(a, 3));
  const std::vector<double> expected = {2, 0, 0, 1, 3, 0, -1, 2, 3.5};
  for (std::size_t i = 0; i < 9; ++i) EXPECT_DOUBLE_EQ(a[i], expected[i]) << i;
  invert_lower(a, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < 3; ++k) product += expected[i * 3 + k] * a[k * 3 + j];
      EXPECT_NEAR(product, i == j, 1e-15);
    }
  }
}

TEST(Cholesky, RefusesWhatIsNotPositiveDefinite) {
  std::vector<double> singular = {1, 0, 1, 1};
  EXPECT_FALSE(cholesky_factor(singular, 2));
  std::vector<double> indefinite = {1, 0, 2, 1};
  EXPECT_FALSE(cholesky_factor(indefinite, 2));
  std::vector<double> zero = {0};
  EXPECT_FALSE(cholesky_factor(zero, 1));
  std::vector<double> no_number = {NAN};
  EXPECT_FALSE(cholesky_factor(no_number, 1));
  std::vector<double> infinite = {INFINITY};
  EXPECT_FALSE(cholesky_factor(infinite, 1));
}

}  // namespace
}  // namespace hmm
