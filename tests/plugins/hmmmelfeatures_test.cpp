// hmmmelfeatures: frames, times, and that both depend on the samples alone.
#include <gtest/gtest.h>
#include <malloc.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/plugins/feature_harness.h"

namespace hmm::testing {
namespace {

/// Buffers follow each other without a hole, frame t at sample first + t*hop from `origin`.
void expect_times(const std::vector<FrameBuffer>& buffers, const FrontEndConfig& config,
                  GstClockTime origin, uint64_t first = 0) {
  uint64_t frame = 0;
  const auto time_of = [&](uint64_t t) {
    return origin + gst_util_uint64_scale(first + t * static_cast<uint64_t>(config.hop_samples),
                                          GST_SECOND, static_cast<guint64>(config.sample_rate));
  };
  for (const auto& buffer : buffers) {
    const auto dimension = static_cast<std::size_t>(config.dimension());
    ASSERT_EQ(buffer.values.size() % dimension, 0u);
    ASSERT_EQ(buffer.pts, time_of(frame)) << "frame " << frame;
    ASSERT_EQ(buffer.discont, frame == 0);
    frame += buffer.values.size() / dimension;
    ASSERT_EQ(buffer.duration, time_of(frame) - buffer.pts) << "frame " << frame;
  }
}

TEST(MelFeatures, EveryPresetMakesWhatCoreMakesOfARecording) {
  SKIP_WITHOUT(kGoForward);
  const auto samples = read_samples(kGoForward);
  for (const std::string_view name : preset_names()) {
    SCOPED_TRACE(name);
    FeatureHarness harness({{"preset", name.data()}});
    harness.start();
    harness.push_in_pieces(samples, 1000);
    ASSERT_TRUE(harness.end());
    const auto buffers = harness.pull();
    expect_times(buffers, preset(name), 0);
    EXPECT_EQ(all_values(buffers), front_end_values(preset(name), samples));
  }
}

TEST(MelFeatures, AnySplittingGivesTheSameBitsAndTimes) {
  SKIP_WITHOUT(kGoForward);
  const auto samples = read_samples(kGoForward);
  for (const char* name : {"sphinx-denoise", "htk", "librosa"}) {
    const auto expected = front_end_values(preset(name), samples);
    for (const std::size_t size : {1, 2, 159, 160, 161, 410, 4096, 5000, 1 << 20}) {
      SCOPED_TRACE(std::string(name) + " in pieces of " + std::to_string(size));
      FeatureHarness harness({{"preset", name}});
      harness.start();
      harness.push_in_pieces(samples, size, GST_SECOND / 3);
      harness.end();
      const auto buffers = harness.pull();
      expect_times(buffers, preset(name), GST_SECOND / 3);
      ASSERT_EQ(all_values(buffers), expected);
    }
  }
}

TEST(MelFeatures, LiveNormalizationDoesNotDependOnTheSplittingEither) {
  SKIP_WITHOUT(kGoForward);
  const auto samples = read_samples(kGoForward);
  FrontEndConfig config = preset("sphinx");
  config.normalization = NormalizationKind::live;
  const auto expected = front_end_values(config, samples);
  for (const std::size_t size : {1, 777, 1 << 20}) {
    FeatureHarness harness({{"normalization", "live"}});
    harness.start();
    harness.push_in_pieces(samples, size);
    harness.end();
    ASSERT_EQ(all_values(harness.pull()), expected) << size;
  }
}

TEST(MelFeatures, TimesAreExactAtEveryRate) {
  for (const int rate : {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
    const auto samples = noise(static_cast<std::size_t>(rate));
    for (const std::string_view name : preset_names()) {
      SCOPED_TRACE(std::string(name) + " at " + std::to_string(rate));
      const GstClockTime origin = 36000 * GST_SECOND + 7;
      FeatureHarness harness({{"preset", name.data()}});
      harness.start(rate);
      harness.push_in_pieces(samples, 333, origin);
      harness.end();
      const auto buffers = harness.pull();
      expect_times(buffers, preset(name, rate), origin);
      EXPECT_EQ(all_values(buffers), front_end_values(preset(name, rate), samples));
    }
  }
}

TEST(MelFeatures, FloatSamplesGiveTheFramesOfTheSameIntegers) {
  const auto samples = noise(8000);
  std::vector<float> floats;
  for (const int16_t sample : samples) floats.push_back(sample / 32768.0F);
  FeatureHarness harness;
  harness.start(16000, 1, "F32LE");
  harness.push(floats, 0);
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), front_end_values(preset("sphinx"), samples));
}

TEST(MelFeatures, ChannelsAreAveragedOrOneIsTaken) {
  const auto left = noise(8000, 1), right = noise(8000, 2);
  std::vector<int16_t> stereo;
  std::vector<float> average;
  for (std::size_t n = 0; n < left.size(); ++n) {
    stereo.insert(stereo.end(), {left[n], right[n]});
    average.push_back(static_cast<float>(left[n] + right[n]) / 65536.0F);
  }
  FrontEnd front_end(preset("sphinx"));
  front_end.push(std::span<const float>(average));
  front_end.flush();
  const Matrix frames = front_end.take();

  for (const char* channel : {"-1", "0", "1"}) {
    FeatureHarness harness({{"channel", channel}});
    harness.start(16000, 2);
    harness.push(stereo, 0);
    harness.end();
    const auto values = all_values(harness.pull());
    if (*channel == '-') {
      EXPECT_EQ(values, std::vector<float>(frames.data(), frames.data() + values.size()));
      EXPECT_EQ(values.size(), frames.rows() * frames.columns());
    } else {
      EXPECT_EQ(values, front_end_values(preset("sphinx"), *channel == '0' ? left : right));
    }
  }
}

TEST(MelFeatures, SevenChannelsAreAcceptedToo) {
  const auto mono = noise(4000);
  std::vector<int16_t> interleaved;
  for (const int16_t sample : mono) interleaved.insert(interleaved.end(), 7, sample);
  FeatureHarness harness;
  harness.start(16000, 7);
  harness.push(interleaved, 0);
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), front_end_values(preset("sphinx"), mono));
}

TEST(MelFeatures, PropertiesReplaceFieldsOfThePreset) {
  const auto samples = noise(8000);
  FrontEndConfig config = preset("kaldi-mfcc");
  config.window_samples = 320;
  config.hop_samples = 128;
  config.window = WindowShape::hann;
  config.bins = 40;
  config.coefficients = 20;
  config.low_frequency = 60;
  config.high_frequency = 7000;
  config.pre_emphasis = 0.9;
  config.lifter = 15;
  config.energy = EnergyKind::none;
  config.deltas = DeltaKind::regression;
  config.delta_order = 1;
  config.delta_window = 3;
  FeatureHarness harness({{"preset", "kaldi-mfcc"},
                          {"window-size", "20000000"},
                          {"frame-rate", "125/1"},
                          {"window", "hann"},
                          {"bins", "40"},
                          {"coefficients", "20"},
                          {"low-frequency", "60"},
                          {"high-frequency", "7000"},
                          {"pre-emphasis", "0.9"},
                          {"lifter", "15"},
                          {"energy", "none"},
                          {"deltas", "regression"},
                          {"delta-order", "1"},
                          {"delta-window", "3"}});
  harness.start();
  harness.push(samples, 0);
  harness.end();
  const auto buffers = harness.pull();
  expect_times(buffers, config, 0);
  EXPECT_EQ(all_values(buffers), front_end_values(config, samples));
}

TEST(MelFeatures, BatchNormalizationWaitsForTheEnd) {
  const auto samples = noise(16000);
  FeatureHarness harness({{"normalization", "batch"}});
  harness.start();
  harness.push(samples, 0);
  EXPECT_TRUE(harness.pull().empty());
  harness.end();
  FrontEndConfig config = preset("sphinx");
  config.normalization = NormalizationKind::batch;
  EXPECT_EQ(all_values(harness.pull()), front_end_values(config, samples));
}

TEST(MelFeatures, FramesComeOutNoLaterThanTheReportedLatency) {
  for (const std::string_view name : preset_names()) {
    SCOPED_TRACE(name);
    const FrontEndConfig config = preset(name);
    const auto samples = noise(8000);
    FeatureHarness harness({{"preset", name.data()}});
    harness.start();
    uint64_t frame = 0, latest = 0;
    for (std::size_t n = 0; n < samples.size(); ++n) {
      harness.push_in_pieces({&samples[n], 1}, 1, gst_util_uint64_scale(n, GST_SECOND, 16000));
      for (const auto& buffer : harness.pull()) {
        const uint64_t frame_sample = frame * static_cast<uint64_t>(config.hop_samples);
        latest = std::max(latest, n + 1 - frame_sample);
        frame += buffer.values.size() / static_cast<std::size_t>(config.dimension());
      }
    }
    EXPECT_GT(frame, 0u);
    EXPECT_EQ(latest, static_cast<uint64_t>(config.latency_samples()));
  }
}

TEST(MelFeatures, MemoryStaysFlatOverTwentyMinutes) {
  if (mallinfo2().uordblks == 0) GTEST_SKIP() << "the sanitizer's allocator does not count";
  const auto second = noise(16000);
  FeatureHarness harness;
  harness.start();
  std::size_t after_a_minute = 0;
  for (int s = 0; s < 20 * 60; ++s) {
    harness.push_in_pieces(second, 160, static_cast<GstClockTime>(s) * GST_SECOND);
    harness.pull();
    if (s == 60) after_a_minute = mallinfo2().uordblks;
  }
  EXPECT_LT(mallinfo2().uordblks, after_a_minute + 10000);
}

// Wrong input.

TEST(MelFeatures, SamplesThatAreNoNumbersAreOneError) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e30F}) {
    FeatureHarness harness;
    harness.start(16000, 1, "F32LE");
    std::vector<float> samples(1000, 0.1F);
    samples[500] = bad;
    EXPECT_EQ(harness.push(samples, 0), GST_FLOW_ERROR);
    harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, {"500", "finite"});
    EXPECT_TRUE(harness.end());
  }
}

TEST(MelFeatures, AChannelThatIsNotThereIsASettingsError) {
  FeatureHarness harness({{"channel", "2"}});
  harness.start(16000, 2);
  harness.expect_error(GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, {"Channel 2", "has 2"});
  EXPECT_NE(harness.push(noise(100), 0), GST_FLOW_OK);
}

TEST(MelFeatures, SettingsThatCannotBeAreOneErrorThatNamesThem) {
  struct Case {
    const char *name, *value, *word;
  };
  for (const auto& [name, value, word] :
       {Case{"low-frequency", "7000", "7000"}, Case{"high-frequency", "9000", "9000"},
        Case{"coefficients", "60", "60"}, Case{"bins", "4000", "4000"},
        Case{"window-size", "1000000", "window"}, Case{"frame-rate", "10/1", "hop"},
        Case{"frame-rate", "1/1000", "hop"}, Case{"window-size", "1", "window"}}) {
    SCOPED_TRACE(std::string(name) + "=" + value);
    FeatureHarness harness({{name, value}});
    harness.start();
    harness.expect_error(GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, {word});
    EXPECT_NE(harness.push(noise(1000), 0), GST_FLOW_OK);
    EXPECT_TRUE(harness.pull().empty());
  }
}

TEST(MelFeatures, ABufferThatEndsWithinASampleIsAnError) {
  FeatureHarness harness;
  harness.start(16000, 2);
  EXPECT_EQ(harness.push(std::vector<char>(403), 0), GST_FLOW_ERROR);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"403", "4 bytes"});
}

TEST(MelFeatures, AudioThatStartsWithoutATimestampIsAnError) {
  FeatureHarness harness;
  harness.start();
  EXPECT_EQ(harness.push(noise(1000), GST_CLOCK_TIME_NONE), GST_FLOW_ERROR);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"timestamp"});
}

TEST(MelFeatures, LaterBuffersMayLackTimestamps) {
  const auto samples = noise(2000);
  const std::vector<int16_t> head(samples.begin(), samples.begin() + 777),
      tail(samples.begin() + 777, samples.end());
  FeatureHarness harness;
  harness.start();
  EXPECT_EQ(harness.push(head, GST_SECOND), GST_FLOW_OK);
  EXPECT_EQ(harness.push(tail, GST_CLOCK_TIME_NONE), GST_FLOW_OK);
  harness.end();
  const auto buffers = harness.pull();
  expect_times(buffers, preset("sphinx"), GST_SECOND);
  EXPECT_EQ(all_values(buffers), front_end_values(preset("sphinx"), samples));
}

TEST(MelFeatures, EmptyBuffersChangeNothing) {
  const auto samples = noise(2000);
  FeatureHarness harness;
  harness.start();
  EXPECT_EQ(harness.push(std::vector<int16_t>(), GST_CLOCK_TIME_NONE), GST_FLOW_OK);
  EXPECT_TRUE(harness.pull().empty());
  for (std::size_t n = 0; n < samples.size(); n += 100) {
    harness.push_in_pieces({&samples[n], 100}, 100, gst_util_uint64_scale(n, GST_SECOND, 16000));
    harness.push(std::vector<int16_t>(), 99 * GST_SECOND);
  }
  harness.end();
  const auto buffers = harness.pull();
  expect_times(buffers, preset("sphinx"), 0);
  EXPECT_EQ(all_values(buffers), front_end_values(preset("sphinx"), samples));
}

}  // namespace
}  // namespace hmm::testing
