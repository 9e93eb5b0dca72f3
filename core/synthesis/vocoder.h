// From parameters to samples.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/model/voice.h"
#include "core/synthesis/excitation.h"
#include "core/synthesis/mglsa_filter.h"
#include "core/synthesis/mlsa_filter.h"
#include "core/synthesis/postfilter.h"

namespace hmm {

/// Source and filter: the excitation of each frame through the filter of its spectrum, whose
/// coefficients move linearly from frame to frame.
class Vocoder {
 public:
  /// The rates, coding and dimensions are the voice's. `postfilter` is beta, 0 (off) to 1. Throws
  /// SettingsError when it is out of range.
  explicit Vocoder(const Voice& voice, double postfilter = 0);

  /// One frame: a spectrum [D], which the postfilter changes in place, log F0 in ln Hz or
  /// kUnvoiced, the low-pass taps of a voice with mixed excitation -> `frame_period` samples, about
  /// +-32768 at full scale. Throws DataError when the parameters make the filter unstable.
  void synthesize(std::span<double> spectrum, double log_f0, std::span<const double> low_pass,
                  std::span<double> samples);

 private:
  void to_filter(std::span<double> spectrum, std::vector<double>& filter) const;

  SpectrumCoding coding_;
  Excitation excitation_;
  Postfilter postfilter_;
  std::optional<MlsaFilter> mlsa_;
  std::optional<MglsaFilter> mglsa_;
  std::vector<double> from_, to_;  // Filter coefficients at the start and the end of the frame.
  bool first_ = true;
};

}  // namespace hmm
