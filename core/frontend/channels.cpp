#include "core/frontend/channels.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

static_assert(std::endian::native == std::endian::little);

template <class T>
T sample_at(const std::byte* place) {
  T value;
  std::memcpy(&value, place, sizeof value);
  return value;
}

/// Sums are in double, where 16-bit samples add up exactly and floats as good as exactly.
template <class T>
void mix(const std::byte* interleaved, int channels, int channel, double scale,
         std::span<float> mono) {
  const std::size_t frame = sizeof(T) * static_cast<std::size_t>(channels);
  const int first = channel == kAllChannels ? 0 : channel;
  const int end = channel == kAllChannels ? channels : channel + 1;
  const double divisor = scale * (end - first);
  for (float& sample : mono) {
    double sum = 0;
    for (int c = first; c < end; ++c) {
      sum += sample_at<T>(interleaved + sizeof(T) * static_cast<std::size_t>(c));
    }
    sample = static_cast<float>(sum / divisor);
    interleaved += frame;
  }
}

}  // namespace

std::size_t bytes_per_sample(SampleFormat format) {
  return format == SampleFormat::s16 ? sizeof(int16_t) : sizeof(float);
}

void mix_channels(std::span<const std::byte> interleaved, SampleFormat format, int channels,
                  int channel, std::span<float> mono) {
  if (channels < 1 || channel < kAllChannels || channel >= channels) {
    throw SettingsError("Channel " + std::to_string(channel) + " was asked for and the audio has " +
                        std::to_string(channels) + ", counted from 0.");
  }
  const std::size_t frame = bytes_per_sample(format) * static_cast<std::size_t>(channels);
  if (interleaved.size() != mono.size() * frame) {
    throw DataError("There are " + std::to_string(interleaved.size()) + " bytes of audio, which " +
                    "is not " + std::to_string(mono.size()) + " samples of " +
                    std::to_string(frame) + " bytes.");
  }
  if (format == SampleFormat::s16) {
    mix<int16_t>(interleaved.data(), channels, channel, 32768, mono);
  } else {
    mix<float>(interleaved.data(), channels, channel, 1, mono);
  }
}

}  // namespace hmm
