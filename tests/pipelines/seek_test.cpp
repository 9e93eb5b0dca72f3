// Seeks in whole pipelines: what comes right afterwards has the right times.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/pipelines/pipeline.h"

namespace hmm::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr GstClockTime kEnd = 7100 * GST_MSECOND;  // of the recording

std::string speech_pipeline(const char* sink = "fakesink") {
  return wav_source(kSpeech) + " ! " + decoder() + " ! " + sink;
}

bool seek(Pipeline& pipeline, int flags, GstClockTime start, GstClockTime stop) {
  return gst_element_seek(pipeline.get(), 1.0, GST_FORMAT_TIME, static_cast<GstSeekFlags>(flags),
                          GST_SEEK_TYPE_SET, static_cast<gint64>(start), GST_SEEK_TYPE_SET,
                          static_cast<gint64>(stop)) == TRUE;
}

/// A stretch without holes on the frames' grid; its ends are as given, within the last frame.
void expect_stretch(const std::vector<Piece>& pieces, GstClockTime start, GstClockTime end) {
  ASSERT_THAT(pieces, Not(IsEmpty()));
  const GstClockTime last = pieces.back().start + pieces.back().duration;
  expect_covered(pieces, start, last);
  expect_on_grid(pieces, start);
  EXPECT_NEAR(static_cast<double>(last), static_cast<double>(end), 25.0 * GST_MSECOND);
}

/// Pieces from the first that begins at `start` after others on.
std::vector<Piece> take_from(std::vector<Piece>& pieces, GstClockTime start) {
  for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
    if (piece->start != start) continue;
    const std::vector<Piece> rest(piece, pieces.end());
    pieces.erase(piece, pieces.end());
    return rest;
  }
  return {};
}

/// Waits for the end of a segment. Its source says so on the bus before it does downstream.
std::vector<Piece> until_segment_done(Pipeline& pipeline, GstClockTime stop) {
  EXPECT_EQ(pipeline.wait_for(GST_MESSAGE_SEGMENT_DONE), GST_MESSAGE_SEGMENT_DONE);
  std::vector<Piece> pieces;
  for (int i = 0; i < 1000; ++i) {
    const auto more = pipeline.take_pieces();
    pieces.insert(pieces.end(), more.begin(), more.end());
    if (!pieces.empty() &&
        pieces.back().start + pieces.back().duration + 25 * GST_MSECOND >= stop) {
      break;
    }
    g_usleep(10000);
  }
  return pieces;
}

/// What the recording without its first `samples` gives, moved to where they end.
std::vector<Piece> without_beginning(std::size_t samples, GstClockTime start) {
  const OutputFolder folder;
  const auto path = folder.path() / "rest.raw";
  std::ifstream in(kSpeech, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(44 + 2 * samples));
  std::ofstream(path, std::ios::binary) << in.rdbuf();
  Pipeline pipeline("filesrc location=" + path.string() +
                    " ! rawaudioparse sample-rate=16000 num-channels=1 ! " + decoder() +
                    " ! fakesink");
  EXPECT_TRUE(pipeline.play());
  auto pieces = pipeline.take_pieces();
  for (Piece& piece : pieces) piece.start += start;
  return pieces;
}

TEST(Seek, FlushingGivesWhatTheRecordingCutThereWould) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("rawaudioparse");
  for (const std::size_t milliseconds : {1234u, 3000u, 4567u}) {
    const GstClockTime start = milliseconds * GST_MSECOND;
    const auto expected = without_beginning(milliseconds * 16, start);
    for (const GstState state : {GST_STATE_PAUSED, GST_STATE_PLAYING}) {
      SCOPED_TRACE(std::to_string(milliseconds) + gst_element_state_get_name(state));
      Pipeline pipeline(speech_pipeline());
      ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
      gst_element_set_state(pipeline.get(), state);
      ASSERT_TRUE(
          seek(pipeline, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, start, GST_CLOCK_TIME_NONE));
      ASSERT_TRUE(pipeline.play()) << ::testing::PrintToString(pipeline.errors);
      auto pieces = pipeline.take_pieces();
      const auto rest = take_from(pieces, start);
      expect_stretch(rest, start, kEnd);
      EXPECT_EQ(rest, expected);
      // Running time starts anew at a flushing seek.
      const StateMessage& last = pipeline.states.back();
      EXPECT_EQ(last.running_time, last.timestamp - start);
      EXPECT_EQ(last.stream_time, last.timestamp);
    }
  }
}

TEST(Seek, AStretchEndsWhereItWasToldTo) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(speech_pipeline());
  ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
  ASSERT_TRUE(seek(pipeline, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 2 * GST_SECOND,
                   3500 * GST_MSECOND));
  ASSERT_TRUE(pipeline.play());
  auto pieces = pipeline.take_pieces();
  expect_stretch(take_from(pieces, 2 * GST_SECOND), 2 * GST_SECOND, 3500 * GST_MSECOND);
}

TEST(Seek, WithoutFlushWhatWasHeardIsGivenOutFirst) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(speech_pipeline("fakesink sync=false"));
  ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
  ASSERT_EQ(gst_element_set_state(pipeline.get(), GST_STATE_PLAYING), GST_STATE_CHANGE_SUCCESS);
  const bool sought = seek(pipeline, GST_SEEK_FLAG_NONE, 4 * GST_SECOND, GST_CLOCK_TIME_NONE);
  ASSERT_EQ(pipeline.wait_for(GST_MESSAGE_EOS), GST_MESSAGE_EOS);
  if (!sought) GTEST_SKIP() << "the recording had ended before the seek";
  auto pieces = pipeline.take_pieces();
  const auto rest = take_from(pieces, 4 * GST_SECOND);
  expect_stretch(rest, 4 * GST_SECOND, kEnd);
  ASSERT_THAT(pieces, Not(IsEmpty()));
  const GstClockTime heard = pieces.back().start + pieces.back().duration;
  expect_stretch(pieces, 0, heard);
  // Running time goes on.
  GstClockTime running = 0;
  for (const StateMessage& state : pipeline.states) {
    EXPECT_GE(state.running_time + 25 * GST_MSECOND, running);
    running = std::max(running, state.running_time + state.duration);
  }
}

TEST(Seek, SegmentsEndOnSegmentDoneAndMayLoop) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(speech_pipeline());
  ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
  ASSERT_TRUE(
      seek(pipeline, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT, GST_SECOND, 2 * GST_SECOND));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  auto pieces = until_segment_done(pipeline, 2 * GST_SECOND);
  const auto first = take_from(pieces, GST_SECOND);
  expect_stretch(first, GST_SECOND, 2 * GST_SECOND);
  for (int loop = 0; loop < 3; ++loop) {
    ASSERT_TRUE(seek(pipeline, GST_SEEK_FLAG_SEGMENT, GST_SECOND, 2 * GST_SECOND));
    const auto again = until_segment_done(pipeline, 2 * GST_SECOND);
    expect_stretch(again, GST_SECOND, 2 * GST_SECOND);
    EXPECT_GE(agreement(again, first, GST_SECOND, 2 * GST_SECOND), 0.6);
  }
  ASSERT_TRUE(seek(pipeline, GST_SEEK_FLAG_NONE, 6 * GST_SECOND, GST_CLOCK_TIME_NONE));
  ASSERT_EQ(pipeline.wait_for(GST_MESSAGE_EOS), GST_MESSAGE_EOS);
  expect_stretch(pipeline.take_pieces(), 6 * GST_SECOND, kEnd);
}

TEST(Seek, BackwardsIsRefused) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(speech_pipeline());
  ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
  EXPECT_FALSE(gst_element_seek(pipeline.get(), -1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, gint64{2 * GST_SECOND}));
  EXPECT_TRUE(pipeline.play());
}

TEST(Seek, PastTheEndEndsTheStream) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(speech_pipeline());
  ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
  seek(pipeline, GST_SEEK_FLAG_FLUSH, 100 * GST_SECOND, GST_CLOCK_TIME_NONE);
  EXPECT_TRUE(pipeline.play());
}

}  // namespace
}  // namespace hmm::testing
