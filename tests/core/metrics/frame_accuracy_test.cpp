#include "core/metrics/frame_accuracy.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/metrics/boundary_accuracy.h"

namespace hmm {
namespace {

const Tier kReference{"p", {{0, 30, "sil", {}}, {30, 60, "a", {}}, {60, 100, "b", {}}}};
const Tier kHypothesis{"p", {{0, 20, "pau", {}}, {20, 70, "a", {}}, {80, 100, "b", {}}}};

TEST(FrameAccuracy, EqualsTheHandComputedCase) {
  // Centres 5 15 25 | 35 45 55 | 65 75 85 95: wrong at 25 (a), 65 (a) and 75 (nothing).
  const FrameAccuracy result = compare_frames(kReference, kHypothesis, 10, default_silences());
  EXPECT_EQ(result.frames, 10);
  EXPECT_EQ(result.correct, 7);
  EXPECT_DOUBLE_EQ(result.accuracy(), 0.7);
}

TEST(FrameAccuracy, SilenceCanBeLeftOut) {
  const FrameAccuracy result =
      compare_frames(kReference, kHypothesis, 10, default_silences(), true);
  EXPECT_EQ(result.frames, 7);
  EXPECT_EQ(result.correct, 5);
}

TEST(FrameAccuracy, NothingToCompareIsZero) {
  EXPECT_EQ(compare_frames({}, kHypothesis, 10, {}).accuracy(), 0);
  EXPECT_EQ(compare_frames(kReference, {}, 10, {}).correct, 0);
}

TEST(FrameAccuracy, RefusesABadPeriodAndDisorder) {
  EXPECT_THROW(compare_frames(kReference, kHypothesis, 0, {}), SettingsError);
  EXPECT_THROW(compare_frames(kReference, {"p", {{9, 5, "a", {}}}}, 10, {}), DataError);
  EXPECT_THROW(compare_frames({"p", {{0, 1'000'000'000'000, "a", {}}}}, {}, 1, {}), DataError);
}

}  // namespace
}  // namespace hmm
