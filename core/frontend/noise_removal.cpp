#include "core/frontend/noise_removal.h"

#include <algorithm>
#include <cassert>

namespace hmm {
namespace {

constexpr float kPowerMemory = 0.7F;
constexpr float kRiseMemory = 0.995F;
constexpr float kFallMemory = 0.5F;
constexpr float kPeakMemory = 0.85F;
constexpr float kMaskedShare = 0.2F;
constexpr float kLargestGain = 20;
constexpr std::size_t kSmoothingBins = 4;

/// Follows falling power quickly and rising power slowly.
float lower_envelope(float power, float envelope) {
  const float memory = power >= envelope ? kRiseMemory : kFallMemory;
  return memory * envelope + (1 - memory) * power;
}

}  // namespace

NoiseRemoval::NoiseRemoval(int bins) {
  for (auto* values : {&power_, &noise_, &floor_, &peak_, &signal_, &gain_})
    values->resize(static_cast<std::size_t>(bins));
}

void NoiseRemoval::start(std::span<const float> mel) {
  for (std::size_t b = 0; b < mel.size(); ++b) {
    power_[b] = mel[b];
    noise_[b] = floor_[b] = mel[b] / kLargestGain;
    peak_[b] = 0;
  }
  started_ = true;
}

void NoiseRemoval::track(std::span<const float> mel) {
  for (std::size_t b = 0; b < mel.size(); ++b) {
    power_[b] = kPowerMemory * power_[b] + (1 - kPowerMemory) * mel[b];
    noise_[b] = lower_envelope(power_[b], noise_[b]);
    signal_[b] = std::max(power_[b] - noise_[b], 1.0F);
    floor_[b] = lower_envelope(signal_[b], floor_[b]);
  }
}

void NoiseRemoval::mask() {
  for (std::size_t b = 0; b < signal_.size(); ++b) {
    const float current = signal_[b];
    peak_[b] *= kPeakMemory;
    if (current < kPeakMemory * peak_[b]) signal_[b] = peak_[b] * kMaskedShare;
    peak_[b] = std::max(peak_[b], current);
    signal_[b] = std::max(signal_[b], floor_[b]);
    // Compared before the division: the power of digital silence is 0.
    gain_[b] = signal_[b] < kLargestGain * power_[b]
                   ? std::max(signal_[b] / power_[b], 1 / kLargestGain)
                   : kLargestGain;
  }
}

void NoiseRemoval::apply(std::span<float> mel) {
  assert(mel.size() == power_.size());
  if (!started_) start(mel);
  track(mel);
  mask();
  for (std::size_t b = 0; b < mel.size(); ++b) {
    const std::size_t first = b - std::min(b, kSmoothingBins);
    const std::size_t last = std::min(b + kSmoothingBins, mel.size() - 1);
    float sum = 0;
    for (std::size_t i = first; i <= last; ++i) sum += gain_[i];
    mel[b] *= sum / static_cast<float>(last - first + 1);
  }
}

}  // namespace hmm
