#include "core/metrics/label_alignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Tier tier(const std::string& letters) {
  Tier result{"t", {}};
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto start = static_cast<int64_t>(i) * 100;
    result.labels.push_back({start, start + 100, letters.substr(i, 1), {}});
  }
  return result;
}

constexpr std::nullopt_t kNone = std::nullopt;

TEST(AlignLabels, PairsInsertsAndDeletes) {
  EXPECT_THAT(align_labels(tier("abc"), tier("abc")),
              ElementsAre(LabelPair{0, 0}, LabelPair{1, 1}, LabelPair{2, 2}));
  EXPECT_THAT(align_labels(tier("abc"), tier("ac")),
              ElementsAre(LabelPair{0, 0}, LabelPair{1, kNone}, LabelPair{2, 1}));
  EXPECT_THAT(align_labels(tier("ac"), tier("abc")),
              ElementsAre(LabelPair{0, 0}, LabelPair{kNone, 1}, LabelPair{1, 2}));
  EXPECT_THAT(align_labels(tier("axc"), tier("ayc")),
              ElementsAre(LabelPair{0, 0}, LabelPair{1, 1}, LabelPair{2, 2}));
  EXPECT_THAT(align_labels(tier(""), tier("a")), ElementsAre(LabelPair{kNone, 0}));
  EXPECT_THAT(align_labels(tier(""), tier("")), IsEmpty());
}

TEST(AlignLabels, OfEqualLabelsTheNearerOneIsTaken) {
  Tier late = tier("a");
  late.labels[0].start = 90;
  EXPECT_THAT(align_labels(tier("aa"), late), ElementsAre(LabelPair{0, kNone}, LabelPair{1, 0}));
  late.labels[0].start = 10;
  EXPECT_THAT(align_labels(tier("aa"), late), ElementsAre(LabelPair{0, 0}, LabelPair{1, kNone}));
}

TEST(AlignLabels, RefusesWhatWouldNotFitInMemory) {
  const Tier huge = tier(std::string(11'000, 'a'));
  EXPECT_THROW(align_labels(huge, huge), DataError);
}

}  // namespace
}  // namespace hmm
