#include "core/model/factories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/error.h"
#include "core/model/topology/builder.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;

TEST(Factories, RecognitionSpellsItsLabels) {
  const Hmm model = recognition_model({"sil", "yes", "no"}, {.dimension = 13, .components = 2});
  EXPECT_EQ(model.states(), 9);
  EXPECT_EQ(dimension_of(model.emission), 13);
  EXPECT_THAT(model.graph.label_of, ElementsAre(0, 0, 0, 1, 1, 1, 2, 2, 2));
  EXPECT_THAT(model.graph.starts_unit, ElementsAre(1, 0, 0, 1, 0, 0, 1, 0, 0));
  EXPECT_THAT(model.graph.filler, ElementsAre(1, 0, 0));
  EXPECT_NO_THROW(model.validate());
}

TEST(Factories, KoreanSynthesisModel) {
  const auto phones = korean_phones();
  EXPECT_EQ(phones.size(), 28u);
  EXPECT_EQ(std::set<std::string>(phones.begin(), phones.end()).size(), phones.size());
  const Hsmm model = synthesis_model(phones);
  EXPECT_NO_THROW(model.validate());
  EXPECT_EQ(model.hmm.states(), 28);
  EXPECT_EQ(dimension_of(model.hmm.emission), 80);
  EXPECT_NEAR(expected_duration(model.durations[5]), 10, 0.1);
  for (const auto& arc : model.hmm.graph.transitions.arcs) EXPECT_NE(arc.source, arc.target);
  Random random(1);
  EXPECT_EQ(sample(model, 500, random).frames.rows(), 500u);
}

TEST(Factories, RealtimeModelIsSparse) {
  const Hmm model = realtime_model(6, {.dimension = 20});
  EXPECT_NO_THROW(model.validate());
  EXPECT_EQ(model.graph.transitions.arcs.size(), 12u);
}

TEST(Factories, StylesOfSpeech) {
  for (const char* style : {"normal", "slow", "fast", "emotional"}) {
    EXPECT_TRUE(topology::faults_of(speech_topology(5, style)).empty()) << style;
  }
  EXPECT_THROW(speech_topology(5, "loud"), SettingsError);
}

TEST(Factories, TheSameSeedGivesTheSameModel) {
  const auto means = [](uint64_t seed) {
    const Hmm model = realtime_model(2, {.dimension = 3, .seed = seed});
    return std::get<compute::GaussianMixtures>(model.emission).means;
  };
  EXPECT_EQ(means(1), means(1));
  EXPECT_NE(means(1), means(2));
}

TEST(Factories, WrongRequestsAreRefused) {
  EXPECT_THROW(recognition_model({}), SettingsError);
  EXPECT_THROW(synthesis_model({}), SettingsError);
  EXPECT_THROW(synthesis_model({"a"}), SettingsError);
  EXPECT_THROW(realtime_model(0), SettingsError);
  EXPECT_THROW(realtime_model(3, {.dimension = 0}), SettingsError);
  EXPECT_THROW(recognition_model({"a"}, {.components = -1}), SettingsError);
  EXPECT_THROW(recognition_model({"a"}, {.dimension = 2'000'000'000}), SettingsError);
}

}  // namespace
}  // namespace hmm
