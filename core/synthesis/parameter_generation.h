// From the densities of an utterance's states to the parameters of its frames.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/synthesis/speech_parameters.h"
#include "core/synthesis/voice_blend.h"

namespace hmm {

struct GenerationSettings {
  double msd_threshold = 0.5;       // Voiced above this weight of the voiced space.
  double pitch = 0;                 // Semitones added to the voice's own F0.
  bool global_variance = true;      // As far as the voice has it.
  double gv_weight_spectrum = 1.0;  // Scales the variance aimed at.
  double gv_weight_log_f0 = 1.0;
};

/// Throws SettingsError for a value out of range.
void check(const GenerationSettings& settings);

/// The lowest and highest log F0 a pitch shift can reach: 20 Hz and 20 kHz.
inline constexpr double kLowestLogF0 = 2.9957322735539909934352235761425;
inline constexpr double kHighestLogF0 = 9.9034875525361280454891979401956;

/// Shifts the mean log F0 of a label's states by `semitones`.
void shift_pitch(LabelStatistics& statistics, double semitones);

/// The parameters of a whole utterance, each stream the solution over all its frames. `durations`
/// [labels * N] in frames; `first_label` picks the global variance. Unvoiced frames take no part in
/// the log F0 trajectory.
SpeechParameters generate_parameters(const VoiceBlend& blend,
                                     const std::vector<LabelStatistics>& labels,
                                     const std::vector<uint32_t>& durations,
                                     std::string_view first_label,
                                     const GenerationSettings& settings);

}  // namespace hmm
