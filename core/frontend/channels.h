// From interleaved channels to the one that a front end works on.
#pragma once

#include <cstddef>
#include <span>

namespace hmm {

/// Little-endian samples as they lie in memory, of any alignment.
enum class SampleFormat {
  s16,  ///< 16-bit integers; 32768 is full scale.
  f32,  ///< Floats; 1 is full scale.
};

std::size_t bytes_per_sample(SampleFormat format);

/// Average of all channels.
inline constexpr int kAllChannels = -1;

/// Writes channel `channel` (or the average of all: kAllChannels), full scale being 1, to `mono`
/// [n]. `interleaved` holds n times `channels` samples. Throws SettingsError when there is no such
/// channel and DataError when the lengths do not fit.
void mix_channels(std::span<const std::byte> interleaved, SampleFormat format, int channels,
                  int channel, std::span<float> mono);

}  // namespace hmm
