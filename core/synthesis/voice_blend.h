// Looks up what voices know about a label, blending several voices by weight.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/model/voice.h"

namespace hmm {

/// What a voice says about one phone, N states long.
struct LabelStatistics {
  struct Stream {
    BasicMatrix<double> mean;       // [N x W*D], static features first, then each dynamic window
    BasicMatrix<double> precision;  // [N x W*D], inverse variances
    std::vector<double> voiced;     // [N], the weight of the voiced space; MSD streams only
  };
  std::vector<double> duration_mean;      // [N] frames
  std::vector<double> duration_variance;  // [N]
  std::vector<Stream> streams;
  bool in_global_variance = true;  // False for pauses (GV_OFF_CONTEXT).
  bool matched = false;            // Some question of the trees was answered with yes.
};

/// Mean and variance of a static feature's variance over an utterance.
struct GlobalVariance {
  std::vector<double> mean;      // [D]
  std::vector<double> variance;  // [D]
};

/// One voice, or several whose means and variances are mixed with weights that sum to 1.
class VoiceBlend {
 public:
  explicit VoiceBlend(std::shared_ptr<const Voice> voice);
  /// Weights are scaled to sum to 1. Throws SettingsError when they cannot be, or when the voices
  /// differ in rate, frame period, states, streams, windows or spectral coding.
  VoiceBlend(std::vector<std::shared_ptr<const Voice>> voices, std::vector<double> weights);

  /// The voice that rate, windows and coding are taken from.
  const Voice& voice() const { return *voices_[0]; }

  LabelStatistics look_up(std::string_view label) const;

  bool has_global_variance(std::size_t stream) const;
  GlobalVariance global_variance(std::size_t stream, std::string_view label) const;

  /// Mean [D] and variance [D] of a stream's static means over all states of the voices, voiced
  /// states counting by their weight: what to expect of an utterance before it is heard.
  void prior_moments(std::size_t stream, std::vector<double>& mean,
                     std::vector<double>& variance) const;

 private:
  std::vector<std::shared_ptr<const Voice>> voices_;
  std::vector<double> weights_;
};

}  // namespace hmm
