// hmmmelfeatures: discontinuities, gaps, segments, flushes, states.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "tests/plugins/feature_harness.h"

namespace hmm::testing {
namespace {

std::vector<float> sphinx_values(std::span<const int16_t> samples) {
  return front_end_values(preset("sphinx"), samples);
}

std::vector<float> joined(std::vector<float> head, const std::vector<float>& tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

std::vector<int16_t> part(const std::vector<int16_t>& samples, std::size_t begin, std::size_t end) {
  return {samples.begin() + static_cast<std::ptrdiff_t>(begin),
          samples.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// PTS of the buffers that are marked DISCONT.
std::vector<GstClockTime> starts(const std::vector<FrameBuffer>& buffers) {
  std::vector<GstClockTime> times;
  for (const auto& buffer : buffers) {
    if (buffer.discont) times.push_back(buffer.pts);
  }
  return times;
}

bool contains(const std::vector<GstEventType>& events, GstEventType type) {
  return std::ranges::find(events, type) != events.end();
}

const std::vector<int16_t> kSamples = noise(16000);

class TwoUtterances : public ::testing::Test {
 protected:
  const std::vector<int16_t> head = part(kSamples, 0, 5000), tail = part(kSamples, 5000, 16000);
  const std::vector<float> apart = joined(sphinx_values(head), sphinx_values(tail));
  FeatureHarness harness;
};

TEST_F(TwoUtterances, ADiscontinuityDrainsAndStartsAnew) {
  harness.start();
  harness.push(head, 0);
  harness.push(tail, GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), apart);
  EXPECT_EQ(starts(buffers), (std::vector<GstClockTime>{0, GST_SECOND}));
}

TEST_F(TwoUtterances, AResyncFlagIsADiscontinuityToo) {
  harness.start();
  harness.push(head, 0);
  harness.push(tail, 312500 * GST_USECOND, GST_BUFFER_FLAG_RESYNC);
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), apart);
}

TEST_F(TwoUtterances, AnEmptyBufferCarriesItsDiscontinuity) {
  harness.start();
  harness.push(head, 0);
  harness.push(std::vector<int16_t>(), GST_CLOCK_TIME_NONE, GST_BUFFER_FLAG_DISCONT);
  harness.push(tail, GST_SECOND);
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), apart);
}

TEST_F(TwoUtterances, ADiscontinuityWithoutATimestampIsAnError) {
  harness.start();
  harness.push(head, 0);
  EXPECT_EQ(harness.push(tail, GST_CLOCK_TIME_NONE, GST_BUFFER_FLAG_DISCONT), GST_FLOW_ERROR);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"timestamp"});
}

TEST_F(TwoUtterances, TimestampsThatJumpAreADiscontinuity) {
  g_object_set(harness.element(), "discont-wait", guint64{0}, nullptr);
  harness.start();
  harness.push(head, 0);
  harness.push(tail, GST_SECOND);
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), apart);
  EXPECT_EQ(starts(buffers), (std::vector<GstClockTime>{0, GST_SECOND}));
}

TEST(MelFeaturesEvents, TimestampsThatStrayALittleDoNot) {
  FeatureHarness harness({{"discont-wait", "0"}});
  harness.start();
  for (std::size_t n = 0; n < kSamples.size(); n += 1600) {
    const GstClockTime stray = n / 1600 % 2 * 30 * GST_MSECOND;
    harness.push(part(kSamples, n, n + 1600), n / 16 * GST_MSECOND + stray);
  }
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), sphinx_values(kSamples));
  EXPECT_EQ(starts(buffers), std::vector<GstClockTime>{0});
}

TEST(MelFeaturesEvents, TimestampsMustStrayForAsLongAsDiscontWait) {
  FeatureHarness harness({{"discont-wait", "300000000"}});
  harness.start();
  for (std::size_t n = 0; n < 8; ++n) {
    const GstClockTime stray = n < 2 ? 0 : 50 * GST_MSECOND;
    harness.push(part(kSamples, n * 1600, n * 1600 + 1600), n * 100 * GST_MSECOND + stray);
  }
  harness.end();
  EXPECT_EQ(starts(harness.pull()), (std::vector<GstClockTime>{0, 550 * GST_MSECOND}));
}

TEST_F(TwoUtterances, AGapDrainsIsForwardedAndStartsAnew) {
  harness.start();
  harness.push(head, 0);
  harness.pull_events();
  const std::size_t before = all_values(harness.pull()).size();
  harness.push_event(gst_event_new_gap(312500 * GST_USECOND, GST_SECOND));
  const auto drained = harness.pull();
  EXPECT_EQ(before + all_values(drained).size(), sphinx_values(head).size());
  EXPECT_GT(all_values(drained).size(), 0u);
  EXPECT_EQ(harness.pull_events(), std::vector<GstEventType>{GST_EVENT_GAP});
  harness.push(tail, 1312500 * GST_USECOND);
  harness.end();
  const auto after = harness.pull();
  EXPECT_EQ(all_values(after), sphinx_values(tail));
  EXPECT_EQ(starts(after), std::vector<GstClockTime>{1312500 * GST_USECOND});
}

TEST_F(TwoUtterances, ANewSegmentDrainsFirstAndKeepsItsSeqnum) {
  harness.start();
  harness.push(head, 0);
  harness.pull_events();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = 10 * GST_SECOND;
  segment.base = 312500 * GST_USECOND;
  GstEvent* event = gst_event_new_segment(&segment);
  gst_event_set_seqnum(event, 4711);
  harness.push_event(event);
  EXPECT_EQ(all_values(harness.pull()), sphinx_values(head));
  const gst::EventPtr out(gst_harness_try_pull_event(harness.get()));
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(GST_EVENT_TYPE(out.get()), GST_EVENT_SEGMENT);
  EXPECT_EQ(gst_event_get_seqnum(out.get()), 4711u);
  harness.push(tail, 10 * GST_SECOND);
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), sphinx_values(tail));
  EXPECT_EQ(starts(buffers), std::vector<GstClockTime>{10 * GST_SECOND});
}

TEST_F(TwoUtterances, TheSameSegmentAgainChangesNothing) {
  harness.start();
  harness.push(head, 0);
  harness.push_segment(0);
  harness.push(tail, 312500 * GST_USECOND);
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), sphinx_values(kSamples));
}

TEST_F(TwoUtterances, SegmentDoneDrainsAndIsForwarded) {
  harness.start();
  harness.push(head, 0);
  harness.pull_events();
  harness.push_event(gst_event_new_segment_done(GST_FORMAT_TIME, 312500 * GST_USECOND));
  EXPECT_EQ(all_values(harness.pull()), sphinx_values(head));
  EXPECT_EQ(harness.pull_events(), std::vector<GstEventType>{GST_EVENT_SEGMENT_DONE});
}

TEST_F(TwoUtterances, AFlushForgetsTheFramesInProgress) {
  harness.start();
  harness.push(head, 0);
  harness.pull();
  harness.push_event(gst_event_new_flush_start());
  EXPECT_EQ(harness.push(head, 0), GST_FLOW_FLUSHING);
  harness.push_event(gst_event_new_flush_stop(TRUE));
  harness.push_segment(5 * GST_SECOND);
  harness.push(tail, 5 * GST_SECOND);
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), sphinx_values(tail));
  EXPECT_EQ(starts(buffers), std::vector<GstClockTime>{5 * GST_SECOND});
}

TEST(MelFeaturesEvents, AudioIsClippedToTheSegmentAfterASeekHoweverItIsCut) {
  // A segment whose ends lie between two samples: frames start at the first sample within.
  const GstClockTime start = 250 * GST_MSECOND + 1000, stop = 800 * GST_MSECOND;
  const auto kept = part(kSamples, 4001, 12800);
  const GstClockTime first = gst_util_uint64_scale(4001, GST_SECOND, 16000);
  for (const std::size_t size : {1, 100, 3999, 16000}) {
    SCOPED_TRACE(size);
    FeatureHarness harness;
    harness.start();
    harness.push_segment(start, stop);
    harness.push_in_pieces(kSamples, size);
    harness.end();
    const auto buffers = harness.pull();
    EXPECT_EQ(all_values(buffers), sphinx_values(kept));
    EXPECT_EQ(starts(buffers), std::vector<GstClockTime>{first});
  }
}

TEST(MelFeaturesEvents, AudioOutsideTheSegmentMakesNoFrames) {
  FeatureHarness harness;
  harness.start();
  harness.push_segment(10 * GST_SECOND);
  EXPECT_EQ(harness.push(kSamples, 0), GST_FLOW_OK);
  harness.push_segment(0, GST_SECOND);
  EXPECT_EQ(harness.push(kSamples, 5 * GST_SECOND), GST_FLOW_OK);
  harness.end();
  EXPECT_TRUE(harness.pull().empty());
}

TEST(MelFeaturesEvents, EosBeforeAnyAudioIsForwarded) {
  FeatureHarness bare, started;
  EXPECT_TRUE(bare.end());
  EXPECT_TRUE(contains(bare.pull_events(), GST_EVENT_EOS));
  started.start();
  EXPECT_TRUE(started.end());
  EXPECT_TRUE(contains(started.pull_events(), GST_EVENT_EOS));
  EXPECT_TRUE(started.pull().empty());
  EXPECT_EQ(started.count_messages(GST_MESSAGE_ERROR), 0);
}

TEST(MelFeaturesEvents, ASingleSampleStillMakesThePartialFrame) {
  FeatureHarness harness;
  harness.start();
  harness.push(std::vector<int16_t>{1000}, 0);
  harness.end();
  const auto buffers = harness.pull();
  ASSERT_EQ(buffers.size(), 1u);
  EXPECT_EQ(buffers[0].duration, 10 * GST_MSECOND);
  EXPECT_EQ(buffers[0].values, sphinx_values(std::vector<int16_t>{1000}));
}

TEST(MelFeaturesEvents, ANewStreamEndsTheOneBefore) {
  FeatureHarness harness;
  harness.start();
  harness.push(part(kSamples, 0, 3000), 0);
  harness.push_event(gst_event_new_stream_start("another"));
  EXPECT_EQ(all_values(harness.pull()), sphinx_values(part(kSamples, 0, 3000)));
}

TEST(MelFeaturesEvents, UnknownEventsAndTagsPass) {
  FeatureHarness harness;
  harness.start();
  harness.pull_events();
  harness.push_event(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM,
                                          gst_structure_new_empty("application/x-unheard-of")));
  harness.push_event(gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, "a title", nullptr)));
  EXPECT_EQ(harness.pull_events(),
            (std::vector<GstEventType>{GST_EVENT_CUSTOM_DOWNSTREAM, GST_EVENT_TAG}));
}

TEST(MelFeaturesEvents, EveryPlayGivesTheSameFrames) {
  FeatureHarness harness({{"normalization", "live"}});
  std::vector<float> first;
  for (int play = 0; play < 3; ++play) {
    harness.start();
    harness.push(kSamples, 0);
    harness.end();
    const auto values = all_values(harness.pull());
    EXPECT_FALSE(values.empty());
    if (play == 0) first = values;
    EXPECT_EQ(values, first);
    gst_element_set_state(harness.element(), play == 0 ? GST_STATE_NULL : GST_STATE_READY);
    // The harness's own pads keep EOS until they are deactivated too.
    for (GstPad* pad : {harness.get()->srcpad, harness.get()->sinkpad}) {
      gst_pad_set_active(pad, FALSE);
      gst_pad_set_active(pad, TRUE);
    }
    gst_element_set_state(harness.element(), GST_STATE_PLAYING);
    gst_harness_push_event(harness.get(), gst_event_new_stream_start("again"));
  }
}

// Wrong input.

TEST(MelFeaturesEvents, ASegmentInBytesIsOneError) {
  FeatureHarness harness;
  harness.start();
  harness.push_segment(0, GST_CLOCK_TIME_NONE, 1, GST_FORMAT_BYTES);
  EXPECT_NE(harness.push(kSamples, 0), GST_FLOW_OK);
  EXPECT_NE(harness.push(kSamples, GST_SECOND), GST_FLOW_OK);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"bytes", "rawaudioparse"});
}

TEST(MelFeaturesEvents, BackwardsPlaybackIsRefused) {
  FeatureHarness harness;
  harness.start();
  EXPECT_FALSE(gst_harness_push_upstream_event(
      harness.get(), gst_event_new_seek(-1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                        0, GST_SEEK_TYPE_SET, GST_SECOND)));
  harness.push_segment(0, GST_SECOND, -1);
  EXPECT_NE(harness.push(kSamples, 0), GST_FLOW_OK);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"backwards"});
}

TEST(MelFeaturesEvents, AForwardSeekGoesUpstream) {
  FeatureHarness harness;
  harness.start();
  EXPECT_TRUE(gst_harness_push_upstream_event(
      harness.get(), gst_event_new_seek(2, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                        0, GST_SEEK_TYPE_SET, GST_SECOND)));
  const gst::EventPtr seek(gst_harness_pull_upstream_event(harness.get()));
  ASSERT_NE(seek, nullptr);
}

TEST(MelFeaturesEvents, AudioWithoutCapsIsNotNegotiated) {
  FeatureHarness harness;
  GstPad* sink = gst_element_get_static_pad(harness.element(), "sink");
  gst_pad_send_event(sink, gst_event_new_stream_start("bare"));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_send_event(sink, gst_event_new_segment(&segment));
  EXPECT_EQ(gst_pad_chain(sink, FeatureHarness::buffer_of(std::span<const int16_t>(kSamples), 0)),
            GST_FLOW_NOT_NEGOTIATED);
  gst_object_unref(sink);
}

TEST(MelFeaturesEvents, TheSameErrorAgainAfterEosDoesNotCrash) {
  FeatureHarness harness;
  harness.start(16000, 1, "F32LE");
  std::vector<float> samples(1000, 0.5F);
  harness.push(samples, 0);
  samples[0] = -std::numeric_limits<float>::infinity();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(harness.push(samples, 62500000), GST_FLOW_ERROR);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_ERROR), 3);
  EXPECT_TRUE(harness.end());
  EXPECT_NE(harness.push(samples, 0), GST_FLOW_OK);
}

}  // namespace
}  // namespace hmm::testing
