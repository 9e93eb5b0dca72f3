// Compares every stage with Debian's hts_engine, where it is installed.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/base/file.h"
#include "core/model/io/htsvoice.h"
#include "core/synthesis/speech_synthesizer.h"
#include "tests/small_voice.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::hmm::testing::SmallVoice;
using ::hmm::testing::test_data;

const std::filesystem::path kHtsEngine = "/usr/bin/hts_engine";

/// What one utterance comes to.
struct Spoken {
  std::string durations;         // label lines with times
  std::vector<float> spectrum;   // [T x D]
  std::vector<float> log_f0;     // [T], unvoiced -1e10
  std::vector<int16_t> samples;  // [T * period]
};

template <class T>
std::vector<T> read_all(const std::filesystem::path& path, std::size_t offset = 0) {
  const MappedFile file(path);
  std::vector<T> values((file.bytes().size() - offset) / sizeof(T));
  std::memcpy(values.data(), file.bytes().data() + offset, values.size() * sizeof(T));
  return values;
}

class HtsEngineParity : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT(kHtsEngine);
    folder_ = std::filesystem::temp_directory_path() / ("hmm-parity-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  Spoken speak_with_hts_engine(const std::string& voices, const std::string& labels,
                               const std::string& options) {
    const std::string base = (folder_ / "peer").string();
    const std::string command = kHtsEngine.string() + voices + " -od " + base + ".dur -om " + base +
                                ".mgc -of " + base + ".lf0 -or " + base + ".raw " + options + " " +
                                labels + " >" + base + ".log 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return {std::string(MappedFile(base + ".dur").text()), read_all<float>(base + ".mgc"),
            read_all<float>(base + ".lf0"), read_all<int16_t>(base + ".raw")};
  }

  static Spoken speak(VoiceBlend blend, const std::string& labels,
                      const SynthesisSettings& settings) {
    const MappedFile file(labels);
    SpeechSynthesizer synthesizer(std::move(blend), settings);
    for (const auto& label : parse_full_context_labels(file.text(), labels)) {
      synthesizer.push(label);
    }
    synthesizer.finish();
    const Voice& voice = synthesizer.voice();
    const double ticks = voice.frame_period * 1e7 / voice.sample_rate;
    Spoken spoken;
    while (const auto timing = synthesizer.next_timing()) {
      uint64_t end = timing->first_frame;
      for (const uint32_t d : timing->durations) end += d;
      spoken.durations +=
          std::to_string(static_cast<uint64_t>(static_cast<double>(timing->first_frame) * ticks)) +
          " " + std::to_string(static_cast<uint64_t>(static_cast<double>(end) * ticks)) + " " +
          timing->context + "\n";
    }
    for (SpeechFrame frame; synthesizer.next(frame);) {
      for (const double v : frame.parameters.spectrum) {
        spoken.spectrum.push_back(static_cast<float>(v));
      }
      const double f0 = frame.parameters.log_f0;
      spoken.log_f0.push_back(f0 == kUnvoiced ? -1e10F : static_cast<float>(f0));
      for (const double x : frame.samples) {
        spoken.samples.push_back(static_cast<int16_t>(std::clamp(x, -32768.0, 32767.0)));
      }
    }
    return spoken;
  }

  void compare(const std::vector<std::filesystem::path>& voices,
               const std::filesystem::path& labels, const std::string& options = "",
               const SynthesisSettings& settings = {}, double spectrum_tolerance = 1e-3,
               std::size_t first_sample = 0) {
    SCOPED_TRACE(voices[0].string() + " " + labels.string() + " " + options);
    std::string arguments;
    std::vector<std::shared_ptr<const Voice>> loaded;
    for (const auto& path : voices) {
      arguments += " -m " + path.string();
      loaded.push_back(std::make_shared<const Voice>(load_htsvoice(path)));
    }
    const std::vector<double> weights(loaded.size(), 1.0);
    const Spoken peer = speak_with_hts_engine(arguments, labels.string(), options);
    const Spoken ours = speak(VoiceBlend(loaded, weights), labels.string(), settings);
    EXPECT_EQ(ours.durations, peer.durations);
    ASSERT_EQ(ours.log_f0.size(), peer.log_f0.size());
    ASSERT_EQ(ours.spectrum.size(), peer.spectrum.size());
    ASSERT_EQ(ours.samples.size(), peer.samples.size());
    double log_f0_error = 0, spectrum_error = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t t = 0; t < peer.log_f0.size(); ++t) {
      ASSERT_EQ(ours.log_f0[t] == -1e10F, peer.log_f0[t] == -1e10F) << "voicing of frame " << t;
      log_f0_error = std::max<double>(log_f0_error, std::fabs(ours.log_f0[t] - peer.log_f0[t]));
    }
    for (std::size_t i = 0; i < peer.spectrum.size(); ++i) {
      spectrum_error =
          std::max<double>(spectrum_error, std::fabs(ours.spectrum[i] - peer.spectrum[i]));
    }
    for (std::size_t i = first_sample; i < peer.samples.size(); ++i) {
      const double x = ours.samples[i], y = peer.samples[i];
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
    EXPECT_LT(log_f0_error, 1e-3);
    EXPECT_LT(spectrum_error, spectrum_tolerance);
    ASSERT_GT(yy, 0);
    EXPECT_GT(xy / std::sqrt(xx * yy), 0.9999);
  }

  std::filesystem::path write(const std::string& name, const std::string& content) {
    write_file(folder_ / name, content);
    return folder_ / name;
  }
  /// How many of a folder's label files to speak: HMM_PARITY_LABELS, else a few.
  static int n_label_files(int few) {
    const char* setting = std::getenv("HMM_PARITY_LABELS");
    return setting != nullptr ? std::atoi(setting) : few;
  }

  std::filesystem::path folder_;
};

std::string numbered(const char* format, int number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

TEST_F(HtsEngineParity, EnglishVoice) {
  const auto voice = test_data("htsvoices/cmu_us_slt_arctic_hts.htsvoice");
  SKIP_WITHOUT(voice);
  const auto labels = [](int i) {
    return test_data(numbered("hts-labels/en-alice/alice%02d.lab", i).c_str());
  };
  for (int i = 2; i < 2 + n_label_files(2) && exists(labels(i)); ++i) compare({voice}, labels(i));
  compare({voice}, test_data("hts-labels/en-slt/arctic_a0009_phone.lab"), "-vp",
          {.durations_from_times = true});
  SynthesisSettings settings;
  settings.speaking_rate = 1.4;
  settings.generation.pitch = -3;
  settings.generation.msd_threshold = 0.7;
  settings.generation.gv_weight_spectrum = 0.8;
  settings.volume = std::pow(10, -0.3);
  compare({voice}, labels(2), "-r 1.4 -fm -3 -u 0.7 -jm 0.8 -g -6", settings);
}

TEST_F(HtsEngineParity, PostfilterDiffersOnlyInGain) {
  const auto voice = test_data("htsvoices/cmu_us_slt_arctic_hts.htsvoice");
  SKIP_WITHOUT(voice);
  // hts_engine measures the energy on 576 samples of the impulse response; ours is the whole.
  compare({voice}, test_data("hts-labels/en-slt/arctic_a0009_phone.lab"), "-b 0.4",
          {.postfilter = 0.4}, 0.05);
}

TEST_F(HtsEngineParity, JapaneseVoicesWithMixedExcitation) {
  const auto labels = [](int i) {
    return test_data(numbered("hts-labels/ja-jsut/BASIC5000_%04d.lab", i).c_str());
  };
  SKIP_WITHOUT(labels(1));
  for (const char* name : {"mei_normal", "nitech_jp_atr503_m001", "tohoku-f01-neutral"}) {
    const auto voice = test_data((std::string("htsvoices/") + name + ".htsvoice").c_str());
    for (int i = 1; i < 1 + n_label_files(1) && exists(labels(i)); ++i) {
      compare({voice}, labels(i));
      compare({voice}, labels(i), "-vp", {.durations_from_times = true});
    }
  }
}

TEST_F(HtsEngineParity, TwoVoicesMixed) {
  const auto labels = test_data("hts-labels/ja_atr503_phrase01.lab");
  SKIP_WITHOUT(labels);
  compare({test_data("htsvoices/mei_normal.htsvoice"),
           test_data("htsvoices/nitech_jp_atr503_m001.htsvoice")},
          labels);
}

TEST_F(HtsEngineParity, GeneratedVoicesOfEveryKind) {
  const auto labels = write("small.lab", testing::kSmallLabels);
  SynthesisSettings settings;
  settings.speaking_rate = 0.25;
  for (const bool low_pass : {false, true}) {
    for (const bool gv : {false, true}) {
      const SmallVoice kind{.low_pass = low_pass, .global_variance = gv};
      const auto voice = write("small.htsvoice", kind.bytes());
      compare({voice}, labels);
      compare({voice}, labels, "-r 0.25", settings);
    }
  }
}

// hts_engine starts the first frame of an LSP voice from a gain of e or 1, its conversion having
// overwritten the gain; that frame and the one after it, in which the filter still rings, are not
// compared. Sharp resonances ring past the 576 samples that its postfilter measures.
TEST_F(HtsEngineParity, LineSpectralPairs) {
  const auto labels = write("small.lab", testing::kSmallLabels);
  constexpr std::size_t kFirst = 2 * 80;
  for (const unsigned stage : {1u, 2u, 3u}) {
    for (const unsigned dimension : {9u, 12u}) {
      SmallVoice kind{.dimension = dimension, .stage = stage, .log_gain = stage % 2 == 1};
      compare({write("lsp.htsvoice", kind.bytes())}, labels, "", {}, 1e-3, kFirst);
      kind.global_variance = false;
      compare({write("lsp.htsvoice", kind.bytes())}, labels, "-b 0.3", {.postfilter = 0.3},
              kind.log_gain ? 0.2 : 30.0, kFirst);
    }
  }
}

}  // namespace
}  // namespace hmm
