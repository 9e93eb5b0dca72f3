// hmmstreamdecode: what it gives out, and that this depends on the frames alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/plugins/decode_harness.h"

namespace hmm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Every nanosecond from `start` to `end` is covered exactly once.
void expect_covered(const std::vector<Piece>& pieces, GstClockTime start, GstClockTime end) {
  GstClockTime position = start;
  for (const Piece& piece : pieces) {
    ASSERT_EQ(piece.start, position) << piece.text;
    position += piece.duration;
  }
  EXPECT_EQ(position, end);
}

std::string spoken(const std::vector<Piece>& pieces) {
  std::string text;
  for (const Piece& piece : pieces) text += piece.text.empty() ? "" : piece.text + " ";
  return text;
}

/// Where the last label ends: the end of the last frame's share of the time, half a window on.
GstClockTime end_of(std::size_t frames) { return frames * kHop + 7812500; }

TEST(StreamDecode, WritesThePhonesOfARecordingInTime) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness;
  harness.start();
  EXPECT_EQ(harness.push_in_pieces(frames, 10), GST_FLOW_OK);
  EXPECT_TRUE(harness.end());
  const auto pieces = harness.pull();
  expect_covered(pieces, 0, end_of(frames.rows()));
  // "go forward ten meters"
  EXPECT_THAT(spoken(pieces), AllOf(HasSubstr("G OW"), HasSubstr("F "), HasSubstr("T ")));
  EXPECT_THAT(harness.errors(), IsEmpty());
}

TEST(StreamDecode, ResultsDoNotDependOnTheSplitting) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  std::vector<Piece> expected;
  std::vector<std::string> expected_messages;
  for (const std::size_t size : {frames.rows(), std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
    DecodeHarness harness;
    harness.start();
    harness.push_in_pieces(frames, size, 5 * GST_SECOND);
    harness.end();
    const auto pieces = harness.pull();
    const auto messages = harness.messages("hmm-state");
    if (expected.empty()) {
      expected = pieces;
      expected_messages = messages;
      EXPECT_THAT(messages, Not(IsEmpty()));
    }
    EXPECT_EQ(pieces, expected) << size;
    EXPECT_EQ(messages, expected_messages) << size;
  }
}

TEST(StreamDecode, StateMessagesCarryTimesAndPosteriors) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness({{"interval", "50000000"}});
  harness.start();
  harness.push_in_pieces(frames, 3, GST_SECOND);
  harness.end();
  guint64 position = GST_SECOND;
  int states = 0;
  while (GstMessage* message = gst_bus_pop(harness.bus())) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT &&
        gst_message_has_name(message, "hmm-state")) {
      guint64 timestamp, running, stream, duration, latency;
      gdouble confidence, log_likelihood;
      gint state;
      gchar *label, *commit;
      const GstStructure* fields = gst_message_get_structure(message);
      EXPECT_TRUE(gst_structure_get(
          fields, "timestamp", G_TYPE_UINT64, &timestamp, "running-time", G_TYPE_UINT64, &running,
          "stream-time", G_TYPE_UINT64, &stream, "duration", G_TYPE_UINT64, &duration, "latency",
          G_TYPE_UINT64, &latency, "confidence", G_TYPE_DOUBLE, &confidence, "log-likelihood",
          G_TYPE_DOUBLE, &log_likelihood, "state", G_TYPE_INT, &state, "label", G_TYPE_STRING,
          &label, "commit", G_TYPE_STRING, &commit, nullptr));
      EXPECT_EQ(timestamp, position);
      EXPECT_EQ(running, position);
      EXPECT_EQ(stream, position);
      EXPECT_LE(duration, 58 * GST_MSECOND);
      EXPECT_LE(latency, 300 * GST_MSECOND);
      EXPECT_GE(confidence, 0.0);
      EXPECT_LE(confidence, 1.0 + 1e-6);
      EXPECT_THAT(std::string(commit), ::testing::AnyOf("exact", "forced"));
      position += duration;
      ++states;
      g_free(label);
      g_free(commit);
    }
    gst_message_unref(message);
  }
  EXPECT_GT(states, 50);
  EXPECT_EQ(position, GST_SECOND + end_of(frames.rows()));
}

TEST(StreamDecode, FlushForgetsTheStreamAndKeepsTheModel) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness;
  harness.start();
  harness.push_in_pieces(frames, 10);
  harness.end();
  const auto expected = harness.pull();

  DecodeHarness flushed;
  flushed.start();
  flushed.push_in_pieces(frames.view().slice(0, 77), 10);
  flushed.push_event(gst_event_new_flush_start());
  flushed.push_event(gst_event_new_flush_stop(TRUE));
  flushed.pull();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  flushed.push_event(gst_event_new_segment(&segment));
  flushed.push_in_pieces(frames, 10);
  flushed.end();
  EXPECT_EQ(flushed.pull(), expected);
}

TEST(StreamDecode, ADiscontinuityEndsTheUtterance) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness;
  harness.start();
  harness.push_in_pieces(frames.view().slice(0, 100), 10);
  harness.push_in_pieces(frames.view().slice(100, 100), 10, 3 * GST_SECOND);
  harness.end();
  auto pieces = harness.pull();
  const auto later = std::find_if(pieces.begin(), pieces.end(),
                                  [](const Piece& piece) { return piece.start >= 3 * GST_SECOND; });
  expect_covered({pieces.begin(), later}, 0, end_of(100));
  expect_covered({later, pieces.end()}, 3 * GST_SECOND, 3 * GST_SECOND + end_of(100));
}

TEST(StreamDecode, AGapComesAfterTheResultsBeforeIt) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness;
  harness.start();
  harness.push_in_pieces(frames.view().slice(0, 100), 10);
  harness.push_event(gst_event_new_gap(2 * GST_SECOND, GST_SECOND));
  const auto pieces = harness.pull();
  ASSERT_THAT(pieces, Not(IsEmpty()));
  EXPECT_EQ(pieces.back(), (Piece{2 * GST_SECOND, GST_SECOND, ""}));
  expect_covered({pieces.begin(), pieces.end() - 1}, 0, end_of(100));
}

TEST(StreamDecode, LongPhonesAreGivenOutInTime) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  // One frame of a vowel held for three seconds.
  const Matrix frames = recorded_frames();
  Matrix held;
  for (int i = 0; i < 300; ++i) held.append_row(frames.row(60));
  DecodeHarness harness({{"latency", "500"}});
  harness.start();
  GstClockTime seen = 0;
  for (std::size_t t = 0; t < held.rows(); ++t) {
    harness.push(held.view().slice(t, 1), t * kHop);
    for (const Piece& piece : harness.pull()) {
      EXPECT_LE(t * kHop, piece.start + 500 * GST_MSECOND) << piece.text;
      seen = std::max(seen, piece.start + piece.duration);
    }
  }
  EXPECT_GT(seen, 2 * GST_SECOND);
}

TEST(StreamDecode, FramesPassOnWithTheirStates) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness;
  GstHarness* features = gst_harness_new_with_element(harness.element(), nullptr, "features_src");
  harness.start();
  harness.push_in_pieces(frames, 9);
  harness.end();
  std::vector<float> passed;
  int64_t annotated = 0;
  while (GstBuffer* buffer = gst_harness_try_pull(features)) {
    EXPECT_EQ(GST_BUFFER_PTS(buffer), passed.size() / 39 * kHop);
    std::vector<float> values(gst_buffer_get_size(buffer) / sizeof(float));
    gst_buffer_extract(buffer, 0, values.data(), values.size() * sizeof(float));
    passed.insert(passed.end(), values.begin(), values.end());
    GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, "HmmStateMeta");
    ASSERT_NE(meta, nullptr);
    const GValue* states = gst_structure_get_value(gst_custom_meta_get_structure(meta), "states");
    for (guint i = 0; i < gst_value_array_get_size(states); ++i) {
      gint count = 0;
      gst_structure_get_int(gst_value_get_structure(gst_value_array_get_value(states, i)), "frames",
                            &count);
      annotated += count;
    }
    gst_buffer_unref(buffer);
  }
  EXPECT_EQ(passed, std::vector<float>(frames.data(), frames.data() + frames.rows() * 39));
  EXPECT_EQ(annotated, static_cast<int64_t>(frames.rows()));
  gst_harness_teardown(features);
}

TEST(StreamDecode, ReportsStatistics) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness({{"stats-interval", "500000000"}});
  harness.start();
  harness.push_in_pieces(frames, 10);
  harness.end();
  EXPECT_THAT(harness.messages("hmm-stats"), SizeIs(frames.rows() / 50 + 1));
  GstStructure* stats = nullptr;
  g_object_get(harness.element(), "stats", &stats, nullptr);
  guint64 counted = 0, latency = 0;
  gdouble factor = 0;
  EXPECT_TRUE(gst_structure_get(stats, "frames", G_TYPE_UINT64, &counted, "latency-max",
                                G_TYPE_UINT64, &latency, "real-time-factor", G_TYPE_DOUBLE, &factor,
                                nullptr));
  EXPECT_EQ(counted, frames.rows());
  EXPECT_LE(latency, 300 * GST_MSECOND);
  EXPECT_GT(factor, 0);
  gst_structure_free(stats);
}

TEST(StreamDecode, AddsItsLatencyWhenLiveOnly) {
  SKIP_WITHOUT(kModel);
  for (const bool live : {false, true}) {
    DecodeHarness harness({{"latency", "700"}});
    gst_harness_set_live(harness.get(), live);
    harness.start();
    if (live) gst_harness_set_upstream_latency(harness.get(), 20 * GST_MSECOND);
    EXPECT_EQ(gst_harness_query_latency(harness.get()), live ? 720 * GST_MSECOND : 0);
  }
}

TEST(StreamDecode, TakesTensorsToo) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness;
  gst_harness_set_src_caps_str(harness.get(),
                               "other/tensors, format=static, num_tensors=1, types=float32, "
                               "dimensions=(string)39:1:1:1, framerate=100/1");
  EXPECT_EQ(harness.push_in_pieces(frames, 1), GST_FLOW_OK);
  harness.end();
  expect_covered(harness.pull(), 0, end_of(frames.rows()));
}

TEST(StreamDecode, LatenessShiftsTheTexts) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  DecodeHarness harness({{"lateness", "2000"}});
  harness.start();
  harness.push_in_pieces(frames, 10);
  harness.end();
  expect_covered(harness.pull(), 2 * GST_SECOND, 2 * GST_SECOND + end_of(frames.rows()));
}

TEST(StreamDecode, PlaysAgainAndAgain) {
  SKIP_WITHOUT(kModel);
  SKIP_WITHOUT(kRecording);
  const Matrix frames = recorded_frames();
  GstElement* element = gst_element_factory_make("hmmstreamdecode", nullptr);
  std::vector<Piece> first;
  for (int round = 0; round < 3; ++round) {
    DecodeHarness harness(GST_ELEMENT(gst_object_ref(element)));
    harness.start();
    harness.push_in_pieces(frames, 10);
    harness.end();
    const auto pieces = harness.pull();
    if (round == 0) first = pieces;
    EXPECT_EQ(pieces, first) << round;
    EXPECT_THAT(harness.errors(), IsEmpty());
    gst_element_set_state(element, GST_STATE_NULL);
  }
  gst_object_unref(element);
}

}  // namespace
}  // namespace hmm::testing
