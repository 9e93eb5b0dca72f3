#include "core/frontend/front_end_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

constexpr int kLargestFft = 65536;
constexpr double kLargestScale = 65536;

void require(bool condition, const std::string& sentence) {
  if (!condition) throw SettingsError(sentence);
}

std::string text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%g", value);
  return buffer;
}

void require_sample_rate(int sample_rate) {
  require(sample_rate >= 1000 && sample_rate <= 192000,
          "The sample rate is " + std::to_string(sample_rate) +
              " Hz; the front end works from 1000 to 192000 Hz.");
}

void validate_framing(const FrontEndConfig& c) {
  require_sample_rate(c.sample_rate);
  require(c.input_scale > 0 && c.input_scale <= kLargestScale,
          "The input scale is " + text(c.input_scale) +
              "; it must be above 0 and at most 65536 (32768 gives the scale of 16-bit samples).");
  require(c.window_samples >= 2 && c.window_samples <= kLargestFft,
          "The window is " + std::to_string(c.window_samples) +
              " samples; it must be from 2 to 65536 samples.");
  require(c.hop_samples >= 1 && c.hop_samples <= kLargestFft,
          "The hop is " + std::to_string(c.hop_samples) +
              " samples; it must be from 1 to 65536 samples.");
  require(c.framing == Framing::whole || c.hop_samples <= c.window_samples,
          "The hop of " + std::to_string(c.hop_samples) + " samples is longer than the window of " +
              std::to_string(c.window_samples) + ", which only the framing 'whole' allows.");
  const int fft = c.resolved_fft_size();
  require(fft >= 4 && fft >= c.window_samples && fft <= kLargestFft && fft % 2 == 0,
          "The FFT size is " + std::to_string(fft) + "; it must be even, at most 65536 and hold " +
              "the window of " + std::to_string(c.window_samples) + " samples.");
  int rest = fft;
  for (const int factor : {2, 3, 5})
    while (rest % factor == 0) rest /= factor;
  require(rest == 1, "The FFT size is " + std::to_string(fft) +
                         "; it must be a product of 2, 3 and 5 (a power of two is fastest).");
  require(c.pre_emphasis >= 0 && c.pre_emphasis <= 1,
          "The pre-emphasis is " + text(c.pre_emphasis) + "; it must be from 0 to 1.");
}

void validate_filters(const FrontEndConfig& c) {
  require(c.bins >= 1 && c.bins <= c.resolved_fft_size() / 2,
          "There are " + std::to_string(c.bins) + " mel bins; an FFT of " +
              std::to_string(c.resolved_fft_size()) + " points has room for 1 to " +
              std::to_string(c.resolved_fft_size() / 2) + ".");
  require(c.low_frequency >= 0 && c.low_frequency < c.high_frequency,
          "The low frequency of " + text(c.low_frequency) + " Hz is not in 0 to the high " +
              "frequency of " + text(c.high_frequency) + " Hz.");
  require(c.high_frequency <= c.sample_rate / 2.0,
          "The high frequency of " + text(c.high_frequency) + " Hz is above half the sample rate " +
              "of " + std::to_string(c.sample_rate) + " Hz.");
  require(c.log_floor >= std::numeric_limits<float>::min() && c.log_floor < 1e30,
          "The log floor is " + text(c.log_floor) + "; it must be from 1.2e-38 to 1e30.");
  require(!c.noise_removal || c.input_scale == 32768,
          "The noise removal is made for the scale of 16-bit samples: set the input scale to 32768 "
          "instead of " +
              text(c.input_scale) + ".");
}

void validate_features(const FrontEndConfig& c) {
  const int highest = c.coefficients - (c.zeroth == ZerothCoefficient::omitted ? 0 : 1);
  require(c.coefficients >= 0 && highest < c.bins,
          "There are " + std::to_string(c.coefficients) + " cepstral coefficients; " +
              std::to_string(c.bins) + " mel bins give at most coefficient " +
              std::to_string(c.bins - 1) + ".");
  require(std::isfinite(c.lifter) && c.lifter >= 0,
          "The lifter is " + text(c.lifter) + "; it must be 0 (none) or more.");
  require(
      c.energy == EnergyKind::none || c.coefficients == 0 || c.zeroth != ZerothCoefficient::omitted,
      "The log energy takes the place of coefficient 0, which is omitted: set zeroth to first "
      "or last.");
  require(!c.normalize_variance || c.normalization == NormalizationKind::batch,
          "The variance can be normalized in batch only.");
  require(!starts_from_initial_mean(c.normalization) || c.initial_mean.empty() ||
              static_cast<int>(c.initial_mean.size()) == c.static_dimension(),
          "The initial mean has " + std::to_string(c.initial_mean.size()) + " values and a frame " +
              std::to_string(c.static_dimension()) + " before deltas.");
  require(std::all_of(c.initial_mean.begin(), c.initial_mean.end(),
                      [](double value) { return std::fabs(value) < 1e30; }),
          "The initial mean holds a value that is not a finite number.");
  require(c.delta_order >= 1 && c.delta_order <= 3,
          "The delta order is " + std::to_string(c.delta_order) + "; it must be 1, 2 or 3.");
  require(c.delta_window >= 1 && c.delta_window <= 100,
          "The delta window is " + std::to_string(c.delta_window) +
              " frames to each side; it must be from 1 to 100.");
}

int samples(double seconds, int sample_rate) {
  return static_cast<int>(seconds * sample_rate + 0.5);
}

FrontEndConfig sphinx(int sample_rate) {
  FrontEndConfig c;
  c.window_samples = samples(0.025625, sample_rate);
  c.hop_samples = samples(0.01, sample_rate);
  c.high_frequency = std::min(c.high_frequency, sample_rate / 2.0);
  return c;
}

FrontEndConfig sphinx_denoise(int sample_rate) {
  FrontEndConfig c = sphinx(sample_rate);
  c.noise_removal = true;
  return c;
}

FrontEndConfig kaldi_fbank(int sample_rate) {
  FrontEndConfig c;
  c.framing = Framing::whole;
  // Kaldi truncates durations to whole samples.
  c.window_samples = sample_rate * 25 / 1000;
  c.hop_samples = sample_rate * 10 / 1000;
  c.window = WindowShape::povey;
  c.remove_dc = true;
  c.pre_emphasis_kind = PreEmphasisKind::per_frame;
  c.filter_domain = FilterDomain::mel;
  c.filter_height = FilterHeight::unit_peak;
  c.round_edges = false;
  c.bins = 23;
  c.low_frequency = 20;
  c.high_frequency = sample_rate / 2.0;
  c.log_floor = std::numeric_limits<float>::epsilon();
  c.log_floor_kind = LogFloorKind::minimum;
  c.coefficients = 0;
  c.skip_negative_first = false;
  c.initial_mean.clear();
  c.deltas = DeltaKind::none;
  return c;
}

FrontEndConfig kaldi_mfcc(int sample_rate) {
  FrontEndConfig c = kaldi_fbank(sample_rate);
  c.coefficients = 13;
  c.energy = EnergyKind::log_energy;
  return c;
}

FrontEndConfig htk(int sample_rate) {
  FrontEndConfig c = kaldi_fbank(sample_rate);
  c.window = WindowShape::hamming;
  c.remove_dc = false;
  c.spectrum = SpectrumKind::magnitude;
  c.bins = 26;
  c.low_frequency = 0;
  c.log_floor = 1;
  c.coefficients = 13;
  c.dct = DctKind::htk;
  c.zeroth = ZerothCoefficient::last;
  c.deltas = DeltaKind::regression;
  return c;
}

FrontEndConfig librosa(int sample_rate) {
  FrontEndConfig c;
  c.input_scale = 1;
  c.framing = Framing::centred;
  // librosa counts in samples, whatever the rate.
  c.window_samples = 2048;
  c.hop_samples = 512;
  c.window = WindowShape::hann_periodic;
  c.pre_emphasis = 0;
  c.mel_scale = MelScale::slaney;
  c.round_edges = false;
  c.bins = 128;
  c.low_frequency = 0;
  c.high_frequency = sample_rate / 2.0;
  c.log = LogKind::decibel;
  c.log_floor = 1e-10;
  c.log_floor_kind = LogFloorKind::minimum;
  c.coefficients = 0;
  c.skip_negative_first = false;
  c.initial_mean.clear();
  c.deltas = DeltaKind::none;
  return c;
}

struct Preset {
  std::string_view name;
  FrontEndConfig (*make)(int sample_rate);
};

constexpr Preset kPresets[] = {
    {"sphinx", sphinx},
    {"sphinx-denoise", sphinx_denoise},
    {"kaldi-fbank", kaldi_fbank},
    {"kaldi-mfcc", kaldi_mfcc},
    {"htk", htk},
    {"librosa", librosa},
};

constexpr auto kPresetNames = [] {
  std::array<std::string_view, std::size(kPresets)> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kPresets[i].name;
  return names;
}();

}  // namespace

void FrontEndConfig::validate() const {
  validate_framing(*this);
  validate_filters(*this);
  validate_features(*this);
}

FeatureLayout FrontEndConfig::layout() const {
  return coefficients > 0 ? FeatureLayout::mfcc : FeatureLayout::logmel;
}

int FrontEndConfig::static_dimension() const {
  if (coefficients > 0) return coefficients;
  return bins + (energy == EnergyKind::log_energy ? 1 : 0);
}

int FrontEndConfig::dimension() const {
  switch (deltas) {
    case DeltaKind::none:
      return static_dimension();
    case DeltaKind::regression:
      return static_dimension() * (1 + delta_order);
    case DeltaKind::sphinx:
      return static_dimension() * 3;
  }
  return 0;
}

int FrontEndConfig::resolved_fft_size() const {
  if (fft_size != 0) return fft_size;
  int size = 4;
  while (size < window_samples && size < kLargestFft) size *= 2;
  return size;
}

int FrontEndConfig::first_frame_start() const {
  switch (framing) {
    case Framing::whole:
    case Framing::partial:
      return 0;
    case Framing::centred:
      return -(window_samples / 2);
    case Framing::mirrored:
      return hop_samples / 2 - window_samples / 2;
  }
  return 0;
}

int FrontEndConfig::look_ahead_frames() const {
  switch (deltas) {
    case DeltaKind::none:
      return 0;
    case DeltaKind::regression:
      return delta_order * delta_window;
    case DeltaKind::sphinx:
      return 3;
  }
  return 0;
}

int64_t FrontEndConfig::latency_samples() const {
  return first_frame_start() + window_samples + int64_t{look_ahead_frames()} * hop_samples;
}

double FrontEndConfig::label_offset_samples() const {
  const bool starts_at_frame = framing == Framing::whole || framing == Framing::partial;
  return starts_at_frame ? (window_samples - hop_samples) / 2.0 : 0.0;
}

FrontEndConfig FrontEndConfig::static_part() const {
  FrontEndConfig part = *this;
  part.normalization = NormalizationKind::none;
  part.normalize_variance = false;
  part.initial_mean.clear();
  part.deltas = DeltaKind::none;
  return part;
}

FrontEndConfig preset(std::string_view name, int sample_rate) {
  for (const Preset& candidate : kPresets) {
    if (candidate.name != name) continue;
    require_sample_rate(sample_rate);
    FrontEndConfig config = candidate.make(sample_rate);
    config.sample_rate = sample_rate;
    return config;
  }
  std::string known;
  for (const std::string_view other : kPresetNames) {
    known += known.empty() ? "" : ", ";
    known += other;
  }
  throw SettingsError("There is no front-end preset '" + std::string(name) + "'; there are " +
                      known + ".");
}

std::span<const std::string_view> preset_names() { return kPresetNames; }

}  // namespace hmm
