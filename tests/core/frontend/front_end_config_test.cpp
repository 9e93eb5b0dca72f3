#include "core/frontend/front_end_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <set>
#include <string>

#include "core/base/error.h"
#include "core/frontend/front_end.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

template <class Call>
std::string settings_error(Call&& call) {
  try {
    call();
  } catch (const SettingsError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FrontEndConfig, IsTheSphinxPresetByDefault) {
  EXPECT_EQ(FrontEndConfig(), preset("sphinx"));
  EXPECT_EQ(FrontEndConfig().dimension(), 39);
  EXPECT_EQ(FrontEndConfig().static_dimension(), 13);
  EXPECT_EQ(FrontEndConfig().layout(), FeatureLayout::mfcc);
  EXPECT_EQ(FrontEndConfig().look_ahead_frames(), 3);
  EXPECT_EQ(FrontEndConfig().latency_samples(), 410 + 3 * 160);
  EXPECT_EQ(FrontEndConfig().label_offset_samples(), 125);
}

TEST(FrontEndConfig, DescribesEachPreset) {
  EXPECT_EQ(preset("kaldi-fbank").dimension(), 23);
  EXPECT_EQ(preset("kaldi-fbank").layout(), FeatureLayout::logmel);
  EXPECT_EQ(preset("kaldi-mfcc").dimension(), 13);
  EXPECT_EQ(preset("htk").dimension(), 39);
  EXPECT_EQ(preset("htk").look_ahead_frames(), 4);
  EXPECT_EQ(preset("librosa", 22050).dimension(), 128);
  EXPECT_EQ(preset("librosa", 22050).label_offset_samples(), 0);
  EXPECT_EQ(preset("librosa", 22050).latency_samples(), 1024);
}

TEST(FrontEndConfig, PresetsWorkAtAllSampleRates) {
  std::set<int> rates = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
  for (int rate = 8001; rate <= 48000; rate += 1999) rates.insert(rate);
  for (const std::string_view name : preset_names())
    for (const int rate : rates) {
      SCOPED_TRACE(std::string(name) + " at " + std::to_string(rate));
      const FrontEndConfig config = preset(name, rate);
      EXPECT_EQ(config.sample_rate, rate);
      FrontEnd front_end(config);
      const auto hop = static_cast<std::size_t>(config.hop_samples);
      front_end.push(
          std::vector<float>(static_cast<std::size_t>(config.window_samples) + 99 * hop));
      front_end.flush();
      EXPECT_GE(front_end.ready(), 100U);
    }
}

TEST(FrontEndConfig, RefusesUnknownPresetsAndRates) {
  EXPECT_THAT(settings_error([] { preset("sphynx"); }),
              HasSubstr("no front-end preset 'sphynx'; there are sphinx, sphinx-denoise, "
                        "kaldi-fbank, kaldi-mfcc, htk, librosa."));
  for (const int rate : {0, -16000, 999, 192001, std::numeric_limits<int>::max()})
    for (const std::string_view name : preset_names())
      EXPECT_THAT(settings_error([&] { preset(name, rate); }), HasSubstr(std::to_string(rate)));
}

struct Mistake {
  std::function<void(FrontEndConfig&)> make;
  const char* sentence;
};

TEST(FrontEndConfig, SaysWhatCannotBe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Mistake mistakes[] = {
      {[](auto& c) { c.sample_rate = 0; }, "The sample rate is 0 Hz"},
      {[](auto& c) { c.input_scale = 0; }, "The input scale is 0"},
      {[=](auto& c) { c.input_scale = nan; }, "The input scale is nan"},
      {[](auto& c) { c.window_samples = -1; }, "The window is -1 samples"},
      {[](auto& c) { c.window_samples = 1 << 30; }, "The window is 1073741824 samples"},
      {[](auto& c) { c.hop_samples = 0; }, "The hop is 0 samples"},
      {[](auto& c) { c.hop_samples = 411; }, "hop of 411 samples is longer than the window of 410"},
      {[](auto& c) { c.fft_size = 256; }, "The FFT size is 256"},
      {[](auto& c) { c.fft_size = 511; }, "The FFT size is 511"},
      {[](auto& c) { c.fft_size = -512; }, "The FFT size is -512"},
      {[](auto& c) { c.fft_size = 514; }, "a product of 2, 3 and 5"},
      {[](auto& c) { c.pre_emphasis = 1.5; }, "The pre-emphasis is 1.5"},
      {[=](auto& c) { c.pre_emphasis = nan; }, "The pre-emphasis is nan"},
      {[](auto& c) { c.bins = 0; }, "There are 0 mel bins"},
      {[](auto& c) { c.bins = 1 << 20; }, "There are 1048576 mel bins"},
      {[](auto& c) { c.low_frequency = -1; }, "low frequency of -1 Hz"},
      {[](auto& c) { c.low_frequency = 6800; }, "low frequency of 6800 Hz"},
      {[=](auto& c) { c.high_frequency = nan; }, "high frequency of nan Hz"},
      {[](auto& c) { c.high_frequency = 8001; }, "above half the sample rate of 16000 Hz"},
      {[](auto& c) { c.log_floor = 0; }, "The log floor is 0"},
      {[](auto& c) { c.log_floor = 1e-300; }, "The log floor is 1e-300"},
      {[](auto& c) { c.coefficients = 26; }, "There are 26 cepstral coefficients"},
      {[](auto& c) { c.coefficients = -1; }, "There are -1 cepstral coefficients"},
      {[=](auto& c) { c.lifter = nan; }, "The lifter is nan"},
      {[](auto& c) {
         c.zeroth = ZerothCoefficient::omitted;
         c.energy = EnergyKind::log_energy;
       },
       "coefficient 0, which is omitted"},
      {[](auto& c) {
         c.noise_removal = true;
         c.input_scale = 1;
       },
       "set the input scale to 32768"},
      {[](auto& c) { c.normalize_variance = true; }, "in batch only"},
      {[](auto& c) {
         c.normalization = NormalizationKind::live;
         c.initial_mean = {1, 2};
       },
       "The initial mean has 2 values and a frame 13"},
      {[=](auto& c) { c.initial_mean[3] = nan; }, "not a finite number"},
      {[](auto& c) { c.delta_order = 4; }, "The delta order is 4"},
      {[](auto& c) { c.delta_window = 0; }, "The delta window is 0"},
  };
  for (const Mistake& mistake : mistakes) {
    FrontEndConfig config;
    mistake.make(config);
    EXPECT_THAT(settings_error([&] { config.validate(); }), HasSubstr(mistake.sentence));
    EXPECT_THAT(settings_error([&] { FrontEnd front_end(config); }), HasSubstr(mistake.sentence));
  }
}

TEST(FrontEndConfig, NamesTheFilterThatCoversNoBin) {
  FrontEndConfig config = preset("kaldi-fbank", 8000);
  config.bins = 100;
  EXPECT_NO_THROW(config.validate());
  EXPECT_THAT(settings_error([&] { FrontEnd front_end(config); }), HasSubstr("covers no FFT bin"));
}

TEST(FrontEndConfig, JsonRoundTrip) {
  for (const std::string_view name : preset_names()) {
    FrontEndConfig config = preset(name, 44100);
    EXPECT_EQ(FrontEndConfig::from_json(config.to_json()), config);
  }
  FrontEndConfig config;
  config.pre_emphasis = 0.1 + 0.2;
  config.dct = DctKind::legacy;
  config.zeroth = ZerothCoefficient::omitted;
  config.initial_mean = {};
  EXPECT_EQ(FrontEndConfig::from_json(config.to_json()), config);
}

TEST(FrontEndConfig, JsonTakesAbsentFieldsFromTheSphinxPreset) {
  FrontEndConfig config;
  config.noise_removal = true;
  EXPECT_EQ(FrontEndConfig::from_json(R"({"noise-removal": true})"), config);
  EXPECT_EQ(FrontEndConfig::from_json("{}"), FrontEndConfig());
}

TEST(FrontEndConfig, JsonMistakesAreNamed) {
  const std::pair<std::string, const char*> mistakes[] = {
      {"", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"{\"bins\": 25", "not a JSON object"},
      {R"({"bin": 25})", "no setting 'bin'"},
      {R"({"bins": 25, "window-sampels": 4})", "no setting 'window-sampels'"},
      {R"({"bins": 25.5})", "'bins' must be a whole number, not 25.5"},
      {R"({"bins": "25"})", "'bins' must be a whole number"},
      {R"({"bins": 18446744073709551615})", "'bins' must be a whole number"},
      {R"({"bins": -9223372036854775808})", "'bins' must be a whole number"},
      {R"({"bins": 1000})", "There are 1000 mel bins"},
      {R"({"round-edges": 1})", "'round-edges' must be true or false"},
      {R"({"pre-emphasis": null})", "'pre-emphasis' must be a number"},
      {R"({"window": "haming"})", "one of hamming, hann, hann-periodic, povey, rectangular"},
      {R"({"window": 0})", "'window' must be one of"},
      {R"({"initial-mean": 3})", "'initial-mean' must be an array"},
      {R"({"initial-mean": [1, "x"]})", "'initial-mean' must be a number"},
      {"{\"window\": \"" + std::string(100000, 'x') + "\"}", "...."},
      {std::string(100000, '['), "not a JSON object"},
  };
  for (const auto& [json, sentence] : mistakes)
    EXPECT_THAT(settings_error([&] { FrontEndConfig::from_json(json); }), HasSubstr(sentence));
}

TEST(FrontEndConfig, DigestsTellFeaturesApart) {
  std::set<std::string> digests;
  for (const std::string_view name : preset_names()) {
    const std::string digest = preset(name).digest();
    EXPECT_TRUE(digests.insert(digest).second) << digest;
    EXPECT_EQ(digest.find_first_of(" ;\"'=(){}[]<>\\"), std::string::npos) << digest;
  }
  FrontEndConfig config;
  config.lifter = 0;
  EXPECT_TRUE(digests.insert(config.digest()).second);
}

TEST(FrontEndConfig, DigestsIgnoreWhatChangesNothing) {
  FrontEndConfig config;
  config.fft_size = 512;
  config.delta_window = 5;
  config.initial_mean = {};
  EXPECT_EQ(config.digest(), FrontEndConfig().digest());
  EXPECT_NE(config, FrontEndConfig());
}

TEST(FrontEndConfig, StaticPartStopsBeforeNormalization) {
  FrontEndConfig config;
  config.normalization = NormalizationKind::live;
  const FrontEndConfig part = config.static_part();
  EXPECT_EQ(part.dimension(), 13);
  EXPECT_EQ(part.look_ahead_frames(), 0);
  EXPECT_EQ(part.normalization, NormalizationKind::none);
}

}  // namespace
}  // namespace hmm
