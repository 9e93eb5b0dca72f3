#include "core/synthesis/trajectory_solver.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace hmm {
namespace {

const std::vector<DynamicWindow> kWindows = {
    {0, {1.0}}, {1, {-0.5, 0.0, 0.5}}, {1, {1.0, -2.0, 1.0}}};
const std::vector<DynamicWindow> kLongWindows = {
    {0, {2.0}}, {2, {-0.2, -0.1, 0.0, 0.1, 0.2}}, {1, {-1.0, 1.0}}};

struct Statistics {
  std::vector<std::vector<double>> mean, precision;  // [T][W*D]
};

Statistics random_statistics(std::size_t n_frame, std::size_t width) {
  std::mt19937 random(static_cast<unsigned>(n_frame));
  std::normal_distribution<double> mean;
  std::uniform_real_distribution<double> precision(0.1, 30);
  Statistics made;
  for (std::size_t t = 0; t < n_frame; ++t) {
    made.mean.emplace_back(width);
    made.precision.emplace_back(width);
    for (double& value : made.mean.back()) value = mean(random);
    for (double& value : made.precision.back()) value = precision(random);
  }
  return made;
}

/// W'PW c = W'P mean of one dimension as a dense system, by Gaussian elimination with pivoting.
std::vector<double> solve_densely(const Statistics& data, const std::vector<DynamicWindow>& windows,
                                  std::size_t n_dimension, std::size_t d,
                                  const std::vector<std::size_t>& segment_of) {
  const std::size_t n = data.mean.size();
  std::vector<std::vector<double>> a(n, std::vector<double>(n + 1));
  for (std::size_t t = 0; t < n; ++t) {
    for (std::size_t k = 0; k < windows.size(); ++k) {
      const auto& c = windows[k].coefficients;
      const auto first =
          static_cast<std::ptrdiff_t>(t) - static_cast<std::ptrdiff_t>(windows[k].left);
      const auto last = first + static_cast<std::ptrdiff_t>(c.size()) - 1;
      if (first < 0 || last >= static_cast<std::ptrdiff_t>(n)) continue;
      const auto f = static_cast<std::size_t>(first);
      if (segment_of[f] != segment_of[static_cast<std::size_t>(last)]) continue;
      const double p = data.precision[t][k * n_dimension + d];
      for (std::size_t i = 0; i < c.size(); ++i) {
        a[f + i][n] += c[i] * p * data.mean[t][k * n_dimension + d];
        for (std::size_t j = 0; j < c.size(); ++j) a[f + i][f + j] += c[i] * p * c[j];
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i; r < n; ++r) {
      if (std::fabs(a[r][i]) > std::fabs(a[pivot][i])) pivot = r;
    }
    std::swap(a[i], a[pivot]);
    for (std::size_t r = i + 1; r < n; ++r) {
      const double factor = a[r][i] / a[i][i];
      for (std::size_t c = i; c <= n; ++c) a[r][c] -= factor * a[i][c];
    }
  }
  std::vector<double> x(n);
  for (std::size_t i = n; i-- > 0;) {
    x[i] = a[i][n];
    for (std::size_t c = i + 1; c < n; ++c) x[i] -= a[i][c] * x[c];
    x[i] /= a[i][i];
  }
  return x;
}

TEST(TrajectorySolver, SolvesWhatADenseSolverSolves) {
  for (const auto& windows : {kWindows, kLongWindows}) {
    for (const std::size_t n_frame : {1u, 2u, 3u, 4u, 7u, 40u}) {
      const Statistics data = random_statistics(n_frame, 3 * 5);
      TrajectorySolver solver(windows, 5, n_frame);
      for (std::size_t t = 0; t < n_frame; ++t) solver.push(data.mean[t], data.precision[t]);
      const BasicMatrix<double> trajectory = solver.solve();
      for (std::size_t d = 0; d < 5; ++d) {
        const auto expected =
            solve_densely(data, windows, 5, d, std::vector<std::size_t>(n_frame, 0));
        for (std::size_t t = 0; t < n_frame; ++t) {
          ASSERT_NEAR(trajectory(t, d), expected[t], 1e-9) << n_frame << " frames, frame " << t;
        }
      }
    }
  }
}

TEST(TrajectorySolver, NoWindowReachesOverAnEdge) {
  const Statistics data = random_statistics(30, 3);
  std::vector<std::size_t> segment_of(30);
  TrajectorySolver solver(kWindows, 1, 30);
  for (std::size_t t = 0; t < 30; ++t) {
    const bool edge = t == 1 || t == 9 || t == 11 || t == 29;
    segment_of[t] = t == 0 ? 0 : segment_of[t - 1] + (edge ? 1 : 0);
    if (edge) solver.start_segment();
    solver.push(data.mean[t], data.precision[t]);
  }
  const auto expected = solve_densely(data, kWindows, 1, 0, segment_of);
  const BasicMatrix<double> trajectory = solver.solve();
  for (std::size_t t = 0; t < 30; ++t) EXPECT_NEAR(trajectory(t, 0), expected[t], 1e-9) << t;
}

TEST(TrajectorySolver, EstimateIsTheSolutionOfTheFramesSoFar) {
  const Statistics data = random_statistics(50, 3 * 2);
  TrajectorySolver streaming(kWindows, 2, 8);
  for (std::size_t t = 0; t < 50; ++t) {
    streaming.push(data.mean[t], data.precision[t]);
    TrajectorySolver whole(kWindows, 2, t + 1);
    for (std::size_t i = 0; i <= t; ++i) whole.push(data.mean[i], data.precision[i]);
    const BasicMatrix<double> expected = whole.solve();
    for (std::size_t back = 0; back < 8 && back <= t; ++back) {
      double values[2];
      streaming.estimate(t - back, values);
      EXPECT_NEAR(values[0], expected(t - back, 0), 1e-12);
      EXPECT_NEAR(values[1], expected(t - back, 1), 1e-12);
    }
  }
}

TEST(TrajectorySolver, LongerLookAheadComesCloser) {
  const Statistics data = random_statistics(300, 3);
  TrajectorySolver whole(kWindows, 1, 300);
  for (std::size_t t = 0; t < 300; ++t) whole.push(data.mean[t], data.precision[t]);
  const BasicMatrix<double> expected = whole.solve();
  double last = 1e9;
  for (const std::size_t look_ahead : {1u, 4u, 16u, 64u}) {
    TrajectorySolver streaming(kWindows, 1, look_ahead + 1);
    double error = 0;
    for (std::size_t t = 0; t < 300; ++t) {
      streaming.push(data.mean[t], data.precision[t]);
      if (t < look_ahead) continue;
      double value = 0;
      streaming.estimate(t - look_ahead, {&value, 1});
      error = std::max(error, std::fabs(value - expected(t - look_ahead, 0)));
    }
    EXPECT_LT(error, last);
    last = error;
  }
  EXPECT_LT(last, 1e-9);
}

TEST(TrajectorySolver, ExtremePrecisionsStayFinite) {
  TrajectorySolver solver(kWindows, 1, 20);
  for (int t = 0; t < 20; ++t) {
    const double precision[] = {1e-18, 1e38, t % 2 == 0 ? 1e38 : 1e-18};
    const double mean[] = {1.0, 0.0, 0.0};
    solver.push(mean, precision);
  }
  const BasicMatrix<double> trajectory = solver.solve();
  for (std::size_t t = 0; t < 20; ++t) EXPECT_TRUE(std::isfinite(trajectory(t, 0))) << t;
}

}  // namespace
}  // namespace hmm
