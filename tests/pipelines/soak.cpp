#include "tests/pipelines/soak.h"

#include <gst/gst.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/gst_ptr.h"

namespace hmm::testing {
namespace {

constexpr int kRate = 16000;
constexpr const char* kSpeech =
    "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0870.wav";

std::vector<int16_t> speech() {
  std::ifstream file(kSpeech, std::ios::binary);
  file.seekg(44);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<int16_t> samples(bytes.size() / 2);
  if (samples.empty()) throw std::runtime_error(std::string(kSpeech) + ": cannot be read");
  std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
  return samples;
}

struct Stop {
  void operator()(GstElement* pipeline) const {
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
};

/// Empties the bus, as an application would.
void read_bus(GstElement* pipeline) {
  while (GstMessage* message = gst_bus_pop(GST_ELEMENT_BUS(pipeline))) {
    const bool failed = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
    gst_message_unref(message);
    if (failed) throw std::runtime_error("the pipeline failed");
  }
}

}  // namespace

double resident_mib() {
  malloc_trim(0);  // what is free but kept by the allocator is not ours to explain
  long pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void soak(int minutes, const std::function<void(const SoakReading&)>& listener) {
  const std::unique_ptr<GstElement, Stop> pipeline(GST_ELEMENT(gst_object_ref_sink(
      gst_parse_launch("appsrc name=source format=time block=true max-bytes=64000 "
                       "caps=audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved ! "
                       "hmmmelfeatures ! hmmstreamdecode name=decoder decoder.src ! fakesink "
                       "decoder.features_src ! fakesink async=false",
                       nullptr))));
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline.get()), "source");
  gst_object_unref(source);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);

  const std::vector<int16_t> samples = speech();
  std::mt19937 random(1);
  std::uniform_int_distribution<int> noise(-30, 30);
  std::size_t at = 0;
  for (int minute = 0; minute < minutes; ++minute) {
    for (int second = 0; second < 60; ++second) {
      GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 2 * kRate, nullptr);
      GstMapInfo map;
      gst_buffer_map(buffer, &map, GST_MAP_WRITE);
      auto* out = reinterpret_cast<int16_t*>(map.data);
      const bool pause = second % 10 == 9;
      for (int n = 0; n < kRate; ++n, ++at) {
        const int said = pause ? 0 : samples[at % samples.size()];
        out[n] = static_cast<int16_t>(std::clamp(said + noise(random), -32768, 32767));
      }
      gst_buffer_unmap(buffer, &map);
      GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(minute * 60 + second) * GST_SECOND;
      GstFlowReturn flow = GST_FLOW_OK;
      g_signal_emit_by_name(source, "push-buffer", buffer, &flow);
      gst_buffer_unref(buffer);
      read_bus(pipeline.get());
      if (flow != GST_FLOW_OK) throw std::runtime_error("the pipeline takes no more");
    }
    listener({60.0 * (minute + 1), resident_mib()});
  }

  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(source, "end-of-stream", &flow);
  const std::unique_ptr<GstMessage, gst::MiniObjectUnref> end(
      gst_bus_timed_pop_filtered(GST_ELEMENT_BUS(pipeline.get()), 60 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  GstElement* decoder = gst_bin_get_by_name(GST_BIN(pipeline.get()), "decoder");
  GstStructure* stats = nullptr;
  g_object_get(decoder, "stats", &stats, nullptr);
  gst_object_unref(decoder);
  guint64 frames = 0;
  gst_structure_get_uint64(stats, "frames", &frames);
  gst_structure_free(stats);
  if (!end || frames < static_cast<guint64>(minutes) * 6000 - 5) {
    throw std::runtime_error("only " + std::to_string(frames) + " frames were decoded");
  }
}

}  // namespace hmm::testing
