// A whole pipeline under test: plays, and remembers what the element named "decoder" gave out.
#pragma once

#include <gst/gst.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "tests/plugins/decode_harness.h"

namespace hmm::testing {

inline const std::filesystem::path kLibrivox = kPocketsphinxTestData / "librivox";
inline const std::filesystem::path kSpeech =
    kLibrivox / "sense_and_sensibility_01_austen_64kb-0870.wav";
/// What is between a label's boundary and the start of its frame: half of window less hop.
inline constexpr GstClockTime kLabelOffset = 7812500;
inline constexpr GstClockTime kTimeout = 60 * GST_SECOND;

/// The recordings of librivox and cards, sorted.
std::vector<std::filesystem::path> recordings();

/// A folder that is gone with this.
class OutputFolder {
 public:
  OutputFolder();
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// An hmm-state message.
struct StateMessage {
  guint64 timestamp = 0, stream_time = 0, running_time = 0, duration = 0;
  gint state = 0;
  std::string label, commit;
  gdouble confidence = 0, log_likelihood = 0;
  bool operator==(const StateMessage&) const = default;
};

class Pipeline {
 public:
  /// As for gst-launch-1.0. Text and gaps are recorded at the source pad of "decoder", if there is
  /// an element of that name.
  explicit Pipeline(const std::string& description);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  GstElement* get() { return pipeline_; }
  /// An element by its name; the pipeline holds it.
  GstElement* child(const char* name);

  /// Asks for a state and waits until it is reached; false when it is not.
  bool reach(GstState state);
  /// Reads the bus until a message of these types or an error comes; 0 after kTimeout.
  GstMessageType wait_for(GstMessageType types);
  /// Plays until the end; false when an error or nothing came.
  bool play();

  /// Text and gaps in the order in which they came, since the last call.
  std::vector<Piece> take_pieces();
  /// What the bus told until now.
  std::vector<StateMessage> states;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;

 private:
  static GstPadProbeReturn record(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void note(GstMessage* message);

  GstElement* pipeline_ = nullptr;
  std::mutex mutex_;
  std::vector<Piece> pieces_;  // under the mutex
};

/// "filesrc location=PATH ! wavparse"
std::string wav_source(const std::filesystem::path& path);
/// "audioconvert ! audioresample ! hmmmelfeatures ! hmmstreamdecode name=decoder PROPERTIES"
std::string decoder(const std::string& properties = "");

/// Every nanosecond from `start` to `end` is covered exactly once, in order.
void expect_covered(const std::vector<Piece>& pieces, GstClockTime start, GstClockTime end);
/// Frames from `origin` on, 10 ms each, cover these pieces: every boundary is one of theirs.
void expect_on_grid(const std::vector<Piece>& pieces, GstClockTime origin);
/// How much of the time from `start` to `end` has the same label in both, 0 to 1.
double agreement(const std::vector<Piece>& a, const std::vector<Piece>& b, GstClockTime start,
                 GstClockTime end);

}  // namespace hmm::testing

/// Skips the test where an element of GStreamer's own plugins is absent.
#define SKIP_WITHOUT_ELEMENT(name)                                 \
  if (GstElementFactory* found = gst_element_factory_find(name)) { \
    gst_object_unref(found);                                       \
  } else                                                           \
    GTEST_SKIP() << "GStreamer's element " << name << " is not here"
#define SKIP_WITHOUT_SPEECH() \
  SKIP_WITHOUT(kModel);       \
  SKIP_WITHOUT(kLibrivox);    \
  SKIP_WITHOUT_ELEMENT("wavparse")
