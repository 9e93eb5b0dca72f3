#include "core/metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/error.h"

namespace hmm {
namespace {

TEST(Bootstrap, EqualSystemsDoNotDiffer) {
  const std::vector<PairedErrors> utterances(50, {2, 10, 2, 10});
  const BootstrapResult result = paired_bootstrap(utterances);
  EXPECT_DOUBLE_EQ(result.rate_a, 0.2);
  EXPECT_EQ(result.difference, 0);
  EXPECT_EQ(result.low, 0);
  EXPECT_EQ(result.high, 0);
  EXPECT_EQ(result.probability_of_improvement, 0);
}

TEST(Bootstrap, AClearGainIsFound) {
  std::vector<PairedErrors> utterances;
  for (int i = 0; i < 100; ++i) utterances.push_back({3 + i % 3, 10, 1 + i % 2, 10});
  const BootstrapResult result = paired_bootstrap(utterances);
  EXPECT_LT(result.high, 0);
  EXPECT_GT(result.low, -1);
  EXPECT_EQ(result.probability_of_improvement, 1);
}

TEST(Bootstrap, TheIntervalIsThatOfTheNormalApproximation) {
  // The difference of an utterance is -1 or +1 word in 1; its mean over n has deviation 1 / sqrt n.
  std::vector<PairedErrors> utterances;
  for (int i = 0; i < 400; ++i) utterances.push_back({i % 2, 1, 1 - i % 2, 1});
  const BootstrapResult result = paired_bootstrap(utterances);
  EXPECT_NEAR(result.low, -1.96 / 20, 0.006);
  EXPECT_NEAR(result.high, 1.96 / 20, 0.006);
  EXPECT_NEAR(result.probability_of_improvement, 0.5, 0.03);
}

TEST(Bootstrap, TheSeedDecides) {
  std::vector<PairedErrors> utterances;
  for (int i = 0; i < 40; ++i) utterances.push_back({i % 5, 10, i % 4, 10});
  const BootstrapOptions options{100, 0.9, 7};
  EXPECT_EQ(paired_bootstrap(utterances, options).low, paired_bootstrap(utterances, options).low);
  EXPECT_NE(paired_bootstrap(utterances, options).low,
            paired_bootstrap(utterances, {100, 0.9, 8}).low);
}

TEST(Bootstrap, RefusesWhatHasNoInterval) {
  const std::vector<PairedErrors> utterances(2, {1, 10, 1, 10});
  EXPECT_THROW(paired_bootstrap({}), DataError);
  EXPECT_THROW(paired_bootstrap(std::vector<PairedErrors>(2, {1, 0, 1, 0})), DataError);
  EXPECT_THROW(paired_bootstrap(utterances, {0, 0.95, 1}), SettingsError);
  EXPECT_THROW(paired_bootstrap(utterances, {10, 1, 1}), SettingsError);
  EXPECT_THROW(paired_bootstrap(utterances, {10, std::nan(""), 1}), SettingsError);
}

}  // namespace
}  // namespace hmm
