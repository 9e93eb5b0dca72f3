// Speaks full-context labels: durations, parameters and samples in one object.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/language/full_context_label.h"
#include "core/synthesis/duration_planner.h"
#include "core/synthesis/parameter_generation.h"
#include "core/synthesis/streaming_generation.h"
#include "core/synthesis/vocoder.h"
#include "core/synthesis/voice_blend.h"

namespace hmm {

struct SynthesisSettings {
  GenerationSettings generation = {};
  double speaking_rate = 1;  // 2 speaks twice as fast.
  double volume = 1;         // Linear.
  double postfilter = 0;     // 0 (off) to 1.
  /// Labels end at their own times instead of when the voice would have them end.
  bool durations_from_times = false;
  /// Frames of look-ahead; without it an utterance is spoken when all its labels are there.
  std::optional<std::size_t> look_ahead = std::nullopt;
  /// Refuses labels made for another language's voices, and text that is no label: without the
  /// shape of one and unknown to every question of the voice.
  bool check_labels = true;
};

/// 0.3 s at the usual 5 ms a frame: see docs/synthesis.md for what other values give.
inline constexpr std::size_t kDefaultLookAhead = 60;

/// When a label is spoken.
struct LabelTiming {
  std::string context;
  uint64_t first_frame = 0;
  std::vector<uint32_t> durations;  // [N] frames
};

/// One frame of speech.
struct SpeechFrame {
  ParameterFrame parameters;    // As generated; the spectrum after the postfilter.
  std::vector<double> samples;  // [frame_period], +-32768 at full scale, not clipped
};

/// Labels go in one at a time, frames come out; with look_ahead memory does not grow with the
/// length of the utterance.
class SpeechSynthesizer {
 public:
  /// Throws SettingsError for settings out of range.
  SpeechSynthesizer(VoiceBlend blend, SynthesisSettings settings);
  SpeechSynthesizer(const SpeechSynthesizer&) = delete;
  SpeechSynthesizer& operator=(const SpeechSynthesizer&) = delete;

  /// The next label of the utterance. After finish() it is the first of the next utterance, and
  /// what has not been taken of the last one is dropped. Throws DataError when the label does not
  /// fit the voice.
  void push(const FullContextLabel& label);
  /// The utterance has all its labels. Throws DataError when it has none, is too long to be spoken
  /// without look-ahead (2^18 frames), or lacks times it was to follow.
  void finish();

  /// The next frame. False when more labels are needed; after finish(), at the end.
  bool next(SpeechFrame& frame);
  /// When the next label whose durations are decided is spoken, each label once and in order.
  std::optional<LabelTiming> next_timing();

  const Voice& voice() const { return blend_.voice(); }

 private:
  void check_label(const FullContextLabel& label, const LabelStatistics& statistics) const;
  void schedule(const std::vector<uint32_t>& durations);
  void generate_utterance();
  bool next_parameters(ParameterFrame& frame);
  void reset();

  struct WaitingLabel {
    std::string context;
    LabelStatistics statistics;  // Moved to utterance_ without look-ahead.
  };

  VoiceBlend blend_;
  SynthesisSettings settings_;
  std::optional<DurationPlanner> planner_;
  std::optional<StreamingGenerator> streaming_;
  std::optional<Vocoder> vocoder_;
  uint64_t n_label_ = 0, n_frame_ = 0;
  bool finished_ = false;
  std::deque<WaitingLabel> waiting_;  // Labels whose durations are not decided yet.
  std::deque<LabelTiming> timings_;

  // Without look-ahead: the whole utterance.
  std::vector<LabelStatistics> utterance_;
  std::vector<uint32_t> durations_;
  SpeechParameters parameters_;
  std::size_t next_frame_ = 0;
};

}  // namespace hmm
