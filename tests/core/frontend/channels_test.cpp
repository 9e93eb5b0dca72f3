#include "core/frontend/channels.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "core/base/error.h"

namespace hmm {
namespace {

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& samples, std::size_t offset = 0) {
  std::vector<std::byte> bytes(offset + samples.size() * sizeof(T));
  std::memcpy(bytes.data() + offset, samples.data(), samples.size() * sizeof(T));
  return bytes;
}

template <class T>
std::vector<float> mixed(const std::vector<T>& samples, int channels, int channel) {
  std::vector<float> mono(samples.size() / static_cast<std::size_t>(channels));
  const auto format = sizeof(T) == 2 ? SampleFormat::s16 : SampleFormat::f32;
  mix_channels(bytes_of(samples), format, channels, channel, mono);
  return mono;
}

TEST(Channels, IntegersAreScaledToFullScaleExactly) {
  const std::vector<int16_t> samples = {-32768, -1, 0, 1, 32767};
  EXPECT_EQ(mixed(samples, 1, kAllChannels),
            (std::vector<float>{-1, -1 / 32768.0F, 0, 1 / 32768.0F, 32767 / 32768.0F}));
}

TEST(Channels, OneChannelOrTheAverageOfAll) {
  const std::vector<int16_t> samples = {32767, 32767, 32764, -3, 0, 0};
  EXPECT_EQ(mixed(samples, 3, 1), (std::vector<float>{32767 / 32768.0F, 0}));
  EXPECT_EQ(mixed(samples, 3, kAllChannels), (std::vector<float>{32766 / 32768.0F, -1 / 32768.0F}));
  const std::vector<float> floats = {0.5F, -0.25F, 1.5F, 2.5F};
  EXPECT_EQ(mixed(floats, 2, kAllChannels), (std::vector<float>{0.125F, 2}));
  EXPECT_EQ(mixed(floats, 2, 0), (std::vector<float>{0.5F, 1.5F}));
}

TEST(Channels, BytesMayLieAtAnyAddress) {
  const auto bytes = bytes_of(std::vector<float>{0.25F, 0.75F}, 1);
  std::vector<float> mono(2);
  mix_channels(std::span(bytes).subspan(1), SampleFormat::f32, 1, 0, mono);
  EXPECT_EQ(mono, (std::vector<float>{0.25F, 0.75F}));
}

TEST(Channels, NonFiniteSamplesAreLeftForTheFrontEndToRefuse) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(mixed(std::vector<float>{nan, 1}, 2, kAllChannels)[0] != 0.5F);
  EXPECT_EQ(mixed(std::vector<float>{nan, 1}, 2, 1)[0], 1);
}

TEST(Channels, ChannelsThatDoNotExistAreRefused) {
  EXPECT_THROW(mixed(std::vector<int16_t>{1, 2}, 2, 2), SettingsError);
  EXPECT_THROW(mixed(std::vector<int16_t>{1, 2}, 2, -2), SettingsError);
  std::vector<float> mono(1);
  EXPECT_THROW(mix_channels({}, SampleFormat::s16, 0, kAllChannels, mono), SettingsError);
  EXPECT_THROW(mix_channels({}, SampleFormat::s16, 1, kAllChannels, mono), DataError);
}

}  // namespace
}  // namespace hmm
