#include "core/frontend/deltas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace hmm {
namespace {

using Rows = std::vector<std::vector<double>>;

FrontEndConfig config_of(DeltaKind kind, int order = 2, int window = 2) {
  FrontEndConfig config;
  config.coefficients = 3;
  config.deltas = kind;
  config.delta_order = order;
  config.delta_window = window;
  return config;
}

Matrix random_frames(std::size_t count) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  Matrix frames(count, 3);
  for (std::size_t t = 0; t < count; ++t)
    for (float& value : frames.row(t)) value = normal(random);
  return frames;
}

/// All frames at once, in double, straight from the definition.
Rows append_slopes(const Matrix& frames, int order, int window) {
  const int count = static_cast<int>(frames.rows());
  Rows level(frames.rows()), result(frames.rows());
  for (std::size_t t = 0; t < frames.rows(); ++t)
    result[t] = level[t] = {frames.row(t).begin(), frames.row(t).end()};
  for (int o = 0; o < order; ++o) {
    Rows next(level.size(), std::vector<double>(3));
    for (int t = 0; t < count; ++t)
      for (std::size_t i = 0; i < 3; ++i) {
        double numerator = 0, denominator = 0;
        for (int k = -window; k <= window; ++k) {
          numerator += k * level[static_cast<std::size_t>(std::clamp(t + k, 0, count - 1))][i];
          denominator += k * k;
        }
        next[static_cast<std::size_t>(t)][i] = numerator / denominator;
      }
    level = next;
    for (std::size_t t = 0; t < level.size(); ++t)
      result[t].insert(result[t].end(), level[t].begin(), level[t].end());
  }
  return result;
}

Rows append_sphinx(const Matrix& frames) {
  const int last = static_cast<int>(frames.rows()) - 1;
  Rows result(frames.rows());
  for (int t = 0; t <= last; ++t) {
    const auto c = [&](int offset, std::size_t i) -> double {
      return frames(static_cast<std::size_t>(std::clamp(t + offset, 0, last)), i);
    };
    std::vector<double>& row = result[static_cast<std::size_t>(t)];
    for (std::size_t i = 0; i < 3; ++i) row.push_back(c(0, i));
    for (std::size_t i = 0; i < 3; ++i) row.push_back(c(2, i) - c(-2, i));
    for (std::size_t i = 0; i < 3; ++i) row.push_back((c(3, i) - c(-1, i)) - (c(1, i) - c(-3, i)));
  }
  return result;
}

void expect_frames(const FrontEndConfig& config, const Matrix& frames, const Rows& expected) {
  Deltas deltas(config);
  FrameQueue out(static_cast<std::size_t>(config.dimension()));
  for (int utterance = 0; utterance < 2; ++utterance) {
    for (std::size_t t = 0; t < frames.rows(); ++t) {
      deltas.push(frames.row(t), out);
      const int waiting = static_cast<int>(t) + 1 - config.look_ahead_frames();
      EXPECT_EQ(static_cast<int>(out.size()), std::max(waiting, 0));
    }
    deltas.flush(out);
    ASSERT_EQ(out.size(), frames.rows());
    for (std::size_t t = 0; t < expected.size(); ++t)
      for (std::size_t i = 0; i < expected[t].size(); ++i)
        EXPECT_NEAR(out[t][i], expected[t][i], 1e-5) << t << " " << i;
    out.clear();
  }
}

TEST(Deltas, SphinxMatchesItsDefinitionAtEveryLength) {
  for (std::size_t count = 0; count <= 12; ++count) {
    const Matrix frames = random_frames(count);
    expect_frames(config_of(DeltaKind::sphinx), frames, append_sphinx(frames));
  }
}

TEST(Deltas, RegressionMatchesItsDefinitionAtEveryLength) {
  for (const int order : {1, 2, 3})
    for (const int window : {1, 2, 4})
      for (std::size_t count = 0; count <= 15; ++count) {
        const Matrix frames = random_frames(count);
        expect_frames(config_of(DeltaKind::regression, order, window), frames,
                      append_slopes(frames, order, window));
      }
}

TEST(Deltas, NoneCopies) {
  const Matrix frames = random_frames(5);
  expect_frames(config_of(DeltaKind::none), frames, append_slopes(frames, 0, 1));
}

TEST(Deltas, ResetDropsTheUtterance) {
  const Matrix frames = random_frames(5);
  Deltas deltas(config_of(DeltaKind::sphinx));
  FrameQueue out(9);
  for (std::size_t t = 0; t < 3; ++t) deltas.push(frames.row(t), out);
  deltas.reset();
  deltas.flush(out);
  EXPECT_EQ(out.size(), 0U);
}

}  // namespace
}  // namespace hmm
