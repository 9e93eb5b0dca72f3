// The presets against the systems they are named after, on a real recording. The golden frames are
// made by tests/data/frontend/make_goldens.py.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/frontend/front_end.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using testing::kPocketsphinxTestData;
using testing::source_file;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<int16_t> read_samples(const std::filesystem::path& path) {
  const MappedFile file(path);
  std::vector<int16_t> samples(file.bytes().size() / 2);
  std::memcpy(samples.data(), file.bytes().data(), samples.size() * 2);
  return samples;
}

Matrix read_golden(const std::string& name) {
  const MappedFile file(source_file(("tests/data/frontend/" + name + ".f32").c_str()));
  int32_t shape[2];
  std::memcpy(shape, file.bytes().data(), sizeof shape);
  Matrix frames(static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]));
  EXPECT_EQ(file.bytes().size(), sizeof shape + frames.rows() * frames.columns() * 4);
  std::memcpy(frames.data(), file.bytes().data() + sizeof shape,
              file.bytes().size() - sizeof shape);
  return frames;
}

/// A Sphinx cepstrum file in this machine's byte order: the count of floats, then the floats.
Matrix read_mfc(const std::filesystem::path& path, std::size_t columns = 13) {
  const MappedFile file(path);
  int32_t count = 0;
  std::memcpy(&count, file.bytes().data(), sizeof count);
  Matrix frames(static_cast<std::size_t>(count) / columns, columns);
  EXPECT_EQ(file.bytes().size(), sizeof count + frames.rows() * columns * 4);
  std::memcpy(frames.data(), file.bytes().data() + sizeof count, frames.rows() * columns * 4);
  return frames;
}

Matrix features(const FrontEndConfig& config, std::span<const int16_t> samples) {
  FrontEnd front_end(config);
  front_end.push(samples);
  front_end.flush();
  return front_end.take();
}

/// The largest |found - expected|, or that divided by |expected| where it is above 1.
double largest_difference(const Matrix& found, const Matrix& expected, bool relative) {
  EXPECT_EQ(found.rows(), expected.rows());
  EXPECT_EQ(found.columns(), expected.columns());
  if (found.rows() != expected.rows() || found.columns() != expected.columns()) return kInfinity;
  double largest = 0;
  for (std::size_t t = 0; t < found.rows(); ++t)
    for (std::size_t i = 0; i < found.columns(); ++i) {
      const double scale = relative ? std::max(1.0, std::abs(double{expected(t, i)})) : 1;
      largest = std::max(largest, std::abs(double{found(t, i)} - double{expected(t, i)}) / scale);
    }
  return largest;
}

TEST(FrontEndParity, Goldens) {
  const auto recording = kPocketsphinxTestData / "goforward.raw";
  SKIP_WITHOUT(recording);
  FrontEndConfig mirrored = preset("kaldi-fbank");
  mirrored.framing = Framing::mirrored;
  mirrored.bins = 10;
  const struct {
    const char* golden;
    FrontEndConfig config;
    double tolerance;
    bool relative;
  } cases[] = {{"sphinx", preset("sphinx").static_part(), 1e-4, false},
               {"sphinx-denoise", preset("sphinx-denoise").static_part(), 1e-4, false},
               {"kaldi-fbank", preset("kaldi-fbank"), 1e-3, true},
               {"kaldi-mfcc", preset("kaldi-mfcc"), 1e-3, true},
               {"kaldi-mirrored", mirrored, 1e-3, true},
               {"htk", preset("htk"), 1e-3, true},
               {"librosa", preset("librosa"), 1e-3, true}};
  const std::vector<int16_t> samples = read_samples(recording);
  for (const auto& [golden, config, tolerance, relative] : cases) {
    const double difference =
        largest_difference(features(config, samples), read_golden(golden), relative);
    EXPECT_LT(difference, tolerance) << golden;
    RecordProperty(golden, std::to_string(difference));
  }
}

/// The settings of sphinxbase's regression test on chan3, which made chan3.mfc.
FrontEndConfig chan3_config() {
  FrontEndConfig config = preset("sphinx-denoise", 11025).static_part();
  config.hop_samples = 105;
  config.window_samples = 265;
  config.fft_size = 512;
  config.bins = 36;
  config.high_frequency = 5400;
  config.dct = DctKind::legacy;
  config.lifter = 0;
  return config;
}

// chan3.mfc was made with silence removal, which drops frames of the noise-removed sequence and
// changes none: its 2178 frames are ours in order, with 12 of our 2190 left out.
TEST(FrontEndParity, Chan3WithoutItsSilentFrames) {
  const auto folder = testing::test_data("sphinx-frontend");
  SKIP_WITHOUT(folder);
  const Matrix frames = features(chan3_config(), read_samples(folder / "chan3.raw"));
  const Matrix expected = read_mfc(folder / "chan3.mfc");
  ASSERT_EQ(frames.rows(), 2190U);
  ASSERT_EQ(expected.rows(), 2178U);
  std::size_t t = 0;
  for (std::size_t e = 0; e < expected.rows(); ++e, ++t) {
    const auto differs = [&](float a, float b) { return std::abs(a - b) > 1e-4F; };
    while (t < frames.rows() &&
           !std::ranges::equal(frames.row(t), expected.row(e),
                               [&](float a, float b) { return !differs(a, b); }))
      ++t;
    ASSERT_LT(t, frames.rows()) << "no frame of ours is frame " << e << " of chan3.mfc";
  }
}

/// sphinx_fe's own output for a piece of a recording.
class SphinxFe : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v sphinx_fe >/dev/null") != 0)
      GTEST_SKIP() << "not on this machine: sphinx_fe (sphinxbase-utils)";
    SKIP_WITHOUT(kPocketsphinxTestData / "goforward.raw");
    samples_ = read_samples(kPocketsphinxTestData / "goforward.raw");
    folder_ = std::filesystem::temp_directory_path() / ("sphinx_fe." + std::to_string(getpid()));
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  /// Runs sphinx_fe with the options of the sphinx preset and others that go before them.
  Matrix run(std::span<const int16_t> samples, const std::string& others,
             std::size_t coefficients = 13) {
    write_file(folder_ / "in.raw",
               {reinterpret_cast<const char*>(samples.data()), samples.size_bytes()});
    std::string options = others;
    for (const char* option : {"-lowerf 130", "-upperf 6800", "-nfilt 25", "-transform dct",
                               "-lifter 22", "-remove_noise no"}) {
      const std::string name = std::string(option).substr(0, std::string(option).find(' ') + 1);
      if (others.find(name) == std::string::npos) options += std::string(" ") + option;
    }
    // With vad_startspeech above 1, sphinx_fe writes nothing for fewer frames than that; with a
    // block that its frames fill to the last, it forgets the partial frame.
    const std::string command = "cd " + folder_.string() +
                                " && rm -f out.mfc && sphinx_fe -raw yes -input_endian little "
                                "-remove_silence no -vad_startspeech 1 -blocksize 50000 "
                                "-i in.raw -o out.mfc " +
                                options + " 2>log";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return read_mfc(folder_ / "out.mfc", coefficients);
  }

  std::vector<int16_t> samples_;
  std::filesystem::path folder_;
};

TEST_F(SphinxFe, AgreesAtAllSampleRates) {
  for (const int rate : {8000, 11025, 16000, 22050, 44100, 48000})
    for (const bool noise_removal : {false, true}) {
      FrontEndConfig config = preset("sphinx", rate).static_part();
      config.noise_removal = noise_removal;
      const Matrix expected =
          run(samples_, "-samprate " + std::to_string(rate) + " -nfft " +
                            std::to_string(config.resolved_fft_size()) + " -upperf " +
                            std::to_string(config.high_frequency) + " -remove_noise " +
                            (noise_removal ? "yes" : "no"));
      EXPECT_LT(largest_difference(features(config, samples_), expected, false), 1e-4)
          << rate << " " << noise_removal;
    }
}

TEST_F(SphinxFe, AgreesOnEveryField) {
  const struct {
    const char* options;
    void (*change)(FrontEndConfig&);
  } cases[] = {
      {"-transform htk", [](FrontEndConfig& c) { c.dct = DctKind::htk; }},
      {"-transform legacy", [](FrontEndConfig& c) { c.dct = DctKind::legacy; }},
      {"-remove_dc yes", [](FrontEndConfig& c) { c.remove_dc = true; }},
      {"-alpha 0", [](FrontEndConfig& c) { c.pre_emphasis = 0; }},
      {"-unit_area no", [](FrontEndConfig& c) { c.filter_height = FilterHeight::unit_peak; }},
      {"-round_filters no", [](FrontEndConfig& c) { c.round_edges = false; }},
      {"-nfft 1024", [](FrontEndConfig& c) { c.fft_size = 1024; }},
      {"-ncep 20 -nfilt 40",
       [](FrontEndConfig& c) {
         c.coefficients = 20;
         c.bins = 40;
       }},
  };
  for (const auto& [options, change] : cases) {
    FrontEndConfig config = preset("sphinx").static_part();
    change(config);
    const Matrix expected = run(samples_, options, static_cast<std::size_t>(config.coefficients));
    EXPECT_LT(largest_difference(features(config, samples_), expected, false), 1e-4) << options;
  }
}

TEST_F(SphinxFe, AgreesOnTheNumberOfFrames) {
  const FrontEndConfig config = preset("sphinx").static_part();
  for (const std::size_t length : {300, 409, 410, 411, 569, 570, 571, 731, 1850, 2010}) {
    const auto piece = std::span<const int16_t>(samples_).first(length);
    const Matrix expected = run(piece, "");
    EXPECT_LT(largest_difference(features(config, piece), expected, false), 1e-4) << length;
  }
}

}  // namespace
}  // namespace hmm
