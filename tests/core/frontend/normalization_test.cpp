#include "core/frontend/normalization.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/base/error.h"

namespace hmm {
namespace {

FrontEndConfig config_of(NormalizationKind kind) {
  FrontEndConfig config;
  config.coefficients = 2;
  config.deltas = DeltaKind::none;
  config.normalization = kind;
  config.initial_mean = {10, -3};
  return config;
}

Matrix random_frames(std::size_t count, float low, float high) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> uniform(low, high);
  Matrix frames(count, 2);
  for (std::size_t t = 0; t < count; ++t)
    for (float& value : frames.row(t)) value = uniform(random);
  return frames;
}

FrameQueue normalize(Normalization& normalization, const Matrix& frames) {
  FrameQueue out(2);
  for (std::size_t t = 0; t < frames.rows(); ++t) normalization.push(frames.row(t), out);
  normalization.flush(out);
  return out;
}

TEST(Normalization, BatchSubtractsTheMeanOfFramesThatCount) {
  const Matrix frames = random_frames(200, -1, 3);
  double mean[2] = {}, counted = 0;
  for (std::size_t t = 0; t < frames.rows(); ++t) {
    if (frames(t, 0) < 0) continue;
    for (std::size_t i = 0; i < 2; ++i) mean[i] += static_cast<double>(frames(t, i));
    ++counted;
  }
  ASSERT_LT(counted, 190);
  Normalization normalization(config_of(NormalizationKind::batch));
  for (int utterance = 0; utterance < 2; ++utterance) {
    const FrameQueue out = normalize(normalization, frames);
    ASSERT_EQ(out.size(), 200U);
    for (std::size_t t = 0; t < 200; ++t)
      for (std::size_t i = 0; i < 2; ++i)
        EXPECT_NEAR(out[t][i], static_cast<double>(frames(t, i)) - mean[i] / counted, 1e-6);
  }
}

TEST(Normalization, BatchOfSilenceUsesAllFrames) {
  Normalization normalization(config_of(NormalizationKind::batch));
  const FrameQueue out = normalize(normalization, random_frames(50, -9, -8));
  double sum = 0;
  for (std::size_t t = 0; t < 50; ++t) sum += static_cast<double>(out[t][0]);
  EXPECT_NEAR(sum, 0, 1e-4);
}

TEST(Normalization, BatchOfNothingIsNothing) {
  Normalization normalization(config_of(NormalizationKind::batch));
  EXPECT_EQ(normalize(normalization, Matrix()).size(), 0U);
}

TEST(Normalization, VarianceBecomesOneAndAConstantStaysFinite) {
  FrontEndConfig config = config_of(NormalizationKind::batch);
  config.normalize_variance = true;
  Matrix frames = random_frames(500, 1, 9);
  for (std::size_t t = 0; t < frames.rows(); ++t) frames(t, 1) = 0.1F;
  Normalization normalization(config);
  const FrameQueue out = normalize(normalization, frames);
  double squares = 0;
  for (std::size_t t = 0; t < out.size(); ++t) {
    squares += std::pow(static_cast<double>(out[t][0]), 2);
    EXPECT_NEAR(out[t][1], 0, 1e-6);
  }
  EXPECT_NEAR(squares / 500, 1, 1e-5);
}

TEST(Normalization, BatchRefusesAStreamWithoutEnd) {
  Normalization normalization(config_of(NormalizationKind::batch));
  FrameQueue out(2);
  const float frame[2] = {1, 1};
  for (std::size_t t = 0; t < Normalization::kMostBatchFrames; ++t) normalization.push(frame, out);
  EXPECT_THROW(normalization.push(frame, out), DataError);
  normalization.flush(out);
  EXPECT_EQ(out.size(), Normalization::kMostBatchFrames);
  EXPECT_NO_THROW(normalization.push(frame, out));
}

TEST(Normalization, LiveFollowsTheRulesOfSphinx) {
  const Matrix frames = random_frames(2000, -1, 20);
  Normalization normalization(config_of(NormalizationKind::live));
  FrameQueue out(2);
  std::vector<double> sum = {10 * 500, -3 * 500}, mean = {10, -3};
  double count = 500;
  int replaced = 0;
  for (std::size_t t = 0; t < frames.rows(); ++t) {
    normalization.push(frames.row(t), out);
    ASSERT_EQ(out.size(), t + 1);
    for (std::size_t i = 0; i < 2; ++i) {
      const double value = static_cast<double>(frames(t, i));
      EXPECT_NEAR(out[t][i], value - mean[i], 1e-5) << t;
      if (frames(t, 0) >= 0) sum[i] += value;
    }
    if (frames(t, 0) >= 0 && ++count > 800) {
      for (std::size_t i = 0; i < 2; ++i) {
        mean[i] = sum[i] / count;
        sum[i] = mean[i] * 500;
      }
      count = 500;
      ++replaced;
    }
  }
  EXPECT_GT(replaced, 4);
}

TEST(Normalization, LiveLearnsAtTheEndOfAnUtteranceUntilReset) {
  Normalization normalization(config_of(NormalizationKind::live));
  Matrix frames(100, 2, 16.0F);
  EXPECT_FLOAT_EQ(normalize(normalization, frames)[0][0], 6);
  EXPECT_FLOAT_EQ(normalize(normalization, frames)[0][0], 5);  // The mean is now 6600 / 600.
  normalization.reset();
  EXPECT_FLOAT_EQ(normalize(normalization, frames)[99][0], 6);
}

TEST(Normalization, RecursiveMeanMovesWithEveryFrame) {
  const Matrix frames = random_frames(2000, -1, 20);
  Normalization normalization(config_of(NormalizationKind::recursive));
  FrameQueue out(2);
  // The same mean written as an explicit sum over all frames that counted, newest weighted 1.
  std::vector<std::size_t> counted;
  for (std::size_t t = 0; t < frames.rows(); ++t) {
    normalization.push(frames.row(t), out);
    if (frames(t, 0) >= 0) counted.push_back(t);
    if (t % 97 != 0 || counted.empty()) continue;
    const std::vector<double> prior = {10, -3};
    for (std::size_t i = 0; i < 2; ++i) {
      double sum = 0, count = 0, weight = 1;
      for (std::size_t k = counted.size(); k-- > 0;) {
        sum += weight * static_cast<double>(frames(counted[k], i));
        count += weight;
        // Forgetting begins when 100 + k frames would be more than 500.
        if (k + 1 > 400) weight *= 499.0 / 500;
      }
      const double mean = (sum + weight * 100 * prior[i]) / (count + weight * 100);
      EXPECT_NEAR(out[t][i], static_cast<double>(frames(t, i)) - mean, 1e-5) << t;
    }
  }
}

TEST(Normalization, RecursiveMeanLastsOverUtterancesUntilReset) {
  Normalization normalization(config_of(NormalizationKind::recursive));
  const Matrix frames(100, 2, 16.0F);
  EXPECT_FLOAT_EQ(normalize(normalization, frames)[99][0], 3);  // (1000 + 1600) / 200 = 13
  EXPECT_LT(normalize(normalization, frames)[0][0], 3);
  normalization.reset();
  EXPECT_FLOAT_EQ(normalize(normalization, frames)[99][0], 3);
}

TEST(Normalization, WithoutAnInitialMeanLiveStartsAtZero) {
  FrontEndConfig config = config_of(NormalizationKind::live);
  config.initial_mean.clear();
  Normalization normalization(config);
  EXPECT_FLOAT_EQ(normalize(normalization, Matrix(3, 2, 4.0F))[2][1], 4);
}

}  // namespace
}  // namespace hmm
