#include "core/metrics/caption_timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kMs = 1'000'000;

const Tier kReference{"caption",
                      {{0, 1000 * kMs, "Hello there,\nmy friend.", {}},
                       {1000 * kMs, 2000 * kMs, "It's late.", {}},
                       {2000 * kMs, 2500 * kMs, "...", {}},
                       {2500 * kMs, 3000 * kMs, "Good night!", {}}}};

TEST(CaptionTiming, EqualsTheHandComputedCase) {
  const Tier hypothesis{"caption",
                        {{120 * kMs, 900 * kMs, "hello there my friends", {}},
                         {950 * kMs, 1100 * kMs, "(music)", {}},
                         {2450 * kMs, 3100 * kMs, "good night", {}}}};
  const CaptionTiming timing = compare_captions(kReference, hypothesis);
  EXPECT_EQ(timing.reference, 3u);
  EXPECT_EQ(timing.hypothesis, 3u);
  EXPECT_THAT(timing.onsets, ElementsAre(120, -50));
  EXPECT_THAT(timing.offsets, ElementsAre(-100, 100));
  EXPECT_EQ(timing.missing(), 1u);
  EXPECT_EQ(timing.extra(), 1u);
}

TEST(CaptionTiming, EqualFilesAreOnTime) {
  EXPECT_THAT(compare_captions(kReference, kReference).onsets, ElementsAre(0, 0, 0));
}

TEST(CaptionTiming, LikenessIsDiceOfTheWords) {
  EXPECT_DOUBLE_EQ(text_likeness("a b b c", "B a d"), 2.0 * 2 / 7);
  EXPECT_EQ(text_likeness("It's É!", "it's é"), 1);
  EXPECT_EQ(text_likeness("-", ""), 1);
  EXPECT_EQ(text_likeness("a", ""), 0);
}

TEST(CaptionTiming, TheLeastLikenessDecidesWhatIsPaired) {
  const Tier other{"caption", {{0, 1, "hello you", {}}}};
  EXPECT_EQ(compare_captions(kReference, other, 0.5).onsets.size(), 0u);
  EXPECT_EQ(compare_captions(kReference, other, 0.3).onsets.size(), 1u);
}

TEST(CaptionTiming, NothingAndDisorder) {
  EXPECT_EQ(compare_captions({}, kReference).extra(), 3u);
  EXPECT_EQ(compare_captions(kReference, {}).missing(), 3u);
  EXPECT_THROW(compare_captions({"c", {{2, 1, "a", {}}}}, kReference), DataError);
}

}  // namespace
}  // namespace hmm
