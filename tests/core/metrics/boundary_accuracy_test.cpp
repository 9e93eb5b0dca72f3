#include "core/metrics/boundary_accuracy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kMs = 1'000'000;

/// Labels that follow each other: each name with its end in ms.
Tier tier(std::initializer_list<std::pair<const char*, int64_t>> ends, int64_t start = 0) {
  Tier result{"phone", {}};
  for (const auto& [name, end] : ends) {
    result.labels.push_back({start * kMs, end * kMs, name, {}});
    start = end;
  }
  return result;
}

TEST(BoundariesOf, LeavesOutTheEdgesAndMarksSilence) {
  const auto silences = default_silences();
  const auto found =
      boundaries_of(tier({{"SIL", 100}, {"a", 200}, {"b", 300}, {"", 400}}), silences);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].time, 100 * kMs);
  EXPECT_TRUE(found[0].at_silence);
  EXPECT_FALSE(found[1].at_silence);
  EXPECT_TRUE(found[2].at_silence);
  EXPECT_THAT(boundaries_of(tier({{"a", 1}}), silences), IsEmpty());
  EXPECT_THAT(boundaries_of(Tier{}, silences), IsEmpty());
}

TEST(BoundariesOf, AGapIsSilence) {
  Tier gap = tier({{"a", 100}});
  gap.labels.push_back({150 * kMs, 300 * kMs, "b", {}});
  const auto found = boundaries_of(gap, default_silences());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].time, 100 * kMs);
  EXPECT_EQ(found[1].time, 150 * kMs);
  EXPECT_TRUE(found[0].at_silence && found[1].at_silence);
}

TEST(BoundariesOf, NeighbouringSilencesHaveNoneBetweenThem) {
  EXPECT_EQ(
      boundaries_of(tier({{"a", 1}, {"sil", 2}, {"sp", 3}, {"b", 4}}), default_silences()).size(),
      2u);
}

TEST(DetectBoundaries, EqualsTheHandComputedCase) {
  // 100 meets 110; 200 meets 195 only once although 205 is near too; 300 has nothing; 500 is extra.
  const int64_t reference[] = {100, 200, 300};
  const int64_t hypothesis[] = {110, 195, 205, 500};
  const BoundaryDetection d = detect_boundaries(reference, hypothesis, 20);
  EXPECT_EQ(d.hits, 2u);
  EXPECT_DOUBLE_EQ(d.precision(), 0.5);
  EXPECT_DOUBLE_EQ(d.recall(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(d.f1(), 4.0 / 7);
  const double over = 1.0 / 3, missed = 1.0 / 3;
  EXPECT_DOUBLE_EQ(
      d.r_value(),
      1 - (std::sqrt(missed * missed + over * over) + (missed + over) / std::sqrt(2)) / 2);
}

TEST(DetectBoundaries, TheToleranceIsInclusiveAndExact) {
  const int64_t reference[] = {100};
  const int64_t hypothesis[] = {120};
  EXPECT_EQ(detect_boundaries(reference, hypothesis, 20).hits, 1u);
  EXPECT_EQ(detect_boundaries(reference, hypothesis, 19).hits, 0u);
}

TEST(DetectBoundaries, ManyHypothesesOnOneReferenceGiveOneHit) {
  const int64_t reference[] = {100};
  const std::vector<int64_t> hypothesis(50, 100);
  const BoundaryDetection d = detect_boundaries(reference, hypothesis, 20);
  EXPECT_EQ(d.hits, 1u);
  EXPECT_DOUBLE_EQ(d.precision(), 0.02);
  EXPECT_LT(d.r_value(), 0);
}

TEST(DetectBoundaries, PerfectAndEmptyCases) {
  const int64_t some[] = {1, 2};
  EXPECT_EQ(detect_boundaries(some, some, 0).r_value(), 1);
  EXPECT_EQ(detect_boundaries({}, {}, 0).f1(), 1);
  EXPECT_EQ(detect_boundaries({}, {}, 0).r_value(), 1);
  EXPECT_EQ(detect_boundaries(some, {}, 0).f1(), 0);
  EXPECT_EQ(detect_boundaries({}, some, 0).precision(), 0);
  EXPECT_EQ(detect_boundaries({}, some, 0).r_value(), 0);
}

TEST(DetectBoundaries, FindsTheLargestMatching) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<int64_t> lists[2];
    for (auto& list : lists) {
      for (auto count = random() % 7; count > 0; --count) list.push_back(random() % 40);
      std::sort(list.begin(), list.end());
    }
    // The largest matching that keeps the order, by exhaustion.
    const std::function<std::size_t(std::size_t, std::size_t)> best = [&](std::size_t r,
                                                                          std::size_t h) {
      if (r == lists[0].size() || h == lists[1].size()) return std::size_t{0};
      std::size_t most = std::max(best(r + 1, h), best(r, h + 1));
      if (std::abs(lists[0][r] - lists[1][h]) <= 5) most = std::max(most, 1 + best(r + 1, h + 1));
      return most;
    };
    EXPECT_EQ(detect_boundaries(lists[0], lists[1], 5).hits, best(0, 0));
  }
}

TEST(CompareBoundaries, EqualsTheHandComputedCase) {
  const Tier reference = tier({{"sil", 100}, {"a", 200}, {"b", 300}, {"c", 400}, {"sil", 500}});
  const Tier hypothesis = tier({{"sil", 110}, {"a", 195}, {"b", 330}, {"c", 460}, {"sil", 500}});
  const BoundaryReport report = compare_boundaries(reference, hypothesis);
  EXPECT_THAT(report.all.errors.errors, ElementsAre(10, -5, 30, 60));
  EXPECT_THAT(report.speech.errors.errors, ElementsAre(-5, 30));
  EXPECT_THAT(report.silence.errors.errors, ElementsAre(10, 60));
  const BoundaryErrors& errors = report.all.errors;
  EXPECT_EQ(errors.boundaries, 4u);
  EXPECT_DOUBLE_EQ(errors.share_within(5), 0.25);
  EXPECT_DOUBLE_EQ(errors.share_within(10), 0.5);
  EXPECT_DOUBLE_EQ(errors.share_within(20), 0.5);
  EXPECT_DOUBLE_EQ(errors.share_within(50), 0.75);
  EXPECT_DOUBLE_EQ(errors.share_within(100), 1);
  EXPECT_DOUBLE_EQ(errors.signed_errors().mean, 23.75);
  EXPECT_DOUBLE_EQ(errors.signed_errors().median, 20);
  EXPECT_DOUBLE_EQ(errors.signed_errors().mean_absolute, 26.25);
  EXPECT_DOUBLE_EQ(errors.median_absolute(), 20);
  EXPECT_EQ(report.all.detection.hits, 2u);
  EXPECT_EQ(report.speech.detection.hits, 1u);
  EXPECT_EQ(report.speech.detection.reference, 2u);
  EXPECT_EQ(report.silence.detection.hits, 1u);
}

TEST(CompareBoundaries, TheToleranceOptionCounts) {
  const Tier reference = tier({{"a", 100}, {"b", 200}});
  const Tier hypothesis = tier({{"a", 130}, {"b", 200}});
  EXPECT_EQ(compare_boundaries(reference, hypothesis).all.detection.hits, 0u);
  EXPECT_EQ(compare_boundaries(reference, hypothesis, {30 * kMs, {}}).all.detection.hits, 1u);
}

TEST(CompareBoundaries, TheSilencesOptionCounts) {
  const Tier both = tier({{"noise", 100}, {"a", 200}});
  EXPECT_EQ(compare_boundaries(both, both).silence.errors.boundaries, 0u);
  EXPECT_EQ(compare_boundaries(both, both, {0, {"NOISE"}}).silence.errors.boundaries, 1u);
}

TEST(CompareBoundaries, ABoundaryThatTheHypothesisLacksIsCountedAsOutside) {
  const Tier reference = tier({{"a", 100}, {"b", 200}, {"c", 300}});
  const Tier hypothesis = tier({{"a", 100}, {"c", 300}});
  const BoundaryReport report = compare_boundaries(reference, hypothesis);
  EXPECT_EQ(report.all.errors.boundaries, 2u);
  EXPECT_THAT(report.all.errors.errors, IsEmpty());
  EXPECT_EQ(report.all.errors.share_within(100), 0);
  EXPECT_EQ(report.all.detection.hits, 1u);
  EXPECT_DOUBLE_EQ(report.all.detection.recall(), 0.5);
}

TEST(CompareBoundaries, OtherNamesForTheSamePhonesStillAlign) {
  const Tier reference = tier({{"AA1", 100}, {"B", 200}});
  const Tier hypothesis = tier({{"aa", 105}, {"b", 200}});
  EXPECT_THAT(compare_boundaries(reference, hypothesis).all.errors.errors, ElementsAre(5));
}

TEST(CompareBoundaries, ReportsAddUp) {
  BoundaryReport sum;
  const Tier a = tier({{"a", 100}, {"b", 200}});
  sum += compare_boundaries(a, a);
  sum += compare_boundaries(a, tier({{"a", 140}, {"b", 200}}));
  EXPECT_EQ(sum.all.detection.hits, 1u);
  EXPECT_DOUBLE_EQ(sum.all.errors.signed_errors().mean, 20);
}

TEST(CompareBoundaries, RefusesDisorderAndBadTolerance) {
  Tier backwards = tier({{"a", 100}, {"b", 200}});
  std::swap(backwards.labels[0], backwards.labels[1]);
  EXPECT_THROW(compare_boundaries(backwards, backwards), DataError);
  EXPECT_THROW(compare_boundaries({}, {}, {-1, {}}), SettingsError);
  EXPECT_EQ(compare_boundaries({}, {}).all.errors.boundaries, 0u);
}

}  // namespace
}  // namespace hmm
