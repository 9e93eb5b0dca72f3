#include "core/frontend/front_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/frontend/feature_transform.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

std::vector<float> make_samples(std::size_t count) {
  std::mt19937 random(7);
  std::vector<float> samples(count);
  for (std::size_t n = 0; n < count; ++n)
    samples[n] = 0.3F * std::sin(0.1F * static_cast<float>(n)) +
                 static_cast<float>(static_cast<int>(random() % 2001) - 1000) / 20000;
  return samples;
}

Matrix features(const FrontEndConfig& config, std::span<const float> samples, std::size_t piece) {
  FrontEnd front_end(config);
  while (!samples.empty()) {
    const std::size_t count = std::min(piece, samples.size());
    front_end.push(samples.first(count));
    samples = samples.subspan(count);
  }
  front_end.flush();
  return front_end.take();
}

std::vector<FrontEndConfig> kinds() {
  std::vector<FrontEndConfig> configs;
  for (const std::string_view name : preset_names()) configs.push_back(preset(name));
  configs.push_back(preset("kaldi-fbank"));
  configs.back().framing = Framing::mirrored;
  configs.back().energy = EnergyKind::log_energy;
  configs.push_back(preset("sphinx"));
  configs.back().normalization = NormalizationKind::batch;
  configs.back().normalize_variance = true;
  configs.push_back(preset("sphinx-denoise"));
  configs.back().normalization = NormalizationKind::live;
  configs.push_back(preset("kaldi-fbank"));
  configs.back().hop_samples = 1000;  // Gaps between the windows.
  return configs;
}

class AnyKind : public ::testing::TestWithParam<FrontEndConfig> {};

TEST_P(AnyKind, IsTheSameHoweverTheSamplesAreDivided) {
  const std::vector<float> samples = make_samples(20011);
  const Matrix whole = features(GetParam(), samples, samples.size());
  EXPECT_GT(whole.rows(), 10U);
  for (const std::size_t piece : {1, 7, 160, 409, 4095, 4096, 4097, 20010})
    EXPECT_EQ(features(GetParam(), samples, piece), whole) << piece;
}

TEST_P(AnyKind, IsTheSameForIntegersAndFloats) {
  std::vector<int16_t> integers;
  std::vector<float> floats;
  for (const float sample : make_samples(9000)) {
    integers.push_back(static_cast<int16_t>(sample * 32768));
    floats.push_back(static_cast<float>(integers.back()) / 32768);
  }
  FrontEnd front_end(GetParam());
  front_end.push(integers);
  front_end.flush();
  EXPECT_EQ(front_end.take(), features(GetParam(), floats, 512));
}

TEST_P(AnyKind, StartsAnewAfterAFlush) {
  const std::vector<float> samples = make_samples(8000);
  FrontEnd front_end(GetParam());
  front_end.push(samples);
  front_end.flush();
  const Matrix first = front_end.take();
  front_end.push(samples);
  front_end.flush();
  const Matrix second = front_end.take();
  EXPECT_EQ(first.rows(), second.rows());
  if (GetParam().normalization != NormalizationKind::live) {
    EXPECT_EQ(first, second);
  }
  EXPECT_EQ(front_end.frames_taken(), static_cast<int64_t>(2 * first.rows()));
}

TEST_P(AnyKind, ForgetsAllAtReset) {
  const std::vector<float> samples = make_samples(8000);
  FrontEnd front_end(GetParam());
  front_end.push(std::span(samples).subspan(100, 5000));
  front_end.reset();
  EXPECT_EQ(front_end.ready(), 0U);
  EXPECT_EQ(front_end.frames_taken(), 0);
  front_end.push(samples);
  front_end.flush();
  EXPECT_EQ(front_end.take(), features(GetParam(), samples, 8000));
}

TEST_P(AnyKind, WorksOnAnyLength) {
  const std::vector<float> samples = make_samples(2100);
  for (const std::size_t length : {0, 1, 2, 79, 80, 81, 159, 160, 161, 400, 410, 411, 2048, 2100}) {
    const Matrix whole = features(GetParam(), std::span(samples).first(length), length + 1);
    EXPECT_EQ(features(GetParam(), std::span(samples).first(length), 1), whole) << length;
    for (std::size_t t = 0; t < whole.rows(); ++t)
      for (const float value : whole.row(t)) ASSERT_TRUE(std::isfinite(value)) << length;
  }
}

TEST_P(AnyKind, GivesFiniteFramesForSilenceAndForFullScale) {
  for (const float level : {0.0F, 1.0F, 1e6F}) {
    std::vector<float> samples(9000, level);
    for (std::size_t n = 0; n < 4500; n += 2) samples[n] = -level;
    const Matrix frames = features(GetParam(), samples, 1000);
    for (std::size_t t = 0; t < frames.rows(); ++t)
      for (const float value : frames.row(t)) ASSERT_TRUE(std::isfinite(value)) << level;
  }
}

TEST_P(AnyKind, RefusesBadSamplesAndGoesOn) {
  const std::vector<float> samples = make_samples(8000);
  FrontEnd front_end(GetParam());
  front_end.push(std::span(samples).first(3000));
  for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity(), -1e7F}) {
    std::vector<float> piece(700, 0.5F);
    piece[699] = bad;
    EXPECT_THROW(front_end.push(piece), DataError);
  }
  front_end.push(std::span(samples).subspan(3000));
  front_end.flush();
  EXPECT_EQ(front_end.take(), features(GetParam(), samples, 8000));
}

TEST_P(AnyKind, FramesComeOutWhenTheLatencyHasPassed) {
  const FrontEndConfig config = GetParam();
  const bool waits_for_flush = config.normalization == NormalizationKind::batch;
  const std::vector<float> samples = make_samples(12000);
  FrontEnd front_end(config);
  const auto frame = int64_t{2};
  const auto needed =
      static_cast<std::size_t>(frame * config.hop_samples + config.latency_samples());
  front_end.push(std::span(samples).first(needed - 1));
  EXPECT_EQ(front_end.ready(), waits_for_flush ? 0U : 2U);
  front_end.push(std::span(samples).subspan(needed - 1, 1));
  EXPECT_EQ(front_end.ready(), waits_for_flush ? 0U : 3U);
}

INSTANTIATE_TEST_SUITE_P(FrontEnd, AnyKind, ::testing::ValuesIn(kinds()),
                         [](const auto& info) { return "kind" + std::to_string(info.index); });

TEST(FrontEnd, SaysWhichSampleIsBad) {
  FrontEnd front_end(preset("sphinx"));
  std::vector<float> samples(10, 0.0F);
  samples[4] = std::nanf("");
  try {
    front_end.push(samples);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Sample 4 of 10 is nan"));
  }
}

TEST(FrontEnd, TakesAsManyFramesAsThereIsRoomFor) {
  FrontEnd front_end(preset("kaldi-fbank"));
  front_end.push(make_samples(400 + 9 * 160));
  ASSERT_EQ(front_end.ready(), 10U);
  Matrix four(4, 23), wrong(4, 24), none;
  EXPECT_THROW(front_end.take(wrong.view()), DataError);
  EXPECT_EQ(front_end.take(none.view()), 0U);
  EXPECT_EQ(front_end.take(four.view()), 4U);
  EXPECT_EQ(front_end.take(four.view()), 4U);
  EXPECT_EQ(front_end.take(four.view()), 2U);
  EXPECT_EQ(front_end.take(four.view()), 0U);
  EXPECT_EQ(front_end.take().rows(), 0U);
  EXPECT_EQ(front_end.frames_taken(), 10);
}

TEST(FrontEnd, CountsFramesExactly) {
  const auto count = [](const FrontEndConfig& config, std::size_t samples) {
    return features(config, std::vector<float>(samples), 100).rows();
  };
  FrontEndConfig config = preset("kaldi-fbank");
  EXPECT_EQ(count(config, 399), 0U);
  EXPECT_EQ(count(config, 400), 1U);
  EXPECT_EQ(count(config, 559), 1U);
  EXPECT_EQ(count(config, 560), 2U);
  config.framing = Framing::partial;
  EXPECT_EQ(count(config, 0), 0U);
  EXPECT_EQ(count(config, 1), 1U);
  EXPECT_EQ(count(config, 400), 2U);
  config.framing = Framing::centred;
  EXPECT_EQ(count(config, 1), 1U);
  EXPECT_EQ(count(config, 159), 1U);
  EXPECT_EQ(count(config, 160), 2U);
  config.framing = Framing::mirrored;
  EXPECT_EQ(count(config, 79), 0U);
  EXPECT_EQ(count(config, 80), 1U);
  EXPECT_EQ(count(config, 240), 2U);
}

TEST(FrontEnd, StaticPartAndTransformMakeTheSameFrames) {
  for (const NormalizationKind kind :
       {NormalizationKind::none, NormalizationKind::batch, NormalizationKind::live}) {
    FrontEndConfig config = preset("sphinx");
    config.normalization = kind;
    const std::vector<float> samples = make_samples(16000);
    const Matrix statics = features(config.static_part(), samples, 160);
    FeatureTransform transform(config);
    for (std::size_t t = 0; t < statics.rows(); ++t) transform.push(statics.row(t));
    transform.flush();
    Matrix frames(transform.ready(), transform.dimension());
    transform.take(frames.view());
    EXPECT_EQ(frames, features(config, samples, 160));
  }
}

TEST(FrontEnd, NeedsNoMoreMemoryAfterTwentyMinutes) {
  FrontEndConfig config = preset("sphinx-denoise");
  config.normalization = NormalizationKind::live;
  FrontEnd front_end(config);
  const std::vector<float> second = make_samples(16000);
  Matrix frames(200, 39);
  const auto listen = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      front_end.push(second);
      front_end.take(frames.view());
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const long before = listen(10);
  EXPECT_LT(listen(20 * 60) - before, 1024) << "KiB";
  EXPECT_EQ(front_end.ready(), 0U);
}

}  // namespace
}  // namespace hmm
