// Triangular filters spaced on a mel scale.
#pragma once

#include <span>
#include <vector>

#include "core/frontend/front_end_config.h"

namespace hmm {

/// 2595 log10(1 + f/700), or Slaney's: linear below 1 kHz and logarithmic above.
double hertz_to_mel(MelScale scale, double hertz);
double mel_to_hertz(MelScale scale, double mel);

/// `bins` filters whose edges and centres are evenly spaced in mel from low to high frequency.
class MelFilterbank {
 public:
  /// Throws SettingsError when a filter covers no FFT bin.
  explicit MelFilterbank(const FrontEndConfig& config);

  int bins() const { return static_cast<int>(filters_.size()); }
  /// Values the spectrum given to apply() must have: fft_size/2 + 1 and zeros, so that filters can
  /// be read in whole vectors.
  std::size_t padded_spectrum_size() const { return padded_spectrum_size_; }

  /// mel[b] = sum over k of weight[b][k] spectrum[k].
  void apply(std::span<const float> spectrum, std::span<float> mel) const;

 private:
  struct Filter {
    std::size_t first_bin;
    std::size_t first_weight;
    std::size_t count;  // A multiple of kLanes; the weights past the filter's end are 0.
  };

  void add_filter(const FrontEndConfig& config, int index, const double (&edges)[3]);

  std::size_t padded_spectrum_size_;
  std::vector<Filter> filters_;
  std::vector<float> weights_;
};

}  // namespace hmm
