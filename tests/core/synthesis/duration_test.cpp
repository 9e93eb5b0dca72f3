#include "core/synthesis/duration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "core/base/error.h"
#include "core/synthesis/duration_planner.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;

/// Searches all states for every frame to move, as the method is stated.
std::vector<uint32_t> move_frames_one_by_one(const std::vector<double>& means,
                                             const std::vector<double>& variances, uint64_t total) {
  std::vector<uint32_t> durations(means.size(), 1);
  if (total <= means.size()) return durations;
  const double rho =
      (static_cast<double>(total) - std::accumulate(means.begin(), means.end(), 0.0)) /
      std::accumulate(variances.begin(), variances.end(), 0.0);
  uint64_t sum = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    durations[i] =
        static_cast<uint32_t>(std::max(1.0, std::floor(means[i] + rho * variances[i] + 0.5)));
    sum += durations[i];
  }
  while (sum != total) {
    const int step = sum < total ? 1 : -1;
    std::size_t best = means.size();
    double best_cost = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      if (step < 0 && durations[i] == 1) continue;
      const double cost = std::fabs(rho - (durations[i] + step - means[i]) / variances[i]);
      if (best == means.size() || cost < best_cost) {
        best = i;
        best_cost = cost;
      }
    }
    durations[best] = static_cast<uint32_t>(static_cast<int64_t>(durations[best]) + step);
    sum = static_cast<uint64_t>(static_cast<int64_t>(sum) + step);
  }
  return durations;
}

TEST(Duration, MostLikelyIsTheRoundedMeanAndAtLeastOne) {
  const double means[] = {-3.0, 0.2, 1.49, 1.5, 7.6};
  EXPECT_THAT(most_likely_durations(means), ElementsAre(1, 1, 1, 2, 8));
}

TEST(Duration, GivenTotalsAgreeWithTheStatedSearch) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> mean(-1, 12), variance(0.05, 20);
  for (int i = 0; i < 500; ++i) {
    std::vector<double> means(1 + random() % 30), variances(means.size());
    for (double& m : means) m = mean(random);
    for (double& v : variances) v = variance(random);
    const uint64_t total = random() % (means.size() * 15);
    const auto durations = durations_of_total(means, variances, total);
    ASSERT_EQ(durations, move_frames_one_by_one(means, variances, total)) << i;
    const auto sum = std::accumulate(durations.begin(), durations.end(), uint64_t{0});
    ASSERT_EQ(sum, std::max<uint64_t>(total, means.size()));
  }
}

TEST(Duration, ImpossibleLengthsAreRefused) {
  const double endless[] = {1e12};
  const double nan[] = {std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THROW(most_likely_durations(endless), DataError);
  EXPECT_THROW(most_likely_durations(nan), DataError);
  EXPECT_THROW(round_frames(1e300), DataError);
}

LabelStatistics states(std::vector<double> means) {
  LabelStatistics statistics;
  statistics.duration_variance.assign(means.size(), 1.0);
  statistics.duration_mean = std::move(means);
  return statistics;
}

TEST(DurationPlanner, RoundingIsCarriedToTheNextLabel) {
  DurationPlanner planner(3.0);
  uint64_t sum = 0;
  for (int i = 0; i < 300; ++i) {
    for (const uint32_t d : planner.add({"a", {}, {}}, states({4.0, 3.1}))) sum += d;
    EXPECT_NEAR(static_cast<double>(sum), (i + 1) * 7.1 / 3.0, 0.51);
  }
}

TEST(DurationPlanner, LabelsWithoutTimeWaitForTheNextTime) {
  DurationPlanner planner(1.0, 1.0 / 50000);
  EXPECT_TRUE(planner.add({"a", 0, {}}, states({5, 5})).empty());
  const auto durations = planner.add({"b", {}, 1000000}, states({5, 5}));
  EXPECT_THAT(durations, ElementsAre(5, 5, 5, 5));
  EXPECT_TRUE(planner.add({"c", {}, {}}, states({4, 2})).empty());
  EXPECT_THAT(planner.finish(), ElementsAre(4, 2));
}

TEST(DurationPlanner, NoTimesAtAllIsAFault) {
  DurationPlanner planner(1.0, 1.0 / 50000);
  planner.add({"a", {}, {}}, states({5, 5}));
  EXPECT_THROW(planner.finish(), DataError);
  EXPECT_THROW(DurationPlanner(0.0), SettingsError);
  EXPECT_THROW(DurationPlanner(std::numeric_limits<double>::quiet_NaN()), SettingsError);
}

}  // namespace
}  // namespace hmm
