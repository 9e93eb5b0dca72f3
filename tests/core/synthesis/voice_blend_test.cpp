#include "core/synthesis/voice_blend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/base/error.h"
#include "core/model/io/htsvoice.h"
#include "tests/small_voice.h"

namespace hmm {
namespace {

using ::hmm::testing::SmallVoice;
using ::testing::HasSubstr;

std::shared_ptr<const Voice> load(const SmallVoice& kind) {
  const std::string bytes = kind.bytes();
  return std::make_shared<const Voice>(
      read_htsvoice(std::as_bytes(std::span(bytes.data(), bytes.size())), "small.htsvoice"));
}

constexpr const char* kLabel = "x^sil-a+b=a@x/A:1/E:1-2";

TEST(VoiceBlend, OneVoiceGivesItsOwnMeansAndPrecisions) {
  const auto voice = load({});
  const LabelStatistics found = VoiceBlend(voice).look_up(kLabel);
  DensityLookup lookup(voice->streams[0].densities, kLabel);
  const auto density = lookup.density(3);
  for (std::size_t i = 0; i < 27; ++i) {
    EXPECT_EQ(found.streams[0].mean(1, i), static_cast<double>(density[i]));
    EXPECT_NEAR(found.streams[0].precision(1, i) * static_cast<double>(density[27 + i]), 1, 1e-12);
  }
  EXPECT_TRUE(found.matched);
  EXPECT_TRUE(found.in_global_variance);
  EXPECT_FALSE(VoiceBlend(voice).look_up("x^x-sil+a=b").in_global_variance);
}

TEST(VoiceBlend, WeightsMixMeans) {
  const auto one = load({});
  auto changed = std::make_shared<Voice>(*one);
  for (Matrix& densities : changed->streams[0].densities.densities) {
    for (std::size_t i = 0; i < densities.rows(); ++i) {
      for (std::size_t d = 0; d < 27; ++d) densities(i, d) += 4;
    }
  }
  const VoiceBlend blend({one, changed}, {3, 1});
  const LabelStatistics mixed = blend.look_up(kLabel), pure = VoiceBlend(one).look_up(kLabel);
  EXPECT_NEAR(mixed.streams[0].mean(0, 5), pure.streams[0].mean(0, 5) + 1, 1e-6);
  EXPECT_NEAR(mixed.duration_mean[1], pure.duration_mean[1], 1e-12);
}

TEST(VoiceBlend, LabelsThatNoQuestionKnowsAreMarked) {
  EXPECT_FALSE(VoiceBlend(load({})).look_up("hello").matched);
}

TEST(VoiceBlend, UnfitMixturesAreRefused) {
  const auto message_of = [](std::vector<std::shared_ptr<const Voice>> voices,
                             std::vector<double> weights) -> std::string {
    try {
      VoiceBlend(std::move(voices), std::move(weights));
    } catch (const SettingsError& error) {
      return error.what();
    }
    return "no error";
  };
  const auto voice = load({});
  EXPECT_THAT(message_of({}, {}), HasSubstr("needs a weight"));
  EXPECT_THAT(message_of({voice, voice}, {1}), HasSubstr("needs a weight"));
  EXPECT_THAT(message_of({voice, voice}, {0, 0}), HasSubstr("one above 0"));
  EXPECT_THAT(message_of({voice, voice}, {2, -1}), HasSubstr("0 or more"));
  EXPECT_THAT(message_of({voice}, {std::numeric_limits<double>::quiet_NaN()}),
              HasSubstr("0 or more"));
  EXPECT_THAT(message_of({voice, load({.dimension = 8})}, {1, 1}), HasSubstr("cannot be mixed"));
  EXPECT_THAT(message_of({voice, load({.low_pass = true})}, {1, 1}), HasSubstr("cannot be mixed"));
  EXPECT_THAT(message_of({voice, load({.stage = 1})}, {1, 1}), HasSubstr("cannot be mixed"));
  EXPECT_THAT(message_of({voice, load({.global_variance = false})}, {1, 1}),
              HasSubstr("cannot be mixed"));
}

}  // namespace
}  // namespace hmm
