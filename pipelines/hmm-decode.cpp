// hmm-decode: decodes recordings and writes what was found in every form that a person or a program
// wants to read. It only wires GStreamer elements and writers of the core together.
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/frontend/front_end.h"
#include "core/language/labels/label_file.h"
#include "pipelines/decode_picture.h"
#include "pipelines/structure_json.h"

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string model;
  std::string language_model;
  int lag = 300;
  fs::path output = ".";
  bool picture = true;
  std::vector<fs::path> inputs;
};

/// What is known of a recording once it has been decoded.
struct Decoded {
  double duration = 0;    // s
  double processing = 0;  // s
  double confidence = 0;  // mean over time
  DecodePicture picture;
};

struct Unref {
  void operator()(GstElement* element) const {
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using ElementPtr = std::unique_ptr<GstElement, Unref>;
using MessagePtr = std::unique_ptr<GstMessage, Unref>;

GstElement* child(const ElementPtr& pipeline, const char* name) {
  GstElement* element = gst_bin_get_by_name(GST_BIN(pipeline.get()), name);
  gst_object_unref(element);  // the pipeline holds it
  return element;
}

ElementPtr make_pipeline(const Options& options, const fs::path& input, const fs::path& result) {
  GError* error = nullptr;
  ElementPtr pipeline(gst_parse_launch(
      "filesrc name=file ! decodebin ! audioconvert ! audioresample ! tee name=audio "
      "audio. ! queue ! hmmmelfeatures ! hmmstreamdecode name=decoder ! tee name=text "
      "text. ! queue ! srtenc ! filesink name=srt "
      "text. ! queue ! webvttenc ! filesink name=vtt "
      "audio. ! queue ! audioconvert ! audio/x-raw,format=F32LE,channels=1 ! "
      "appsink name=samples sync=false",
      &error));
  if (error != nullptr) {
    const std::string reason = error->message;
    g_error_free(error);
    throw hmm::NotFoundError("the pipeline cannot be built: " + reason);
  }
  const auto file = [&](const char* name, const fs::path& path) {
    g_object_set(child(pipeline, name), "location", path.c_str(), nullptr);
  };
  file("file", input);
  file("srt", result.string() + ".srt");
  file("vtt", result.string() + ".vtt");
  g_object_set(child(pipeline, "decoder"), "model", options.model.c_str(), "language-model",
               options.language_model.c_str(), "lag", static_cast<guint>(options.lag), nullptr);
  return pipeline;
}

GstFlowReturn add_samples(GstAppSink* sink, gpointer user) {
  GstSample* sample = gst_app_sink_pull_sample(sink);
  if (sample == nullptr) return GST_FLOW_EOS;
  auto& samples = *static_cast<std::vector<float>*>(user);
  GstMapInfo map;
  if (gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ)) {
    const auto* values = reinterpret_cast<const float*>(map.data);
    samples.insert(samples.end(), values, values + map.size / sizeof(float));
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
  }
  gst_sample_unref(sample);
  return GST_FLOW_OK;
}

void collect(GstElement* sink, std::vector<float>& samples) {
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = add_samples;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, &samples, nullptr);
}

void add_state(const GstStructure* message, Decoded& decoded) {
  guint64 start = 0, duration = 0;
  DecodePicture::State state;
  gst_structure_get(message, "timestamp", G_TYPE_UINT64, &start, "duration", G_TYPE_UINT64,
                    &duration, "state", G_TYPE_INT, &state.state, "confidence", G_TYPE_DOUBLE,
                    &state.confidence, nullptr);
  state.start = static_cast<double>(start) * 1e-9;
  state.end = static_cast<double>(start + duration) * 1e-9;
  decoded.picture.states.push_back(state);
  decoded.confidence += state.confidence * (state.end - state.start);
  decoded.duration = state.end;
}

[[noreturn]] void throw_error(GstMessage* message) {
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  const std::string reason = error->message;
  g_error_free(error);
  throw hmm::DataError(reason);
}

/// Plays until the end; every message of our elements becomes a line of `lines`.
void play(const ElementPtr& pipeline, std::ostream& lines, Decoded& decoded) {
  const auto start = std::chrono::steady_clock::now();
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  GstBus* bus = GST_ELEMENT_BUS(pipeline.get());
  const auto wanted =
      static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
  while (true) {
    const MessagePtr message(gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE, wanted));
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) break;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) throw_error(message.get());
    const GstStructure* fields = gst_message_get_structure(message.get());
    if (!g_str_has_prefix(gst_structure_get_name(fields), "hmm-")) continue;
    lines << structure_to_json(fields) << '\n';
    if (gst_structure_has_name(fields, "hmm-state")) add_state(fields, decoded);
  }
  decoded.processing =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (decoded.duration > 0) decoded.confidence /= decoded.duration;
}

Decoded decode(const Options& options, const fs::path& input, const fs::path& result) {
  Decoded decoded;
  std::ofstream lines(result.string() + ".jsonl");
  if (!lines) throw hmm::NotFoundError(result.string() + ".jsonl: cannot be written");
  {
    const ElementPtr pipeline = make_pipeline(options, input, result);
    collect(child(pipeline, "samples"), decoded.picture.samples);
    play(pipeline, lines, decoded);
  }
  if (!lines.flush()) throw hmm::DataError(result.string() + ".jsonl: could not be written whole");
  hmm::Labels labels = hmm::read_labels(result.string() + ".vtt");
  labels.tiers.at(0).name = "phones";
  hmm::write_file(result.string() + ".TextGrid",
                  hmm::write_labels(labels, hmm::LabelFormat::kTextGrid));
  if (options.picture) {
    DecodePicture& picture = decoded.picture;
    picture.title = input.filename().string();
    picture.duration = decoded.duration;
    picture.phones = labels.tiers.at(0);
    hmm::FrontEnd mel(hmm::preset("kaldi-fbank"));
    mel.push(picture.samples);
    mel.flush();
    picture.log_mel = mel.take();
    picture.write_png(result.string() + ".png");
  }
  return decoded;
}

/// Decodes all inputs; one that fails does not stop the others. Returns how many failed.
int decode_all(const Options& options) {
  int failed = 0;
  double seconds = 0, processing = 0, confidence = 0;
  for (const fs::path& input : options.inputs) {
    const fs::path result = options.output / input.stem();
    try {
      const Decoded decoded = decode(options, input, result);
      std::printf("%s: %.2f s of audio, real-time factor %.4f, mean confidence %.3f\n",
                  input.filename().c_str(), decoded.duration, decoded.processing / decoded.duration,
                  decoded.confidence);
      seconds += decoded.duration;
      processing += decoded.processing;
      confidence += decoded.confidence * decoded.duration;
    } catch (const hmm::Error& error) {
      std::fprintf(stderr, "hmm-decode: %s: %s\n", input.c_str(), error.what());
      ++failed;
    }
  }
  if (seconds > 0) {
    std::printf("Together %.2f s of audio, real-time factor %.4f, mean confidence %.3f\n", seconds,
                processing / seconds, confidence / seconds);
  }
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Decodes recordings (anything GStreamer reads) into phones and states.\n\n"
      "For each INPUT it writes into the output folder:\n"
      "  NAME.jsonl     every message of the decoder, a JSON object a line\n"
      "  NAME.srt .vtt  the phones as subtitles\n"
      "  NAME.TextGrid  the phones for Praat\n"
      "  NAME.png       waveform, spectrogram, phones, states and confidence over time");
  Options options;
  app.add_option("-m,--model", options.model,
                 "folder of a CMU Sphinx acoustic model [Debian's pocketsphinx-en-us]");
  app.add_option("-l,--language-model", options.language_model,
                 "phone n-grams, ARPA or .lm.bin [the ones beside the model]");
  app.add_option("--lag", options.lag, "decide at the latest after this many milliseconds [300]")
      ->check(CLI::Range(0, 60000));
  app.add_option("-o,--output", options.output, "folder for the results [.]");
  app.add_flag("!--no-picture", options.picture, "write no PNG");
  app.add_option("INPUT", options.inputs, "recordings")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  gst_init(nullptr, nullptr);
  std::error_code error;
  fs::create_directories(options.output, error);
  if (error) {
    std::fprintf(stderr, "hmm-decode: %s: %s\n", options.output.c_str(), error.message().c_str());
    return 2;
  }
  return decode_all(options) == 0 ? 0 : 1;
}
