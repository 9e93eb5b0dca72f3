#include "core/metrics/spectral_distortion.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/frontend/real_fft.h"
#include "core/frontend/window.h"

namespace hmm {
namespace {

/// Levels in dB of one frame after another.
class LevelSpectrum {
 public:
  LevelSpectrum(std::size_t window, double floor)
      : window_(make_window(WindowShape::hann, static_cast<int>(window))),
        fft_(fft_size(window)),
        padded_(static_cast<std::size_t>(fft_.size())),
        power_(static_cast<std::size_t>(fft_.bins())) {
    double sum = 0;
    for (const double weight : window_) sum += weight;
    full_scale_ = sum * sum / 4;  // the peak of a sine of amplitude 1
    lowest_ = full_scale_ * std::pow(10.0, floor / 10);
  }

  std::vector<double> operator()(std::span<const float> frame) {
    for (std::size_t i = 0; i < window_.size(); ++i) padded_[i] = window_[i] * frame[i];
    fft_.power(padded_, power_);
    std::vector<double> levels;
    for (const float power : power_) {
      levels.push_back(10 * std::log10(std::max<double>(power, lowest_) / full_scale_));
    }
    return levels;
  }

 private:
  static int fft_size(std::size_t window) {
    int size = 2;
    while (static_cast<std::size_t>(size) < window) size *= 2;
    return size;
  }

  std::vector<double> window_;
  RealFft fft_;
  std::vector<double> padded_;
  std::vector<float> power_;
  double full_scale_ = 0;
  double lowest_ = 0;
};

}  // namespace

SpectralDistortion spectral_distortion(std::span<const float> reference,
                                       std::span<const float> hypothesis, double sample_rate,
                                       const SpectralDistortionOptions& options) {
  const double window_samples = std::round(options.window * sample_rate);
  const double hop_samples = std::round(options.hop * sample_rate);
  if (!(window_samples >= 2 && window_samples <= 1 << 20 && hop_samples >= 1 &&
        hop_samples <= 1 << 20 && options.floor < 0)) {
    throw SettingsError(
        "spectral distortion needs a window of 2 samples or more, a hop of 1 or more and a floor "
        "below 0 dB");
  }
  const auto window = static_cast<std::size_t>(window_samples);
  const auto hop = static_cast<std::size_t>(hop_samples);
  const auto [shorter, longer] = std::minmax({reference.size(), hypothesis.size()});
  if (longer - shorter >= hop) {
    throw DataError("the signals have " + std::to_string(reference.size()) + " and " +
                    std::to_string(hypothesis.size()) + " samples; make them equally long");
  }
  if (shorter < window) {
    throw DataError("the signals are shorter than a window of " + std::to_string(window) +
                    " samples");
  }
  LevelSpectrum levels(window, options.floor);
  SpectralDistortion result;
  double sum = 0;
  for (std::size_t start = 0; start + window <= shorter; start += hop, ++result.frames) {
    const auto p = levels(reference.subspan(start, window));
    const auto q = levels(hypothesis.subspan(start, window));
    double squares = 0;
    for (std::size_t k = 0; k < p.size(); ++k) squares += (p[k] - q[k]) * (p[k] - q[k]);
    sum += std::sqrt(squares / static_cast<double>(p.size()));
  }
  result.mean = sum / static_cast<double>(result.frames);
  return result;
}

}  // namespace hmm
