// Parameters of speech that does not end: the trajectories with a few frames of look-ahead.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/synthesis/parameter_generation.h"
#include "core/synthesis/trajectory_solver.h"
#include "core/synthesis/voice_blend.h"

namespace hmm {

/// One frame of SpeechParameters.
struct ParameterFrame {
  std::vector<double> spectrum;  // [D]
  double log_f0 = kUnvoiced;
  std::vector<double> low_pass;  // [taps], empty when the voice has no such stream
};

/// The exact trajectory of a frame needs the whole utterance, but what lies more than some tenths
/// of a second ahead hardly moves it. Each frame is solved as if the utterance ended `look_ahead`
/// frames later; memory does not grow with the length of the utterance.
///
/// The global variance, a property of whole utterances, is approximated: each frame is stretched
/// about a running mean by the ratio of the expected to a running variance, both started from the
/// voice's own states and forgotten over some seconds.
class StreamingGenerator {
 public:
  StreamingGenerator(const VoiceBlend& blend, const GenerationSettings& settings,
                     std::size_t look_ahead);

  /// A label and the durations [N] of its states, in frames.
  void push(LabelStatistics statistics, std::span<const uint32_t> durations,
            std::string_view label);
  /// No label follows: the frames that wait for the look-ahead can be given out.
  void finish() { finished_ = true; }

  /// The next frame. False when more labels are needed, or, once finished, at the end.
  bool next(ParameterFrame& frame);

 private:
  /// The running first and second moments of one stream's static features.
  struct RunningVariance {
    std::vector<double> target;    // [D] the expected variance
    std::vector<double> mean;      // [D]
    std::vector<double> variance;  // [D]
    double weight = 0;             // frames
  };
  struct Track {
    TrajectorySolver solver;
    std::deque<char> voiced;   // of the frames fed and not given out
    std::deque<char> counted;  // of the rows fed and not given out
    uint64_t next_row = 0;
    std::optional<RunningVariance> variance;
  };
  struct PendingLabel {
    LabelStatistics statistics;
    std::vector<uint32_t> durations;
    std::size_t state = 0;
    uint32_t frames_given = 0;
  };

  void start_variance(std::size_t stream, std::string_view label);
  bool feed_frame();
  void feed(std::size_t stream, const LabelStatistics& label, std::size_t state);
  bool take(std::size_t stream, std::span<double> values);

  const VoiceBlend& blend_;
  GenerationSettings settings_;
  std::size_t look_ahead_;
  std::vector<Track> tracks_;
  std::deque<PendingLabel> labels_;
  uint64_t fed_ = 0, given_ = 0;
  bool started_ = false, finished_ = false;
};

}  // namespace hmm
