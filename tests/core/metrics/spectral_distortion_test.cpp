#include "core/metrics/spectral_distortion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/base/error.h"

namespace hmm {
namespace {

std::vector<float> noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> samples(size);
  for (float& sample : samples) sample = static_cast<float>(random() % 2001) / 2000 - 0.5f;
  return samples;
}

TEST(SpectralDistortion, AGainOfTwoIsSixDecibelEverywhere) {
  const auto one = noise(16000, 1);
  auto two = one;
  for (float& sample : two) sample *= 2;
  const SpectralDistortion result = spectral_distortion(one, two, 16000);
  EXPECT_NEAR(result.mean, 20 * std::log10(2.0), 1e-4);
  EXPECT_EQ(result.frames, 196u);  // 1 + (16000 - 400) / 80
}

TEST(SpectralDistortion, EqualSignalsAndSilencesDoNotDiffer) {
  const auto signal = noise(8000, 1);
  const std::vector<float> silence(8000);
  EXPECT_EQ(spectral_distortion(signal, signal, 16000).mean, 0);
  EXPECT_EQ(spectral_distortion(silence, silence, 16000).mean, 0);
  EXPECT_GT(spectral_distortion(signal, silence, 16000).mean, 20);
}

TEST(SpectralDistortion, TheFloorIsBelowAFullScaleSine) {
  std::vector<float> sine(16000);
  for (std::size_t t = 0; t < sine.size(); ++t) {
    sine[t] = static_cast<float>(std::sin(2 * M_PI * 1000 * static_cast<double>(t) / 16000));
  }
  const std::vector<float> silence(16000);
  const SpectralDistortionOptions flat{.floor = -1e-9};  // only the peak reaches it
  EXPECT_NEAR(spectral_distortion(sine, silence, 16000, flat).mean, 0, 1e-3);
}

TEST(SpectralDistortion, RefusesWhatDoesNotFit) {
  const auto signal = noise(8000, 1);
  EXPECT_THROW(spectral_distortion(signal, noise(7900, 1), 16000), DataError);
  EXPECT_NO_THROW(spectral_distortion(signal, noise(7950, 1), 16000));
  EXPECT_THROW(spectral_distortion(noise(100, 1), noise(100, 1), 16000), DataError);
  EXPECT_THROW(spectral_distortion(signal, signal, 16000, {.hop = 0}), SettingsError);
  EXPECT_THROW(spectral_distortion(signal, signal, 16000, {.floor = 3}), SettingsError);
  EXPECT_THROW(spectral_distortion(signal, signal, NAN), SettingsError);
}

}  // namespace
}  // namespace hmm
