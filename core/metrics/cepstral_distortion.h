// Mel-cepstral distortion: how far apart two spectral envelopes are, in dB.
//
// Of two frames: 10 / ln 10 * sqrt(2 * sum over d of (a_d - b_d)^2), d from 1, so that loudness
// (the 0th coefficient) does not count (Kubichek 1993; the default of SPTK's cdist). Of two
// recordings: its mean over the frames, or with time warping over the steps of the path.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/base/matrix.h"

namespace hmm {

double frame_cepstral_distortion(std::span<const float> a, std::span<const float> b);

struct CepstralDistortionOptions {
  std::size_t first_coefficient = 1;  // 0: loudness counts too
  bool warp = false;                  // lay the frames over each other by dynamic time warping
  std::optional<double> band = std::nullopt;  // of the warping, in frames
};

struct CepstralDistortion {
  std::size_t frames = 0;  // or steps of the path
  double mean = 0;         // dB
};

/// Mel-cepstra [T x D] with all their coefficients. Throws DataError for no frames, for different D
/// or, without warping, different T; SettingsError for no coefficient left to compare.
CepstralDistortion cepstral_distortion(MatrixView reference, MatrixView hypothesis,
                                       const CepstralDistortionOptions& options = {});

}  // namespace hmm
