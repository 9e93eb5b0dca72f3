#include "core/frontend/mel_filterbank.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

// Partial sums of a filter, so that the compiler keeps them in one vector register.
constexpr std::size_t kLanes = 4;

constexpr double kSlaneyHertzPerMel = 200.0 / 3;
constexpr double kSlaneyBreakHertz = 1000;
constexpr double kSlaneyBreakMel = kSlaneyBreakHertz / kSlaneyHertzPerMel;
const double kSlaneyLogStep = std::log(6.4) / 27;

}  // namespace

double hertz_to_mel(MelScale scale, double hertz) {
  if (scale == MelScale::htk) return 2595 * std::log10(1 + hertz / 700);
  if (hertz < kSlaneyBreakHertz) return hertz / kSlaneyHertzPerMel;
  return kSlaneyBreakMel + std::log(hertz / kSlaneyBreakHertz) / kSlaneyLogStep;
}

double mel_to_hertz(MelScale scale, double mel) {
  if (scale == MelScale::htk) return 700 * (std::pow(10, mel / 2595) - 1);
  if (mel < kSlaneyBreakMel) return mel * kSlaneyHertzPerMel;
  return kSlaneyBreakHertz * std::exp((mel - kSlaneyBreakMel) * kSlaneyLogStep);
}

MelFilterbank::MelFilterbank(const FrontEndConfig& config)
    : padded_spectrum_size_(static_cast<std::size_t>(config.resolved_fft_size() / 2 + 1) + kLanes) {
  const double low = hertz_to_mel(config.mel_scale, config.low_frequency);
  const double high = hertz_to_mel(config.mel_scale, config.high_frequency);
  const double step = (high - low) / (config.bins + 1);
  const double bin_width = static_cast<double>(config.sample_rate) / config.resolved_fft_size();
  for (int b = 0; b < config.bins; ++b) {
    double edges[3];  // Left, centre, right, in Hz.
    for (int i = 0; i < 3; ++i) {
      edges[i] = mel_to_hertz(config.mel_scale, low + (b + i) * step);
      if (config.round_edges) edges[i] = std::floor(edges[i] / bin_width + 0.5) * bin_width;
    }
    add_filter(config, b, edges);
  }
}

void MelFilterbank::add_filter(const FrontEndConfig& config, int index, const double (&edges)[3]) {
  const double bin_width = static_cast<double>(config.sample_rate) / config.resolved_fft_size();
  const double height =
      config.filter_height == FilterHeight::unit_area ? 2 / (edges[2] - edges[0]) : 1;
  const auto position = [&](double hertz) {
    return config.filter_domain == FilterDomain::mel ? hertz_to_mel(config.mel_scale, hertz)
                                                     : hertz;
  };
  const double left = position(edges[0]), centre = position(edges[1]), right = position(edges[2]);

  Filter filter{0, weights_.size(), 0};
  for (int k = 0; k <= config.resolved_fft_size() / 2; ++k) {
    const double x = position(k * bin_width);
    if (x <= left || x >= right) continue;
    const double side = x <= centre ? (x - left) / (centre - left) : (right - x) / (right - centre);
    if (filter.count == 0) filter.first_bin = static_cast<std::size_t>(k);
    weights_.push_back(static_cast<float>(side * height));
    ++filter.count;
  }
  if (filter.count == 0)
    throw SettingsError("Mel bin " + std::to_string(index) + " of " + std::to_string(config.bins) +
                        " (around " + std::to_string(static_cast<int>(edges[1])) +
                        " Hz) covers no FFT bin: use fewer bins, a wider range of frequencies or "
                        "a larger FFT.");
  for (; filter.count % kLanes != 0; ++filter.count) weights_.push_back(0);
  filters_.push_back(filter);
}

void MelFilterbank::apply(std::span<const float> spectrum, std::span<float> mel) const {
  assert(spectrum.size() == padded_spectrum_size_);
  assert(mel.size() == filters_.size());
  for (std::size_t b = 0; b < filters_.size(); ++b) {
    const float* input = spectrum.data() + filters_[b].first_bin;
    const float* weight = weights_.data() + filters_[b].first_weight;
    float sums[kLanes] = {};
    for (std::size_t k = 0; k < filters_[b].count; k += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        sums[lane] += weight[k + lane] * input[k + lane];
    mel[b] = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  }
}

}  // namespace hmm
