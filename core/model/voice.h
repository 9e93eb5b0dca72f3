// A voice for HSMM speech synthesis: what an .htsvoice file holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/decision_tree.h"

namespace hmm {

/// A regression window: it makes a static, delta or delta-delta feature of frame t from the frames
/// t - left .. t - left + coefficients.size() - 1.
struct DynamicWindow {
  std::size_t left = 0;
  std::vector<double> coefficients;

  std::size_t right() const { return coefficients.size() - 1 - left; }
  bool operator==(const DynamicWindow&) const = default;
};

/// One stream of parameters. A density holds means [W x D], variances [W x D] and, in a stream of a
/// multi-space distribution (MSD), the weight of the voiced space.
struct VoiceStream {
  std::string name;  // MCP (spectrum), LF0, LPF
  std::size_t dimension = 0;
  bool is_msd = false;
  std::vector<DynamicWindow> windows;  // The first is the static one, {0, {c}}.
  TiedDensities densities;
  /// Global variance: means [D] and variances [D] of the static features' variance in an utterance.
  std::optional<TiedDensities> global_variance;
};

/// How the spectral stream is coded.
struct SpectrumCoding {
  double alpha = 0;       // All-pass constant of the frequency warping.
  unsigned stage = 0;     // 0: mel-cepstrum; else line spectral pairs with gamma -1/stage.
  bool log_gain = false;  // LSP only: the first coefficient is the logarithm of the gain.

  bool operator==(const SpectrumCoding&) const = default;
};

/// Streams come in the order spectrum, log F0 (one dimension, MSD) and, if there is a third, the
/// taps (an odd number) of the low-pass filter of mixed excitation.
struct Voice {
  std::string file;
  unsigned sample_rate = 0;   // Hz
  unsigned frame_period = 0;  // samples
  unsigned n_state = 0;
  std::string label_format;   // FULLCONTEXT_FORMAT: HTS_TTS_ENG, HTS_TTS_JPN
  std::string label_version;  // FULLCONTEXT_VERSION
  std::string comment;
  SpectrumCoding spectrum;
  std::vector<LabelPattern> gv_off_contexts;  // Labels left out of the global variance (pauses).
  TiedDensities durations;                    // Density: means [N] and variances [N] in frames.
  std::vector<VoiceStream> streams;
};

}  // namespace hmm
