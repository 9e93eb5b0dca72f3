// hmmmelfeatures under random and concurrent use.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/plugins/feature_harness.h"

namespace hmm::testing {
namespace {

/// Whatever came before, buffers hold whole, finite frames and follow each other without a hole, or
/// say that they do not.
class OutputCheck {
 public:
  void operator()(const std::vector<FrameBuffer>& buffers) {
    for (const auto& buffer : buffers) {
      ASSERT_TRUE(GST_CLOCK_TIME_IS_VALID(buffer.pts));
      ASSERT_GT(buffer.duration, 0u);
      ASSERT_EQ(buffer.values.size() % 39, 0u);
      ASSERT_FALSE(buffer.values.empty());
      for (const float value : buffer.values) ASSERT_TRUE(std::isfinite(value));
      if (!buffer.discont) {
        ASSERT_EQ(buffer.pts, end_);
      }
      end_ = buffer.pts + buffer.duration;
      ++count_;
    }
  }
  int count() const { return count_; }

 private:
  GstClockTime end_ = GST_CLOCK_TIME_NONE;
  int count_ = 0;
};

/// A source that does everything that a source may do, in any order.
class RandomSource {
 public:
  RandomSource(FeatureHarness& harness, unsigned seed) : harness_(harness), random_(seed) {}

  void step() {
    switch (pick(16)) {
      case 0:
        harness_.push_event(gst_event_new_gap(position_, GST_MSECOND));
        break;
      case 1:
        harness_.push_segment(pick(4) * GST_SECOND / 2, pick_stop());
        break;
      case 2:
        flush();
        break;
      case 3:
        start();
        break;
      case 4:
        gst_harness_push_upstream_event(harness_.get(), gst_event_new_reconfigure());
        break;
      case 5:
        harness_.push_event(gst_event_new_segment_done(GST_FORMAT_TIME, position_));
        break;
      case 6:
        position_ = pick(10000) * GST_MSECOND;
        break;
      default:
        push();
    }
  }

  void start() {
    rate_ = 8000 + static_cast<int>(pick(40001));
    channels_ = 1 + static_cast<int>(pick(3));
    harness_.start(rate_, channels_);
  }

 private:
  uint64_t pick(uint64_t count) {
    return std::uniform_int_distribution<uint64_t>(0, count - 1)(random_);
  }
  GstClockTime pick_stop() {
    return pick(2) == 0 ? GST_CLOCK_TIME_NONE : (2 + pick(4)) * GST_SECOND;
  }
  void flush() {
    harness_.push_event(gst_event_new_flush_start());
    harness_.push_event(gst_event_new_flush_stop(TRUE));
    harness_.push_segment(pick(3) * GST_SECOND);
  }
  void push() {
    const std::size_t samples = pick(4) == 0 ? pick(3) : pick(5000);
    const guint flags = pick(8) == 0 ? GST_BUFFER_FLAG_DISCONT : 0;
    harness_.push(noise(samples * static_cast<std::size_t>(channels_)), position_, flags);
    position_ += gst_util_uint64_scale(samples, GST_SECOND, static_cast<guint64>(rate_));
  }

  FeatureHarness& harness_;
  std::mt19937 random_;
  GstClockTime position_ = 0;
  int rate_ = 16000;
  int channels_ = 1;
};

TEST(MelFeaturesStress, RandomStreamsKeepTheRules) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    FeatureHarness harness(
        {{"preset", "sphinx"}, {"discont-wait", seed % 2 == 0 ? "0" : "50000000"}},
        "application/x-hmm-features, dim=39");
    RandomSource source(harness, seed);
    OutputCheck check;
    source.start();
    for (int step = 0; step < 300; ++step) {
      source.step();
      check(harness.pull());
      if (HasFatalFailure()) return;
    }
    EXPECT_TRUE(harness.end());
    check(harness.pull());
    EXPECT_GT(check.count(), 10);
    EXPECT_EQ(harness.count_messages(GST_MESSAGE_ERROR), 0);
  }
}

TEST(MelFeaturesStress, OtherThreadsMaySetAskAndRenegotiate) {
  FeatureHarness harness;
  harness.start();
  gst_harness_set_drop_buffers(harness.get(), TRUE);
  auto* h = harness.get();
  GstCaps* caps = FeatureHarness::audio_caps(16000, 1, "S16LE").release();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  GstBuffer* buffer = FeatureHarness::buffer_of(std::span<const int16_t>(noise(160)), 0);
  GstEvent* gap = gst_event_new_gap(0, GST_MSECOND);
  GstEvent* reconfigure = gst_event_new_reconfigure();
  GValue bins = G_VALUE_INIT;
  g_value_init(&bins, G_TYPE_INT);
  g_value_set_int(&bins, 30);
  GstHarnessThread* threads[] = {
      gst_harness_stress_push_buffer_start(h, caps, &segment, buffer),
      gst_harness_stress_push_event_start(h, gap),
      gst_harness_stress_send_upstream_event_start(h, reconfigure),
      gst_harness_stress_property_start(h, "bins", &bins),
  };
  for (int i = 0; i < 100; ++i) {
    gst_harness_query_latency(h);
    g_usleep(1000);
  }
  for (GstHarnessThread* thread : threads) gst_harness_stress_thread_stop(thread);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_ERROR), 0);
  EXPECT_GT(gst_harness_buffers_received(h), 0u);
  gst_caps_unref(caps);
  gst_buffer_unref(buffer);
  gst_event_unref(gap);
  gst_event_unref(reconfigure);
  g_value_unset(&bins);
}

TEST(MelFeaturesStress, StatesMayChangeWhileAudioComes) {
  FeatureHarness harness;
  harness.start();
  gst_harness_set_drop_buffers(harness.get(), TRUE);
  auto* h = harness.get();
  GstCaps* caps = FeatureHarness::audio_caps(16000, 1, "S16LE").release();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  GstBuffer* buffer = FeatureHarness::buffer_of(std::span<const int16_t>(noise(1600)), 0);
  GstHarnessThread* audio = gst_harness_stress_push_buffer_start(h, caps, &segment, buffer);
  GstHarnessThread* states = gst_harness_stress_statechange_start(h);
  g_usleep(100000);
  gst_harness_stress_thread_stop(states);
  gst_harness_stress_thread_stop(audio);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_ERROR), 0);
  gst_caps_unref(caps);
  gst_buffer_unref(buffer);
}

}  // namespace
}  // namespace hmm::testing
