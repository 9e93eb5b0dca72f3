#include "core/inference/dtw.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "core/base/error.h"
#include "core/base/matrix.h"

namespace hmm {
namespace {

using Costs = BasicMatrix<double>;

DtwResult warp(const Costs& costs, const DtwOptions& options = {}) {
  return warp_time(
      costs.rows(), costs.columns(), [&](std::size_t i, std::size_t j) { return costs(i, j); },
      options);
}

Costs random_costs(std::mt19937& random, std::size_t rows, std::size_t columns) {
  Costs costs(rows, columns);
  for (std::size_t i = 0; i < rows * columns; ++i) costs.data()[i] = random() % 100;
  return costs;
}

double path_cost(const Costs& costs, const DtwResult& result, double diagonal) {
  double cost = diagonal * costs(0, 0);
  for (std::size_t k = 1; k < result.path.size(); ++k) {
    const auto [i, j] = result.path[k];
    const auto [pi, pj] = result.path[k - 1];
    EXPECT_LE(i - pi, 1u);
    EXPECT_LE(j - pj, 1u);
    EXPECT_GT(i + j, pi + pj);
    cost += (i > pi && j > pj ? diagonal : 1) * costs(i, j);
  }
  return cost;
}

/// The cheapest of all paths, each tried in full.
double brute_force(const Costs& costs, double diagonal, double band) {
  const double slope = costs.rows() == 1 ? 0
                                         : static_cast<double>(costs.columns() - 1) /
                                               static_cast<double>(costs.rows() - 1);
  const std::function<double(std::size_t, std::size_t)> from = [&](std::size_t i, std::size_t j) {
    if (std::abs(static_cast<double>(j) - slope * static_cast<double>(i)) > band) {
      return static_cast<double>(INFINITY);
    }
    const bool more_rows = i + 1 < costs.rows();
    const bool more_columns = j + 1 < costs.columns();
    if (!more_rows && !more_columns) return 0.0;
    double best = INFINITY;
    if (more_rows) best = std::min(best, costs(i + 1, j) + from(i + 1, j));
    if (more_columns) best = std::min(best, costs(i, j + 1) + from(i, j + 1));
    if (more_rows && more_columns) {
      best = std::min(best, diagonal * costs(i + 1, j + 1) + from(i + 1, j + 1));
    }
    return best;
  };
  return diagonal * costs(0, 0) + from(0, 0);
}

TEST(Dtw, EqualsBruteForceForEveryStepPatternAndBand) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 60; ++trial) {
    const Costs costs = random_costs(random, 1 + random() % 6, 1 + random() % 6);
    for (const auto steps : {DtwSteps::kSymmetric1, DtwSteps::kSymmetric2}) {
      const double diagonal = steps == DtwSteps::kSymmetric2 ? 2 : 1;
      for (const double band : {100.0, 3.0, 1.0}) {
        const double expected = brute_force(costs, diagonal, band);
        if (std::isinf(expected)) {
          EXPECT_THROW(warp(costs, {steps, band}), SettingsError);
          continue;
        }
        const DtwResult result = warp(costs, {steps, band});
        EXPECT_EQ(result.cost, expected);
        EXPECT_EQ(path_cost(costs, result, diagonal), result.cost);
      }
      EXPECT_EQ(warp(costs, {steps, {}}).cost, brute_force(costs, diagonal, 100));
    }
  }
}

TEST(Dtw, EqualSequencesTakeTheDiagonal) {
  Costs costs(5, 5, 1);
  for (std::size_t i = 0; i < 5; ++i) costs(i, i) = 0;
  const DtwResult result = warp(costs);
  EXPECT_EQ(result.cost, 0);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(result.path[i], std::pair(i, i));
}

TEST(Dtw, TheBandIsReallyApplied) {
  Costs costs(20, 20, 1);
  for (std::size_t i = 0; i < 20; ++i) costs(i, 0) = costs(19, i) = 0;
  EXPECT_EQ(warp(costs).cost, 0);
  const DtwResult banded = warp(costs, {DtwSteps::kSymmetric1, 2.0});
  EXPECT_GT(banded.cost, 0);
  for (const auto& [i, j] : banded.path) {
    EXPECT_LE(std::abs(static_cast<double>(i) - static_cast<double>(j)), 2);
  }
}

TEST(Dtw, RefusesWhatCannotBeWarped) {
  EXPECT_THROW(warp(Costs(0, 3)), DataError);
  EXPECT_THROW(warp(Costs(3, 0)), DataError);
  EXPECT_THROW(warp(Costs(2, 2, NAN)), DataError);
  EXPECT_THROW(warp(Costs(2, 2, -1)), DataError);
  EXPECT_THROW(warp(Costs(2, 2), {DtwSteps::kSymmetric1, -1.0}), SettingsError);
  EXPECT_THROW(warp(Costs(2, 2), {DtwSteps::kSymmetric1, static_cast<double>(NAN)}), SettingsError);
  EXPECT_THROW(warp_time(1 << 20, 1 << 20, [](std::size_t, std::size_t) { return 0.0; }),
               DataError);
}

}  // namespace
}  // namespace hmm
