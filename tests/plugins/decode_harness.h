// Drives hmmstreamdecode from a test: pushes frames, collects texts, gaps, messages and errors.
#pragma once

#include <gst/check/gstharness.h>
#include <gst/gst.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/frontend/front_end.h"
#include "core/inference/decoder_model.h"
#include "plugins/feature_caps.h"
#include "plugins/gst_ptr.h"
#include "tests/test_data.h"

namespace hmm::testing {

inline const std::filesystem::path kModel = kEnUs / "en-us";
inline const std::filesystem::path kRecording = kPocketsphinxTestData / "goforward.raw";
inline constexpr GstClockTime kHop = 10 * GST_MSECOND;

/// A text buffer, or a gap where `text` is empty.
struct Piece {
  GstClockTime start = 0;
  GstClockTime duration = 0;
  std::string text;
  bool operator==(const Piece&) const = default;
};

struct PostedError {
  GQuark domain = 0;
  int code = 0;
  std::string text;
};

/// The frames that the en-us model wants, of a recording of 16-bit samples at 16 kHz.
inline Matrix recorded_frames(const std::filesystem::path& path = kRecording) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<int16_t> samples(bytes.size() / 2);
  std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
  FrontEnd front_end(before_normalization(read_front_end(kModel)));
  front_end.push(std::span<const int16_t>(samples));
  front_end.flush();
  return front_end.take();
}

class DecodeHarness {
 public:
  using Properties = std::initializer_list<std::pair<const char*, const char*>>;

  explicit DecodeHarness(Properties properties = {})
      : DecodeHarness(gst_element_factory_make("hmmstreamdecode", nullptr), properties) {}
  /// Takes over the element.
  explicit DecodeHarness(GstElement* element, Properties properties = {}) {
    for (const auto& [name, value] : properties) {
      gst_util_set_object_arg(G_OBJECT(element), name, value);
    }
    bus_ = gst_bus_new();
    gst_element_set_bus(element, bus_);
    harness_ = gst_harness_new_with_element(element, "sink", "src");
    gst_object_unref(element);
    gst_harness_set_live(harness_, FALSE);
  }
  ~DecodeHarness() {
    gst_element_set_bus(harness_->element, nullptr);
    gst_object_unref(bus_);
    gst_harness_teardown(harness_);
  }
  DecodeHarness(const DecodeHarness&) = delete;
  DecodeHarness& operator=(const DecodeHarness&) = delete;

  GstHarness* get() { return harness_; }
  GstElement* element() { return harness_->element; }

  static std::string caps_text() {
    const FrontEndConfig front_end = before_normalization(read_front_end(kModel));
    return "application/x-hmm-features, format=F32LE, layout=mfcc, dim=39, framerate=100/1, "
           "sample-rate=16000, front-end=(string)\"" +
           front_end.digest() + "\"";
  }
  void start() { gst_harness_set_src_caps_str(harness_, caps_text().c_str()); }

  static GstBuffer* buffer_of(MatrixView frames, GstClockTime pts) {
    const gsize bytes = frames.rows * frames.columns * sizeof(float);
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, bytes, nullptr);
    gst_buffer_fill(buffer, 0, frames.data, bytes);
    GST_BUFFER_PTS(buffer) = pts;
    GST_BUFFER_DURATION(buffer) = frames.rows * kHop;
    return buffer;
  }
  GstFlowReturn push(MatrixView frames, GstClockTime pts) {
    return gst_harness_push(harness_, buffer_of(frames, pts));
  }
  GstFlowReturn push_in_pieces(MatrixView frames, std::size_t size, GstClockTime origin = 0) {
    GstFlowReturn flow = GST_FLOW_OK;
    for (std::size_t t = 0; t < frames.rows && flow == GST_FLOW_OK; t += size) {
      flow = push(frames.slice(t, std::min(size, frames.rows - t)), origin + t * kHop);
    }
    return flow;
  }
  bool push_event(GstEvent* event) { return gst_harness_push_event(harness_, event); }
  bool end() { return push_event(gst_event_new_eos()); }

  /// Texts and gaps in the order they came, since the last call.
  std::vector<Piece> pull() {
    std::vector<Piece> pieces;
    while (GstBuffer* buffer = gst_harness_try_pull(harness_)) {
      std::string text(gst_buffer_get_size(buffer), ' ');
      gst_buffer_extract(buffer, 0, text.data(), text.size());
      pieces.push_back({GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer), text});
      gst_buffer_unref(buffer);
    }
    while (GstEvent* event = gst_harness_try_pull_event(harness_)) {
      if (GST_EVENT_TYPE(event) == GST_EVENT_GAP) {
        Piece gap;
        gst_event_parse_gap(event, &gap.start, &gap.duration);
        pieces.push_back(gap);
      }
      gst_event_unref(event);
    }
    std::sort(pieces.begin(), pieces.end(),
              [](const Piece& a, const Piece& b) { return a.start < b.start; });
    return pieces;
  }

  /// Serialised element messages of that name, since the last call of any of these.
  std::vector<std::string> messages(const char* name) {
    std::vector<std::string> texts;
    while (GstMessage* message = gst_bus_pop(bus_)) {
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT && gst_message_has_name(message, name)) {
        const gst::StringPtr text(gst_structure_to_string(gst_message_get_structure(message)));
        texts.emplace_back(text.get());
      }
      gst_message_unref(message);
    }
    return texts;
  }
  /// All errors on the bus.
  std::vector<PostedError> errors() {
    std::vector<PostedError> found;
    while (GstMessage* message = gst_bus_pop(bus_)) {
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        GError* error = nullptr;
        gst_message_parse_error(message, &error, nullptr);
        found.push_back({error->domain, error->code, error->message});
        g_error_free(error);
      }
      gst_message_unref(message);
    }
    return found;
  }
  GstBus* bus() { return bus_; }

 private:
  GstHarness* harness_ = nullptr;
  GstBus* bus_ = nullptr;
};

}  // namespace hmm::testing
