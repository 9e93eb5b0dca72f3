// Everything at once: state changes, flushes, seeks and properties from other threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/pipelines/pipeline.h"

namespace hmm::testing {
namespace {

using ::testing::IsEmpty;

#ifdef HMM_SANITIZED
constexpr int kStorm = 1;  // an order of magnitude less of everything under the sanitizers
#else
constexpr int kStorm = 3;
#endif

TEST(Storm, PlaysAndStopsAgainAndAgain) {
  SKIP_WITHOUT_SPEECH();
  std::vector<Piece> expected;
  Pipeline pipeline(wav_source(kRecording.parent_path() / "cards" / "001.wav") + " ! " + decoder() +
                    " ! fakesink");
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(round);
    ASSERT_NE(gst_element_set_state(pipeline.get(), GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
    // From at once, while the model loads, to after the end.
    if (round > 0) g_usleep(std::uniform_int_distribution<gulong>(0, 20000)(random));
    ASSERT_TRUE(pipeline.reach(round % 2 == 0 ? GST_STATE_NULL : GST_STATE_READY));
  }
  pipeline.reach(GST_STATE_NULL);
  pipeline.take_pieces();
  EXPECT_TRUE(pipeline.play());
  EXPECT_THAT(pipeline.errors, IsEmpty());
  const auto pieces = pipeline.take_pieces();
  ASSERT_FALSE(pieces.empty());
  expect_covered(pieces, 0, pieces.back().start + pieces.back().duration);
}

TEST(Storm, StopsWhileAnUncachedModelLoads) {
  SKIP_WITHOUT_SPEECH();
  for (int round = 0; round < 3 * kStorm; ++round) {
    Pipeline pipeline("audiotestsrc ! audio/x-raw,rate=16000 ! " +
                      decoder("insertion-weight=-" + std::to_string(round) + ".5") + " ! fakesink");
    gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
    g_usleep(static_cast<gulong>(round) * 2000);
    EXPECT_TRUE(pipeline.reach(GST_STATE_NULL));
    EXPECT_THAT(pipeline.errors, IsEmpty());
  }
}

TEST(Storm, SeeksFromAnotherThread) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(wav_source(kSpeech) + " ! " + decoder() + " ! queue ! fakesink");
  ASSERT_TRUE(pipeline.reach(GST_STATE_PAUSED));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  std::thread seeker([&] {
    std::mt19937 random(2);
    for (int i = 0; i < 30 * kStorm; ++i) {
      const auto start = std::uniform_int_distribution<gint64>(0, 6000)(random) * GST_MSECOND;
      const auto flags = static_cast<GstSeekFlags>(i % 4 == 3 ? 0 : GST_SEEK_FLAG_FLUSH);
      gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME, flags, start);
      g_usleep(2000);
    }
  });
  seeker.join();
  pipeline.take_pieces();
  // Seeks may have arrived after the end; one more brings a last end.
  ASSERT_TRUE(gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                      5 * GST_SECOND));
  GstMessageType type;
  do {
    type = pipeline.wait_for(GST_MESSAGE_EOS);
  } while (type == GST_MESSAGE_EOS &&
           (pipeline.states.empty() || pipeline.states.back().timestamp < 6900 * GST_MSECOND));
  EXPECT_EQ(type, GST_MESSAGE_EOS);
  EXPECT_THAT(pipeline.errors, IsEmpty());
}

TEST(Storm, PropertiesChangeWhilePlaying) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline("audiotestsrc wave=pink-noise num-buffers=" + std::to_string(300 * kStorm) +
                    " ! audio/x-raw,rate=16000 ! audioconvert ! hmmmelfeatures name=front ! "
                    "hmmstreamdecode name=decoder ! fakesink");
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  GstElement* decoder = pipeline.child("decoder");
  std::thread setter([&] {
    std::mt19937 random(3);
    for (int i = 0; i < 200 * kStorm; ++i) {
      const guint value = std::uniform_int_distribution<guint>(0, 2000)(random);
      g_object_set(decoder, "post-messages", i % 2, "latency", 500 + value, "lag", 100 + value / 4,
                   "interval", guint64{value} * GST_MSECOND, "lateness", value, nullptr);
      GstStructure* stats = nullptr;
      g_object_get(decoder, "stats", &stats, nullptr);
      gst_structure_free(stats);
      g_usleep(500);
    }
  });
  EXPECT_EQ(pipeline.wait_for(GST_MESSAGE_EOS), GST_MESSAGE_EOS);
  setter.join();
  EXPECT_THAT(pipeline.errors, IsEmpty());
}

/// Flushes as a source does: FLUSH_START while the stream runs, the rest once it has stopped.
class FlushedStream {
 public:
  FlushedStream() {
    bus_ = gst_bus_new();
    gst_element_set_bus(harness_->element, bus_);
    gst_harness_set_live(harness_, FALSE);
    gst_harness_set_drop_buffers(harness_, TRUE);
    gst_harness_set_src_caps_str(
        harness_, "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
  }
  ~FlushedStream() {
    gst_element_set_bus(harness_->element, nullptr);
    gst_object_unref(bus_);
    gst_harness_teardown(harness_);
  }
  FlushedStream(const FlushedStream&) = delete;
  FlushedStream& operator=(const FlushedStream&) = delete;

  GstFlowReturn push() {
    const std::lock_guard lock(mutex_);
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 3200, nullptr);
    gst_buffer_memset(buffer, 0, static_cast<guint8>(random_() % 20), 3200);
    GST_BUFFER_PTS(buffer) = position_;
    position_ += 100 * GST_MSECOND;
    return gst_harness_push(harness_, buffer);
  }
  void flush() {
    gst_harness_push_event(harness_, gst_event_new_flush_start());
    const std::lock_guard lock(mutex_);
    gst_harness_push_event(harness_, gst_event_new_flush_stop(TRUE));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    EXPECT_TRUE(gst_harness_push_event(harness_, gst_event_new_segment(&segment)));
    position_ = 0;
  }
  bool failed() {
    GstMessage* error = gst_bus_pop_filtered(bus_, GST_MESSAGE_ERROR);
    if (error != nullptr) gst_message_unref(error);
    return error != nullptr;
  }

 private:
  GstHarness* harness_ = gst_harness_new_parse("hmmmelfeatures ! hmmstreamdecode");
  GstBus* bus_ = nullptr;
  std::mutex mutex_;  // the stream's
  GstClockTime position_ = 0;
  std::mt19937 random_{5};
};

TEST(Storm, FlushesFromAnotherThread) {
  SKIP_WITHOUT_SPEECH();
  FlushedStream stream;
  std::atomic<bool> done = false;
  std::thread flusher([&] {
    for (int i = 0; i < 300 * kStorm; ++i) {
      stream.flush();
      g_usleep(1000);
    }
    done = true;
  });
  int pushed = 0;
  while (!done) {
    const GstFlowReturn flow = stream.push();
    EXPECT_TRUE(flow == GST_FLOW_OK || flow == GST_FLOW_FLUSHING) << gst_flow_get_name(flow);
    pushed += flow == GST_FLOW_OK ? 1 : 0;
    g_thread_yield();
  }
  flusher.join();
  EXPECT_EQ(stream.push(), GST_FLOW_OK);
  EXPECT_GT(pushed, 0);
  EXPECT_FALSE(stream.failed());
}

}  // namespace
}  // namespace hmm::testing
