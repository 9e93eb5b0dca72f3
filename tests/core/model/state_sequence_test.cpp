#include "core/model/state_sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using Path = std::vector<int32_t>;

TEST(StateSequence, SegmentsInTimeOrder) {
  EXPECT_THAT(segments_of(Path{2, 2, 0, 0, 0, 2}),
              ElementsAre(Segment{2, 0, 2}, Segment{0, 2, 3}, Segment{2, 5, 1}));
  EXPECT_THAT(segments_of(Path{4}), ElementsAre(Segment{4, 0, 1}));
  EXPECT_TRUE(segments_of({}).empty());
}

TEST(StateSequence, AnalysisCountsByHand) {
  const std::vector<Path> paths = {{0, 0, 1, 3, 3}, {2, 1}, {}};
  const SequenceAnalysis analysis = analyze(paths, 5);
  EXPECT_EQ(analysis.sequences, 3);
  EXPECT_EQ(analysis.frames, 7);
  EXPECT_EQ(analysis.transitions, 5);
  EXPECT_DOUBLE_EQ(analysis.self_loop_ratio, 0.4);
  EXPECT_DOUBLE_EQ(analysis.forward_ratio, 0.2);
  EXPECT_DOUBLE_EQ(analysis.skip_ratio, 0.2);
  EXPECT_DOUBLE_EQ(analysis.backward_ratio, 0.2);
  EXPECT_DOUBLE_EQ(analysis.mean_duration, 1.4);
  EXPECT_NEAR(analysis.deviation_duration, 0.4899, 1e-4);
  EXPECT_EQ(analysis.states[1].visits, 2);
  EXPECT_DOUBLE_EQ(analysis.states[0].mean_duration, 2);
  EXPECT_EQ(analysis.states[3].longest, 2);
  EXPECT_EQ(analysis.states[4].visits, 0);
  EXPECT_EQ(analysis.states[4].mean_duration, 0);
}

TEST(StateSequence, NothingGivesZerosAndNoDivisionByZero) {
  const SequenceAnalysis analysis = analyze({}, 2);
  EXPECT_EQ(analysis.transitions, 0);
  EXPECT_EQ(analysis.self_loop_ratio, 0);
  EXPECT_EQ(analysis.mean_duration, 0);
}

TEST(StateSequence, StatesThatDoNotExistAreNamed) {
  const std::vector<Path> impossible = {{0, 1}, {-1, -1}};
  EXPECT_THROW(analyze(impossible, 2), DataError);
  const std::vector<Path> beyond = {{0, 2}};
  try {
    analyze(beyond, 2);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "frame 1 of sequence 0 is in state 2, which does not exist");
  }
}

}  // namespace
}  // namespace hmm
