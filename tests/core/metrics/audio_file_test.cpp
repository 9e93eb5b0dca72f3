#include "core/metrics/audio_file.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

class AudioFile : public ::testing::Test {
 protected:
  void write(const std::vector<float>& samples, int channels, int format) {
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = ::sf_open(path_.c_str(), SFM_WRITE, &info);
    ASSERT_NE(file, nullptr);
    ::sf_write_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
    ::sf_close(file);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ = std::filesystem::path(::testing::TempDir()) / "hmm_audio_file_test";
};

TEST_F(AudioFile, AveragesTheChannels) {
  write({0.5f, 0, -0.5f, 0.25f}, 2, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  const Audio audio = read_audio(path_);
  EXPECT_EQ(audio.sample_rate, 8000);
  EXPECT_EQ(audio.samples, (std::vector<float>{0.25f, -0.125f}));
}

TEST_F(AudioFile, ReadsFlac) {
  write(std::vector<float>(5000, 0.5f), 1, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  const Audio audio = read_audio(path_);
  ASSERT_EQ(audio.samples.size(), 5000u);
  EXPECT_NEAR(audio.samples[4999], 0.5, 1e-4);
}

TEST_F(AudioFile, RefusesWhatIsNoAudio) {
  EXPECT_THROW(read_audio("/nonexistent.wav"), NotFoundError);
  write_file(path_, "no audio at all");
  EXPECT_THROW(read_audio(path_), ParseError);
  write_file(path_, "");
  EXPECT_THROW(read_audio(path_), ParseError);
  write({NAN}, 1, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  EXPECT_THROW(read_audio(path_), ParseError);
}

TEST_F(AudioFile, ATruncatedFlacIsAnError) {
  write(std::vector<float>(20000, 0.5f), 1, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  const std::string bytes(MappedFile(path_).text());
  write_file(path_, bytes.substr(0, bytes.size() / 2));
  EXPECT_THROW(read_audio(path_), ParseError);
}

TEST(AudioFileReal, ReadsARecording) {
  const auto path = testing::test_data("an4/fash/an251-fash-b.flac");
  SKIP_WITHOUT(path);
  EXPECT_EQ(read_audio(path).sample_rate, 16000);
}

}  // namespace
}  // namespace hmm
