// Log-spectral distortion: how far apart the short-time spectra of two signals are, in dB.
//
// Of two frames: sqrt(mean over bins of (10 log10 P_k - 10 log10 Q_k)^2) with their power spectra P
// and Q (Gray and Markel 1976, "Distance measures for speech processing"); of two signals: its mean
// over the frames.
#pragma once

#include <cstddef>
#include <span>

namespace hmm {

struct SpectralDistortionOptions {
  double window = 0.025;  // s, Hann
  double hop = 0.005;     // s
  /// Powers are not taken below this many dB under that of a full-scale sine, so that digital
  /// silence has a level.
  double floor = -100;
};

struct SpectralDistortion {
  std::size_t frames = 0;
  double mean = 0;  // dB
};

/// Signals of one sample rate, as long as each other (a difference of less than a hop is cut off).
/// Throws DataError for signals shorter than a window or of different length, SettingsError for
/// options out of range.
SpectralDistortion spectral_distortion(std::span<const float> reference,
                                       std::span<const float> hypothesis, double sample_rate,
                                       const SpectralDistortionOptions& options = {});

}  // namespace hmm
