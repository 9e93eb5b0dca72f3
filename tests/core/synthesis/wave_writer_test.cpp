#include "core/synthesis/wave_writer.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/base/file.h"

namespace hmm {
namespace {

TEST(WaveWriter, HeaderAndSamples) {
  const auto path =
      std::filesystem::temp_directory_path() / ("hmm-wave-" + std::to_string(getpid()) + ".wav");
  WaveWriter wave(path, 32000);
  const double samples[] = {1.9, -1.9, 40000, -40000};
  wave.write(samples);
  wave.finish();
  {
    const MappedFile file(path);
    ASSERT_EQ(file.bytes().size(), 44u + 8u);
    const auto u32 = [&](std::size_t at) {
      uint32_t value;
      std::memcpy(&value, file.bytes().data() + at, 4);
      return value;
    };
    EXPECT_EQ(file.text().substr(0, 4), "RIFF");
    EXPECT_EQ(u32(4), 44u);
    EXPECT_EQ(u32(24), 32000u);
    EXPECT_EQ(u32(28), 64000u);
    EXPECT_EQ(u32(40), 8u);
    int16_t values[4];
    std::memcpy(values, file.bytes().data() + 44, 8);
    EXPECT_EQ(values[0], 1);
    EXPECT_EQ(values[1], -1);
    EXPECT_EQ(values[2], 32767);
    EXPECT_EQ(values[3], -32768);
  }
  std::filesystem::remove(path);
}

TEST(WaveWriter, UnwritablePlacesAreNamed) {
  EXPECT_THROW(WaveWriter("/nowhere/to/be.wav", 16000), NotFoundError);
}

TEST(WaveWriter, FullDisksAreNoticed) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  EXPECT_THROW(
      {
        WaveWriter wave("/dev/full", 16000);
        wave.write(std::vector<double>(100000, 1.0));
        wave.finish();
      },
      NotFoundError);
}

}  // namespace
}  // namespace hmm
