#include "tests/pipelines/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace hmm::testing {

namespace fs = std::filesystem;

std::vector<fs::path> recordings() {
  std::vector<fs::path> paths;
  for (const char* folder : {"librivox", "cards"}) {
    for (const auto& entry : fs::directory_iterator(kPocketsphinxTestData / folder)) {
      if (entry.path().extension() == ".wav") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

OutputFolder::OutputFolder() {
  std::string name = (fs::temp_directory_path() / "hmm-pipeline-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

OutputFolder::~OutputFolder() { fs::remove_all(path_); }

Pipeline::Pipeline(const std::string& description) {
  GError* error = nullptr;
  pipeline_ = gst_parse_launch(description.c_str(), &error);
  if (error != nullptr) {
    const std::string reason = error->message;
    g_error_free(error);
    throw std::runtime_error(description + ": " + reason);
  }
  gst_object_ref_sink(pipeline_);
  if (GstElement* decoder = gst_bin_get_by_name(GST_BIN(pipeline_), "decoder")) {
    GstPad* pad = gst_element_get_static_pad(decoder, "src");
    gst_pad_add_probe(pad,
                      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                                   GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                      &record, this, nullptr);
    gst_object_unref(pad);
    gst_object_unref(decoder);
  }
}

Pipeline::~Pipeline() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
}

GstElement* Pipeline::child(const char* name) {
  GstElement* element = gst_bin_get_by_name(GST_BIN(pipeline_), name);
  if (element == nullptr) throw std::runtime_error(std::string("no element ") + name);
  gst_object_unref(element);
  return element;
}

bool Pipeline::reach(GstState state) {
  if (gst_element_set_state(pipeline_, state) == GST_STATE_CHANGE_FAILURE) return false;
  return gst_element_get_state(pipeline_, nullptr, nullptr, kTimeout) != GST_STATE_CHANGE_FAILURE &&
         GST_STATE(pipeline_) == state;
}

GstMessageType Pipeline::wait_for(GstMessageType types) {
  GstBus* bus = GST_ELEMENT_BUS(pipeline_);
  while (GstMessage* message = gst_bus_timed_pop(bus, kTimeout)) {
    const GstMessageType type = GST_MESSAGE_TYPE(message);
    note(message);
    gst_message_unref(message);
    if ((type & (types | GST_MESSAGE_ERROR)) != 0) return type;
  }
  return GST_MESSAGE_UNKNOWN;
}

bool Pipeline::play() {
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
  return wait_for(GST_MESSAGE_EOS) == GST_MESSAGE_EOS;
}

std::vector<Piece> Pipeline::take_pieces() {
  const std::lock_guard lock(mutex_);
  return std::exchange(pieces_, {});
}

GstPadProbeReturn Pipeline::record(GstPad*, GstPadProbeInfo* info, gpointer user) {
  auto* self = static_cast<Pipeline*>(user);
  Piece piece;
  if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    piece = {GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer),
             std::string(gst_buffer_get_size(buffer), ' ')};
    gst_buffer_extract(buffer, 0, piece.text.data(), piece.text.size());
  } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_GAP) {
    gst_event_parse_gap(GST_PAD_PROBE_INFO_EVENT(info), &piece.start, &piece.duration);
  } else {
    return GST_PAD_PROBE_OK;
  }
  const std::lock_guard lock(self->mutex_);
  self->pieces_.push_back(piece);
  return GST_PAD_PROBE_OK;
}

void Pipeline::note(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR ||
      GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    const bool fatal = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
    GError* error = nullptr;
    gchar* details = nullptr;
    (fatal ? gst_message_parse_error : gst_message_parse_warning)(message, &error, &details);
    (fatal ? errors : warnings)
        .push_back(std::string(GST_MESSAGE_SRC_NAME(message)) + ": " + error->message);
    g_error_free(error);
    g_free(details);
  }
  if (!gst_message_has_name(message, "hmm-state")) return;
  StateMessage state;
  gchar *label = nullptr, *commit = nullptr;
  EXPECT_TRUE(gst_structure_get(gst_message_get_structure(message), "timestamp", G_TYPE_UINT64,
                                &state.timestamp, "stream-time", G_TYPE_UINT64, &state.stream_time,
                                "running-time", G_TYPE_UINT64, &state.running_time, "duration",
                                G_TYPE_UINT64, &state.duration, "state", G_TYPE_INT, &state.state,
                                "label", G_TYPE_STRING, &label, "commit", G_TYPE_STRING, &commit,
                                "confidence", G_TYPE_DOUBLE, &state.confidence, "log-likelihood",
                                G_TYPE_DOUBLE, &state.log_likelihood, nullptr));
  state.label = label;
  state.commit = commit;
  g_free(label);
  g_free(commit);
  states.push_back(state);
}

std::string wav_source(const fs::path& path) {
  return "filesrc location=" + path.string() + " ! wavparse";
}

std::string decoder(const std::string& properties) {
  return "audioconvert ! audioresample ! hmmmelfeatures ! hmmstreamdecode name=decoder " +
         properties;
}

void expect_covered(const std::vector<Piece>& pieces, GstClockTime start, GstClockTime end) {
  GstClockTime position = start;
  for (const Piece& piece : pieces) {
    ASSERT_EQ(piece.start, position) << piece.text;
    position += piece.duration;
  }
  EXPECT_EQ(position, end);
}

void expect_on_grid(const std::vector<Piece>& pieces, GstClockTime origin) {
  for (const Piece& piece : pieces) {
    if (piece.start != origin) {
      EXPECT_EQ((piece.start - origin - kLabelOffset) % kHop, 0u) << piece.start << piece.text;
    }
    EXPECT_EQ((piece.start + piece.duration - origin - kLabelOffset) % kHop, 0u) << piece.text;
  }
}

namespace {

/// The label at a time; empty in gaps.
std::string label_at(const std::vector<Piece>& pieces, GstClockTime time) {
  for (const Piece& piece : pieces) {
    if (piece.start <= time && time < piece.start + piece.duration) return piece.text;
  }
  return "";
}

}  // namespace

double agreement(const std::vector<Piece>& a, const std::vector<Piece>& b, GstClockTime start,
                 GstClockTime end) {
  int same = 0, all = 0;
  for (GstClockTime time = start; time < end; time += kHop) {
    same += label_at(a, time) == label_at(b, time) ? 1 : 0;
    ++all;
  }
  return all == 0 ? 0 : static_cast<double>(same) / all;
}

}  // namespace hmm::testing
