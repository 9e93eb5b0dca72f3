// Drives hmmmelfeatures from a test: pushes samples, collects frames, events and errors.
#pragma once

#include <gst/check/gstharness.h>
#include <gst/gst.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/matrix.h"
#include "core/frontend/front_end.h"
#include "plugins/gst_ptr.h"
#include "tests/test_data.h"

namespace hmm::testing {

/// One buffer of frames as it came out.
struct FrameBuffer {
  GstClockTime pts = 0;
  GstClockTime duration = 0;
  bool discont = false;
  std::vector<float> values;
};

struct PostedError {
  std::string domain;
  int code = 0;
  std::string text;
};

inline std::vector<float> all_values(const std::vector<FrameBuffer>& buffers) {
  std::vector<float> values;
  for (const auto& buffer : buffers) {
    values.insert(values.end(), buffer.values.begin(), buffer.values.end());
  }
  return values;
}

class FeatureHarness {
 public:
  using Properties = std::initializer_list<std::pair<const char*, const char*>>;

  explicit FeatureHarness(Properties properties = {}, const char* downstream = nullptr) {
    GstElement* element = gst_element_factory_make("hmmmelfeatures", nullptr);
    for (const auto& [name, value] : properties) {
      gst_util_set_object_arg(G_OBJECT(element), name, value);
    }
    harness_ = gst_harness_new_with_element(element, "sink", "src");
    gst_object_unref(element);
    bus_ = gst_bus_new();
    gst_element_set_bus(harness_->element, bus_);
    if (downstream != nullptr) gst_harness_set_sink_caps_str(harness_, downstream);
    gst_harness_set_live(harness_, FALSE);
  }
  ~FeatureHarness() {
    gst_element_set_bus(harness_->element, nullptr);
    gst_object_unref(bus_);
    gst_harness_teardown(harness_);
  }
  FeatureHarness(const FeatureHarness&) = delete;
  FeatureHarness& operator=(const FeatureHarness&) = delete;

  GstHarness* get() { return harness_; }
  GstElement* element() { return harness_->element; }

  /// Starts a stream of this audio in a segment from 0.
  void start(int rate = 16000, int channels = 1, const char* format = "S16LE") {
    rate_ = rate;
    gst_harness_set_src_caps(harness_, audio_caps(rate, channels, format).release());
  }
  static gst::CapsPtr audio_caps(int rate, int channels, const char* format) {
    gst::CapsPtr caps(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, format, "layout",
                                          G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, rate,
                                          "channels", G_TYPE_INT, channels, nullptr));
    if (channels > 2) {
      gst_caps_set_simple(caps.get(), "channel-mask", GST_TYPE_BITMASK, guint64{0}, nullptr);
    }
    return caps;
  }

  template <class T>
  static GstBuffer* buffer_of(std::span<const T> samples, GstClockTime pts) {
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, samples.size_bytes(), nullptr);
    gst_buffer_fill(buffer, 0, samples.data(), samples.size_bytes());
    GST_BUFFER_PTS(buffer) = pts;
    return buffer;
  }
  template <class T>
  GstFlowReturn push(const std::vector<T>& samples, GstClockTime pts, guint flags = 0) {
    GstBuffer* buffer = buffer_of(std::span<const T>(samples), pts);
    gst_buffer_set_flags(buffer, static_cast<GstBufferFlags>(flags));
    return gst_harness_push(harness_, buffer);
  }
  /// Pushes samples `size` at a time, stamped from `origin` on by the rate.
  void push_in_pieces(std::span<const int16_t> samples, std::size_t size, GstClockTime origin = 0) {
    for (std::size_t n = 0; n < samples.size(); n += size) {
      const auto piece = samples.subspan(n, std::min(size, samples.size() - n));
      gst_harness_push(harness_,
                       buffer_of(piece, origin + gst_util_uint64_scale(n, GST_SECOND, rate_)));
    }
  }
  bool push_event(GstEvent* event) { return gst_harness_push_event(harness_, event); }
  bool end() { return push_event(gst_event_new_eos()); }
  bool push_segment(GstClockTime start, GstClockTime stop = GST_CLOCK_TIME_NONE, double rate = 1,
                    GstFormat format = GST_FORMAT_TIME) {
    GstSegment segment;
    gst_segment_init(&segment, format);
    segment.rate = rate;
    segment.start = segment.time = segment.position = start;
    segment.stop = stop;
    return push_event(gst_event_new_segment(&segment));
  }

  std::vector<FrameBuffer> pull() {
    std::vector<FrameBuffer> buffers;
    while (GstBuffer* buffer = gst_harness_try_pull(harness_)) {
      FrameBuffer out{GST_BUFFER_PTS(buffer),
                      GST_BUFFER_DURATION(buffer),
                      GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT),
                      {}};
      const gsize bytes = gst_buffer_get_size(buffer);
      EXPECT_EQ(bytes % sizeof(float), 0u);
      out.values.resize(bytes / sizeof(float));
      gst_buffer_extract(buffer, 0, out.values.data(), bytes);
      buffers.push_back(std::move(out));
      gst_buffer_unref(buffer);
    }
    return buffers;
  }
  /// The types of the events that came out since the last call.
  std::vector<GstEventType> pull_events() {
    std::vector<GstEventType> types;
    while (GstEvent* event = gst_harness_try_pull_event(harness_)) {
      types.push_back(GST_EVENT_TYPE(event));
      gst_event_unref(event);
    }
    return types;
  }
  std::string output_caps() {
    GstPad* pad = gst_element_get_static_pad(element(), "src");
    const gst::CapsPtr caps(gst_pad_get_current_caps(pad));
    gst_object_unref(pad);
    return caps == nullptr ? "" : gst::caps_text(caps.get());
  }

  int count_messages(GstMessageType type) {
    int count = 0;
    while (GstMessage* message = gst_bus_pop_filtered(bus_, type)) {
      gst_message_unref(message);
      ++count;
    }
    return count;
  }
  /// The one error that was posted; a test failure when there is none or another.
  PostedError error() {
    PostedError posted;
    GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_ERROR);
    EXPECT_NE(message, nullptr) << "no error was posted";
    if (message == nullptr) return posted;
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    posted = {g_quark_to_string(error->domain), error->code, error->message};
    g_error_free(error);
    gst_message_unref(message);
    EXPECT_EQ(count_messages(GST_MESSAGE_ERROR), 0);
    return posted;
  }
  void expect_error(GQuark domain, int code, std::initializer_list<const char*> words) {
    const PostedError posted = error();
    EXPECT_EQ(posted.domain, g_quark_to_string(domain));
    EXPECT_EQ(posted.code, code);
    for (const char* word : words) {
      EXPECT_NE(posted.text.find(word), std::string::npos) << posted.text << "\nlacks " << word;
    }
  }

 private:
  GstHarness* harness_;
  GstBus* bus_;
  int rate_ = 16000;
};

/// A man says "go forward ten meters": 16 kHz, mono, 2.8 s.
inline const std::filesystem::path kGoForward = kPocketsphinxTestData / "goforward.raw";

inline std::vector<int16_t> read_samples(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<int16_t> samples(std::filesystem::file_size(path) / sizeof(int16_t));
  file.read(reinterpret_cast<char*>(samples.data()),
            static_cast<std::streamsize>(samples.size() * sizeof(int16_t)));
  return samples;
}

/// Noise that is the same on every machine.
inline std::vector<int16_t> noise(std::size_t count, uint32_t seed = 1) {
  std::vector<int16_t> samples(count);
  for (auto& sample : samples) {
    seed = seed * 1664525u + 1013904223u;
    sample = static_cast<int16_t>(static_cast<int>(seed >> 16) % 8000 - 4000);
  }
  return samples;
}

/// The frames that core's front end makes of one utterance.
inline std::vector<float> front_end_values(const FrontEndConfig& config,
                                           std::span<const int16_t> samples) {
  FrontEnd front_end(config);
  front_end.push(samples);
  front_end.flush();
  const Matrix frames = front_end.take();
  return {frames.data(), frames.data() + frames.rows() * frames.columns()};
}

}  // namespace hmm::testing
