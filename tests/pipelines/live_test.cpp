// Live pipelines: what is told about latency, and what is measured.
#include <gmock/gmock.h>
#include <gst/check/gsttestclock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/pipelines/pipeline.h"

namespace hmm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr GstClockTime kPeriod = 20 * GST_MSECOND;  // of the microphone

/// A microphone, front end and decoder on a clock that stands still while they work: what is
/// measured is how long results wait, not how fast this machine is.
class LiveRig {
 public:
  explicit LiveRig(const std::string& properties) {
    const std::string description = "hmmmelfeatures ! hmmstreamdecode name=decoder " + properties;
    harness_ = gst_harness_new_parse(description.c_str());
    gst_harness_use_testclock(harness_);
    gst_harness_set_live(harness_, TRUE);
    gst_harness_set_upstream_latency(harness_, kPeriod);
    bus_ = gst_bus_new();
    gst_element_set_bus(harness_->element, bus_);
    gst_harness_set_src_caps_str(
        harness_, "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
  }
  ~LiveRig() {
    gst_element_set_bus(harness_->element, nullptr);
    gst_object_unref(bus_);
    gst_harness_teardown(harness_);
  }
  LiveRig(const LiveRig&) = delete;
  LiveRig& operator=(const LiveRig&) = delete;

  GstClockTime reported_latency() { return gst_harness_query_latency(harness_); }

  struct Left {
    Piece piece;
    GstClockTime when;
  };
  /// A period's samples are in when the period is over; what came out until then leaves now.
  void push(std::span<const int16_t> samples, GstClockTime late = 0) {
    GstBuffer* buffer = gst_buffer_new_memdup(samples.data(), samples.size_bytes());
    GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(pushed_, GST_SECOND, 16000);
    pushed_ += samples.size();
    now_ = gst_util_uint64_scale(pushed_, GST_SECOND, 16000) + late;
    gst_harness_set_time(harness_, now_);
    EXPECT_EQ(gst_harness_push(harness_, buffer), GST_FLOW_OK);
    pull();
  }
  void end() {
    gst_harness_push_event(harness_, gst_event_new_eos());
    pull();
  }
  const std::vector<Left>& left() const { return left_; }
  guint max_observed_delay() {
    guint delay = 0;
    GstElement* decoder = gst_bin_get_by_name(GST_BIN(harness_->element), "decoder");
    g_object_get(decoder, "max-observed-delay", &delay, nullptr);
    gst_object_unref(decoder);
    return delay;
  }
  std::vector<std::string> warnings() {
    std::vector<std::string> texts;
    while (GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_WARNING)) {
      GError* error = nullptr;
      gst_message_parse_warning(message, &error, nullptr);
      texts.emplace_back(error->message);
      g_error_free(error);
      gst_message_unref(message);
    }
    return texts;
  }

 private:
  void pull() {
    while (GstBuffer* buffer = gst_harness_try_pull(harness_)) {
      left_.push_back({{GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer), "text"}, now_});
      gst_buffer_unref(buffer);
    }
    while (GstEvent* event = gst_harness_try_pull_event(harness_)) {
      if (GST_EVENT_TYPE(event) == GST_EVENT_GAP) {
        Piece gap;
        gst_event_parse_gap(event, &gap.start, &gap.duration);
        left_.push_back({gap, now_});
      }
      gst_event_unref(event);
    }
  }

  GstHarness* harness_ = nullptr;
  GstBus* bus_ = nullptr;
  guint64 pushed_ = 0;
  GstClockTime now_ = 0;
  std::vector<Left> left_;
};

std::vector<int16_t> speech_samples() {
  std::ifstream file(kSpeech, std::ios::binary);
  file.seekg(44);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<int16_t> samples(bytes.size() / 2);
  std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
  return samples;
}

TEST(Live, NothingLeavesLaterThanReported) {
  SKIP_WITHOUT_SPEECH();
  const auto samples = speech_samples();
  for (const char* properties : {"", "latency=500", "lag=100 latency=200", "lag=600 latency=700"}) {
    SCOPED_TRACE(properties);
    LiveRig rig(properties);
    const std::span<const int16_t> all(samples);
    for (std::size_t n = 0; n + 320 <= all.size(); n += 320) rig.push(all.subspan(n, 320));
    const GstClockTime reported = rig.reported_latency();
    rig.end();
    GstClockTime worst = 0;
    for (const auto& [piece, when] : rig.left()) {
      worst = std::max(worst, when - std::min(when, piece.start));
    }
    EXPECT_LE(worst, reported);
    // It is no empty promise either: what is held back explains most of it.
    EXPECT_GE(worst, 100 * GST_MSECOND);
    EXPECT_LE(rig.max_observed_delay() * GST_MSECOND, reported);
    EXPECT_GT(rig.max_observed_delay(), 0u);
    EXPECT_THAT(rig.warnings(), IsEmpty());
  }
}

TEST(Live, ASlowMachineIsToldOnceItFallsBehind) {
  SKIP_WITHOUT_SPEECH();
  const auto samples = speech_samples();
  LiveRig rig("latency=500");
  const std::span<const int16_t> all(samples);
  for (std::size_t n = 0; n + 320 <= all.size(); n += 320) {
    rig.push(all.subspan(n, 320), n > all.size() / 2 ? 3 * GST_SECOND : 0);
  }
  EXPECT_GE(rig.max_observed_delay(), 3000u);
  const auto warnings = rig.warnings();
  ASSERT_FALSE(warnings.empty());
  EXPECT_THAT(warnings.front(), HasSubstr("slow"));
  EXPECT_LT(warnings.size(), 40u);  // only when it gets worse
}

TEST(Live, ARunningClockIsKeptUpWith) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("audiotestsrc");
  Pipeline pipeline(
      "audiotestsrc is-live=true wave=pink-noise num-buffers=40 samplesperbuffer=320 ! "
      "audio/x-raw,rate=16000 ! hmmmelfeatures ! hmmstreamdecode name=decoder lag=100 "
      "latency=300 ! fakesink sync=true");
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  ASSERT_EQ(gst_element_get_state(pipeline.get(), nullptr, nullptr, kTimeout),
            GST_STATE_CHANGE_SUCCESS);
  const gst::QueryPtr query(gst_query_new_latency());
  ASSERT_TRUE(gst_element_query(pipeline.get(), query.get()));
  gboolean live = FALSE;
  GstClockTime least = 0, most = 0;
  gst_query_parse_latency(query.get(), &live, &least, &most);
  EXPECT_TRUE(live);
  // 300 ms, a period of 20 ms, a window and the look-ahead of the deltas.
  EXPECT_GE(least, 320 * GST_MSECOND);
  EXPECT_LE(least, 420 * GST_MSECOND);
  ASSERT_EQ(pipeline.wait_for(GST_MESSAGE_EOS), GST_MESSAGE_EOS);
  EXPECT_THAT(pipeline.errors, IsEmpty());
  const auto pieces = pipeline.take_pieces();
  ASSERT_FALSE(pieces.empty());
  expect_covered(pieces, pieces.front().start, pieces.back().start + pieces.back().duration);
}

TEST(Live, AnUnlimitedLagIsRefused) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("audiotestsrc");
  Pipeline pipeline(
      "audiotestsrc is-live=true num-buffers=100 samplesperbuffer=320 ! audio/x-raw,rate=16000 ! " +
      decoder("lag=0") + " ! fakesink");
  EXPECT_FALSE(pipeline.play());
  EXPECT_THAT(pipeline.errors, ElementsAre(HasSubstr("lag")));
}

}  // namespace
}  // namespace hmm::testing
