// What the vocoder speaks from: a spectrum, a log F0 and low-pass taps for every frame.
#pragma once

#include <limits>
#include <vector>

#include "core/base/matrix.h"

namespace hmm {

/// The log F0 of a frame without voice.
inline constexpr double kUnvoiced = -std::numeric_limits<double>::infinity();

struct SpeechParameters {
  BasicMatrix<double> spectrum;  // [T x D], mel-cepstra or line spectral pairs after a gain
  std::vector<double> log_f0;    // [T], ln Hz or kUnvoiced
  BasicMatrix<double> low_pass;  // [T x taps]; no rows when the voice has no such stream
};

}  // namespace hmm
