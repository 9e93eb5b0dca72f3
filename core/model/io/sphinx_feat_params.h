// CMU Sphinx feat.params: how the features of a model were made, as command-line options.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/frontend/front_end_config.h"

namespace hmm {

/// What the options say; an option that is absent has the default of the original programs.
struct SphinxFeatureParameters {
  double sample_rate = 16000;         // -samprate, Hz
  double frame_rate = 100;            // -frate, frames a second
  double window_length = 0.025625;    // -wlen, seconds
  int fft_size = 512;                 // -nfft
  int filters = 40;                   // -nfilt
  double low_frequency = 133.33334;   // -lowerf, Hz
  double high_frequency = 6855.4976;  // -upperf, Hz
  int coefficients = 13;              // -ncep
  double pre_emphasis = 0.97;         // -alpha
  std::string transform = "legacy";   // -transform: legacy, dct or htk
  int lifter = 0;                     // -lifter
  bool unit_area = true;              // -unit_area
  bool round_filters = true;          // -round_filters
  bool double_bandwidth = false;      // -doublebw
  bool remove_dc = false;             // -remove_dc
  bool remove_noise = true;           // -remove_noise
  bool remove_silence = true;         // -remove_silence
  bool dither = false;                // -dither
  std::string feature = "1s_c_d_dd";  // -feat
  /// -svspec: the dimensions of each stream; none: the streams of `feature`.
  std::vector<std::vector<int>> streams;
  std::string gain_control = "none";  // -agc: none, max, emax or noise
  /// -cmn: none, batch or live; the older names current and prior are read as batch and live.
  std::string mean_normalisation = "live";
  std::vector<float> initial_mean = {40, 3, -1};  // -cmninit, where live normalisation starts
  bool normalise_variance = false;                // -varnorm
};

/// Throws ParseError for what is no option, for values that make no sense, and for options that
/// change features in a way that is not supported (-lda, -warp_params). Options that only steer
/// the decoder are passed over.
SphinxFeatureParameters parse_sphinx_feat_params(std::span<const std::byte> bytes,
                                                 const std::string& file);

/// The front end that makes these features, its mean normalisation included. Speech detection and
/// dither are left to others. Throws ParseError, which names `file`, for what it cannot make.
FrontEndConfig sphinx_front_end(const SphinxFeatureParameters& parameters, const std::string& file);

}  // namespace hmm
