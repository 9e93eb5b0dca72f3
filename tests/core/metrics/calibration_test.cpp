#include "core/metrics/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"

namespace hmm {
namespace {

TEST(Calibration, EqualsTheHandComputedCase) {
  // Bins [0, 0.5): 0.2 wrong, 0.4 right; [0.5, 1]: 0.9 right, 1.0 right, 0.8 wrong.
  const ScoredDecision decisions[] = {
      {0.2, false}, {0.4, true}, {0.9, true}, {1.0, true}, {0.8, false}};
  const Calibration result = measure_calibration(decisions, 2);
  EXPECT_EQ(result.count, 5u);
  EXPECT_DOUBLE_EQ(result.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(result.mean_confidence, 0.66);
  EXPECT_EQ(result.bins[0].count, 2u);
  EXPECT_DOUBLE_EQ(result.bins[0].accuracy, 0.5);
  EXPECT_DOUBLE_EQ(result.bins[0].mean_confidence, 0.3);
  EXPECT_EQ(result.bins[1].count, 3u);
  EXPECT_DOUBLE_EQ(result.bins[1].accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(result.bins[1].mean_confidence, 0.9);
  EXPECT_NEAR(result.expected_calibration_error, 0.4 * 0.2 + 0.6 * (0.9 - 2.0 / 3), 1e-15);
  EXPECT_NEAR(result.maximum_calibration_error, 0.9 - 2.0 / 3, 1e-15);
  EXPECT_NEAR(result.brier_score, (0.04 + 0.36 + 0.01 + 0 + 0.64) / 5, 1e-15);
}

TEST(Calibration, HonestConfidencesHaveNoError) {
  std::vector<ScoredDecision> decisions;
  for (int i = 0; i < 10; ++i) decisions.push_back({0.7, i < 7});
  EXPECT_NEAR(measure_calibration(decisions).expected_calibration_error, 0, 1e-15);
  EXPECT_NEAR(*normalized_cross_entropy(decisions), 0, 1e-12);
}

TEST(Calibration, CrossEntropyIsOneForPerfectKnowledge) {
  const ScoredDecision perfect[] = {{1, true}, {0, false}};
  EXPECT_NEAR(*normalized_cross_entropy(perfect), 1, 1e-6);
  const ScoredDecision all_right[] = {{0.5, true}};
  EXPECT_FALSE(normalized_cross_entropy(all_right));
  EXPECT_FALSE(normalized_cross_entropy({}));
}

TEST(Calibration, RefusesWhatIsNoConfidence) {
  for (const double bad : {-0.1, 1.1, std::nan("")}) {
    const ScoredDecision decisions[] = {{bad, true}};
    EXPECT_THROW(measure_calibration(decisions), DataError) << bad;
  }
  EXPECT_THROW(measure_calibration({}), DataError);
  const ScoredDecision decisions[] = {{0.5, true}};
  EXPECT_THROW(measure_calibration(decisions, 0), SettingsError);
}

}  // namespace
}  // namespace hmm
