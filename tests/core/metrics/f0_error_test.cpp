#include "core/metrics/f0_error.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"

namespace hmm {
namespace {

TEST(F0Error, EqualsTheHandComputedCase) {
  const float reference[] = {100, 200, 0, 0, 100, 400};
  const float hypothesis[] = {110, 180, 0, 90, 0, 200};
  const F0Error e = measure_f0(pair_f0(reference, hypothesis, F0Scale::kHertz));
  EXPECT_EQ(e.frames, 6u);
  EXPECT_EQ(e.voiced_in_both, 3u);
  EXPECT_EQ(e.false_voiced, 1u);
  EXPECT_EQ(e.false_unvoiced, 1u);
  EXPECT_DOUBLE_EQ(e.voicing_error, 2.0 / 6);
  EXPECT_DOUBLE_EQ(e.rmse_hertz, std::sqrt((100 + 400 + 40000) / 3.0));
  EXPECT_DOUBLE_EQ(e.bias_hertz, -70);
  const double logs =
      std::pow(std::log(1.1), 2) + std::pow(std::log(0.9), 2) + std::pow(std::log(0.5), 2);
  EXPECT_NEAR(e.rmse_log, std::sqrt(logs / 3), 1e-12);
  EXPECT_NEAR(e.rmse_cents, 1200 * std::sqrt(logs / 3) / std::log(2.0), 1e-9);
  EXPECT_DOUBLE_EQ(e.gross_error, 1.0 / 3);
}

TEST(F0Error, AnOctaveIs1200Cents) {
  const float reference[] = {100, 150};
  const float hypothesis[] = {200, 300};
  EXPECT_NEAR(measure_f0(pair_f0(reference, hypothesis, F0Scale::kHertz)).rmse_cents, 1200, 1e-9);
}

TEST(F0Error, LogTracksMeanTheSame) {
  const float reference[] = {std::log(100.0f), -1e10f};
  const float hypothesis[] = {std::log(110.0f), -1e10f};
  const F0Error e = measure_f0(pair_f0(reference, hypothesis, F0Scale::kLogHertz));
  EXPECT_EQ(e.voiced_in_both, 1u);
  EXPECT_EQ(e.voicing_error, 0);
  EXPECT_NEAR(e.rmse_hertz, 10, 1e-3);
}

TEST(F0Error, NoVoicedFrameInCommonIsZeroAndCounted) {
  const float reference[] = {100, 0};
  const float hypothesis[] = {0, 100};
  const F0Error e = measure_f0(pair_f0(reference, hypothesis, F0Scale::kHertz));
  EXPECT_EQ(e.voiced_in_both, 0u);
  EXPECT_EQ(e.rmse_hertz, 0);
  EXPECT_EQ(e.voicing_error, 1);
}

TEST(F0Error, LengthsMayDifferByTheSlackOnly) {
  const float longer[] = {100, 100, 100};
  const float shorter[] = {100, 100};
  EXPECT_THROW(pair_f0(longer, shorter, F0Scale::kHertz), DataError);
  EXPECT_EQ(pair_f0(longer, shorter, F0Scale::kHertz, 1).reference.size(), 2u);
  EXPECT_THROW(measure_f0({}), DataError);
}

}  // namespace
}  // namespace hmm
