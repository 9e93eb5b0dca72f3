#include "core/frontend/front_end.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/frontend/cepstrum.h"
#include "core/frontend/feature_transform.h"
#include "core/frontend/framer.h"
#include "core/frontend/mel_filterbank.h"
#include "core/frontend/noise_removal.h"
#include "core/frontend/real_fft.h"
#include "core/frontend/window.h"

namespace hmm {
namespace {

// Samples worked on at a time, so that a whole file is not copied.
constexpr std::size_t kBlock = 4096;
constexpr float kLargestSample = 1e6F;
constexpr double kFullScaleInteger = 32768;
constexpr double kEnergyFloor = std::numeric_limits<float>::epsilon();  // Kaldi's.

void require_usable(std::span<const float> samples) {
  bool usable = true;
  for (const float sample : samples) usable &= std::fabs(sample) <= kLargestSample;
  if (usable) return;
  const auto bad = std::ranges::find_if(
      samples, [](float sample) { return !(std::fabs(sample) <= kLargestSample); });
  char value[32];
  std::snprintf(value, sizeof value, "%g", static_cast<double>(*bad));
  throw DataError("Sample " + std::to_string(bad - samples.begin()) + " of " +
                  std::to_string(samples.size()) + " is " + value +
                  "; audio samples are finite numbers around -1 to 1.");
}

}  // namespace

struct FrontEnd::Parts {
  explicit Parts(const FrontEndConfig& settings);

  template <class Sample>
  void accept(std::span<const Sample> samples, double scale);
  void pre_emphasize_stream(std::span<double> block);
  void analyse_frames();
  void analyse(std::span<const double> samples);
  void prepare(std::span<double> samples);
  void compress();

  FrontEndConfig config;
  FeatureTransform transform;  // First after config: it validates.
  Framer framer;
  RealFft fft;
  MelFilterbank filterbank;
  NoiseRemoval noise_removal;
  Cepstrum cepstrum;

  std::vector<double> window;      // [window]
  std::vector<double> block;       // Up to [kBlock] samples, scaled.
  std::vector<double> frame;       // [fft size], zeros after the window.
  std::vector<float> spectrum;     // [fft size / 2 + 1] and the filterbank's padding.
  std::vector<float> mel;          // [bins]
  std::vector<float> static_part;  // [static dimension]
  double previous_sample = 0;      // For the carried pre-emphasis.
  float log_energy = 0;
  int64_t frames_taken = 0;
};

FrontEnd::Parts::Parts(const FrontEndConfig& settings)
    : config(settings),
      transform(config),
      framer(config),
      fft(config.resolved_fft_size()),
      filterbank(config),
      noise_removal(config.bins),
      cepstrum(config),
      window(make_window(config.window, config.window_samples)),
      block(kBlock),
      frame(static_cast<std::size_t>(fft.size())),
      spectrum(filterbank.padded_spectrum_size()),
      mel(static_cast<std::size_t>(config.bins)),
      static_part(static_cast<std::size_t>(config.static_dimension())) {}

template <class Sample>
void FrontEnd::Parts::accept(std::span<const Sample> samples, double scale) {
  while (!samples.empty()) {
    const auto part = samples.first(std::min(samples.size(), kBlock));
    const std::span<double> scaled(block.data(), part.size());
    for (std::size_t n = 0; n < part.size(); ++n) scaled[n] = static_cast<double>(part[n]) * scale;
    if (config.pre_emphasis_kind == PreEmphasisKind::carried) pre_emphasize_stream(scaled);
    framer.append(scaled);
    analyse_frames();
    samples = samples.subspan(part.size());
  }
}

void FrontEnd::Parts::pre_emphasize_stream(std::span<double> scaled) {
  const double factor = config.pre_emphasis;
  const double last = scaled.back();
  for (std::size_t n = scaled.size() - 1; n > 0; --n) scaled[n] -= factor * scaled[n - 1];
  scaled[0] -= factor * previous_sample;
  previous_sample = last;
}

void FrontEnd::Parts::analyse_frames() {
  for (; framer.has_frame(); framer.advance()) analyse(framer.frame());
}

/// DC removal, energy and pre-emphasis of the frame alone.
void FrontEnd::Parts::prepare(std::span<double> samples) {
  if (config.remove_dc) {
    const double mean =
        std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
    for (double& sample : samples) sample -= mean;
  }
  if (config.energy == EnergyKind::log_energy) {
    const double energy = std::inner_product(samples.begin(), samples.end(), samples.begin(), 0.0);
    log_energy = static_cast<float>(std::log(std::max(energy, kEnergyFloor)));
  }
  if (config.pre_emphasis_kind == PreEmphasisKind::per_frame) {
    const double factor = config.pre_emphasis;
    for (std::size_t n = samples.size() - 1; n > 0; --n) samples[n] -= factor * samples[n - 1];
    samples[0] -= factor * samples[0];
  }
}

void FrontEnd::Parts::analyse(std::span<const double> samples) {
  std::ranges::copy(samples, frame.begin());
  prepare({frame.data(), samples.size()});
  for (std::size_t n = 0; n < window.size(); ++n) frame[n] *= window[n];

  const std::span<float> power(spectrum.data(), static_cast<std::size_t>(fft.bins()));
  fft.power(frame, power);
  if (config.spectrum == SpectrumKind::magnitude)
    for (float& value : power) value = std::sqrt(value);
  filterbank.apply(spectrum, mel);
  if (config.noise_removal) noise_removal.apply(mel);
  compress();

  const bool has_energy = config.energy == EnergyKind::log_energy;
  if (config.coefficients > 0) {
    cepstrum.apply(mel, static_part);
    if (has_energy)
      (config.zeroth == ZerothCoefficient::first ? static_part.front() : static_part.back()) =
          log_energy;
  } else {
    if (has_energy) static_part[0] = log_energy;
    std::ranges::copy(mel, static_part.begin() + (has_energy ? 1 : 0));
  }
  transform.push(static_part);
}

/// The logarithm of the mel spectrum.
void FrontEnd::Parts::compress() {
  const auto floor = static_cast<float>(config.log_floor);
  const bool adds = config.log_floor_kind == LogFloorKind::added;
  for (float& value : mel) {
    value = adds ? value + floor : std::max(value, floor);
    value = config.log == LogKind::natural ? std::log(value) : 10 * std::log10(value);
  }
}

FrontEnd::FrontEnd(const FrontEndConfig& config) : parts_(std::make_unique<Parts>(config)) {}
FrontEnd::~FrontEnd() = default;
FrontEnd::FrontEnd(FrontEnd&&) noexcept = default;
FrontEnd& FrontEnd::operator=(FrontEnd&&) noexcept = default;

const FrontEndConfig& FrontEnd::config() const { return parts_->config; }

void FrontEnd::push(std::span<const float> samples) {
  require_usable(samples);
  parts_->accept(samples, parts_->config.input_scale);
}

void FrontEnd::push(std::span<const int16_t> samples) {
  parts_->accept(samples, parts_->config.input_scale / kFullScaleInteger);
}

std::size_t FrontEnd::ready() const { return parts_->transform.ready(); }

std::size_t FrontEnd::take(MutableMatrixView frames) {
  const std::size_t count = parts_->transform.take(frames);
  parts_->frames_taken += static_cast<int64_t>(count);
  return count;
}

Matrix FrontEnd::take() {
  Matrix frames(ready(), static_cast<std::size_t>(parts_->config.dimension()));
  take(frames.view());
  return frames;
}

void FrontEnd::flush() {
  parts_->framer.finish();
  parts_->analyse_frames();
  parts_->transform.flush();
  parts_->framer.reset();
  parts_->noise_removal.reset();
  parts_->previous_sample = 0;
}

void FrontEnd::reset() {
  parts_->framer.reset();
  parts_->noise_removal.reset();
  parts_->previous_sample = 0;
  parts_->transform.reset();
  parts_->frames_taken = 0;
}

int64_t FrontEnd::frames_taken() const { return parts_->frames_taken; }

}  // namespace hmm
