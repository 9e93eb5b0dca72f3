#include "core/synthesis/speech_synthesizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/model/io/htsvoice.h"
#include "tests/small_voice.h"

namespace hmm {
namespace {

using ::hmm::testing::SmallVoice;
using ::testing::HasSubstr;

VoiceBlend blend(const SmallVoice& kind = {}) {
  const std::string bytes = kind.bytes();
  return VoiceBlend(std::make_shared<const Voice>(
      read_htsvoice(std::as_bytes(std::span(bytes.data(), bytes.size())), "small.htsvoice")));
}

std::vector<FullContextLabel> small_labels() {
  return parse_full_context_labels(testing::kSmallLabels, "small.lab");
}

std::vector<double> speak(SpeechSynthesizer& synthesizer,
                          const std::vector<FullContextLabel>& labels) {
  std::vector<double> samples;
  SpeechFrame frame;
  const auto take = [&] {
    while (synthesizer.next(frame)) {
      samples.insert(samples.end(), frame.samples.begin(), frame.samples.end());
    }
  };
  for (const FullContextLabel& label : labels) {
    synthesizer.push(label);
    take();
  }
  synthesizer.finish();
  take();
  return samples;
}

std::string message_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(SpeechSynthesizer, TimingsCoverTheSpeech) {
  for (const bool streaming : {false, true}) {
    SynthesisSettings settings;
    if (streaming) settings.look_ahead = 10;
    SpeechSynthesizer synthesizer(blend(), settings);
    const auto samples = speak(synthesizer, small_labels());
    uint64_t end = 0;
    int n = 0;
    for (; const auto timing = synthesizer.next_timing(); ++n) {
      EXPECT_EQ(timing->first_frame, end);
      EXPECT_EQ(timing->durations.size(), 3u);
      for (const uint32_t d : timing->durations) end += d;
    }
    EXPECT_EQ(n, 5);
    EXPECT_EQ(samples.size(), end * 80);
  }
}

TEST(SpeechSynthesizer, LookAheadPastTheEndGivesTheBatchResultWithoutGv) {
  SynthesisSettings settings;
  settings.generation.global_variance = false;
  for (const bool low_pass : {false, true}) {
    SpeechSynthesizer whole(blend({.low_pass = low_pass}), settings);
    SynthesisSettings far = settings;
    far.look_ahead = 5000;
    SpeechSynthesizer streaming(blend({.low_pass = low_pass}), far);
    const auto expected = speak(whole, small_labels());
    const auto samples = speak(streaming, small_labels());
    ASSERT_EQ(samples.size(), expected.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      ASSERT_NEAR(samples[i], expected[i], 1e-6 * (1 + std::fabs(expected[i])));
    }
  }
}

TEST(SpeechSynthesizer, TheNextUtteranceStartsAfresh) {
  for (const bool streaming : {false, true}) {
    SynthesisSettings settings;
    if (streaming) settings.look_ahead = 3;
    SpeechSynthesizer synthesizer(blend(), settings);
    const auto first = speak(synthesizer, small_labels());
    EXPECT_EQ(speak(synthesizer, small_labels()), first);
  }
}

TEST(SpeechSynthesizer, HowLabelsComeDoesNotMatter) {
  SynthesisSettings settings;
  settings.look_ahead = 7;
  SpeechSynthesizer one_by_one(blend(), settings), at_once(blend(), settings);
  const auto expected = speak(one_by_one, small_labels());
  for (const FullContextLabel& label : small_labels()) at_once.push(label);
  at_once.finish();
  std::vector<double> samples;
  for (SpeechFrame frame; at_once.next(frame);) {
    samples.insert(samples.end(), frame.samples.begin(), frame.samples.end());
  }
  EXPECT_EQ(samples, expected);
}

TEST(SpeechSynthesizer, FirstFrameComesAsSoonAsTheLookAheadIsThere) {
  SynthesisSettings settings;
  settings.look_ahead = 2;
  SpeechSynthesizer synthesizer(blend(), settings);
  SpeechFrame frame;
  EXPECT_FALSE(synthesizer.next(frame));
  synthesizer.push(small_labels()[0]);
  EXPECT_TRUE(synthesizer.next(frame));
}

TEST(SpeechSynthesizer, RatePitchAndVolumeDoWhatTheySay) {
  SynthesisSettings settings;
  settings.generation.global_variance = false;
  SpeechSynthesizer plain(blend(), settings);
  const auto expected = speak(plain, small_labels());

  SynthesisSettings slow = settings;
  slow.speaking_rate = 0.5;
  SpeechSynthesizer slower(blend(), slow);
  EXPECT_NEAR(static_cast<double>(speak(slower, small_labels()).size()),
              2.0 * static_cast<double>(expected.size()), 80.0 * 15);

  SynthesisSettings loud = settings;
  loud.volume = 2;
  SpeechSynthesizer louder(blend(), loud);
  const auto doubled = speak(louder, small_labels());
  for (std::size_t i = 0; i < doubled.size(); ++i) ASSERT_EQ(doubled[i], 2 * expected[i]);

  SynthesisSettings high = settings;
  high.generation.pitch = 12;
  SpeechSynthesizer higher(blend(), high), lower(blend(), settings);
  for (const FullContextLabel& label : small_labels()) {
    higher.push(label);
    lower.push(label);
  }
  higher.finish();
  lower.finish();
  for (SpeechFrame a, b; higher.next(a) && lower.next(b);) {
    if (b.parameters.log_f0 == kUnvoiced) continue;
    ASSERT_NEAR(a.parameters.log_f0 - b.parameters.log_f0, std::log(2.0), 1e-9);
  }
}

TEST(SpeechSynthesizer, NoLabelIsAFault) {
  for (const bool streaming : {false, true}) {
    SynthesisSettings settings;
    if (streaming) settings.look_ahead = 5;
    SpeechSynthesizer synthesizer(blend(), settings);
    EXPECT_THAT(message_of([&] { synthesizer.finish(); }), HasSubstr("no label to speak"));
  }
}

TEST(SpeechSynthesizer, LabelsWithoutTimesCannotBeFollowed) {
  SpeechSynthesizer synthesizer(blend(), {.durations_from_times = true});
  EXPECT_THAT(message_of([&] { speak(synthesizer, small_labels()); }), HasSubstr("have none"));
}

TEST(SpeechSynthesizer, TimesShorterThanTheStatesStretch) {
  SpeechSynthesizer synthesizer(blend(), {.durations_from_times = true});
  auto labels = small_labels();
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i].end = static_cast<int64_t>(i) * 50000;
  EXPECT_EQ(speak(synthesizer, labels).size(), 5u * 3u * 80u);
}

TEST(SpeechSynthesizer, LabelsForAnotherVoiceAreRefused) {
  SpeechSynthesizer japanese(blend({.format = "HTS_TTS_JPN"}), {});
  EXPECT_THAT(message_of([&] {
                japanese.push({"x^x-a+b=c@1_2/A:1", {}, {}});
              }),
              HasSubstr("is English, and the voice small.htsvoice speaks Japanese"));
  SpeechSynthesizer any(blend(), {});
  EXPECT_THAT(message_of([&] {
                any.push({"hello", {}, {}});
              }),
              HasSubstr("knows anything of the label \"hello\""));
  SynthesisSettings settings;
  settings.check_labels = false;
  SpeechSynthesizer unchecked(blend(), settings);
  EXPECT_GT(speak(unchecked, {{"hello", {}, {}}}).size(), 0u);
}

TEST(SpeechSynthesizer, EndlessUtterancesNeedLookAhead) {
  auto labels = small_labels();
  labels[2].end = int64_t{50000} << 20;
  for (std::size_t i = 3; i < labels.size(); ++i) labels[i].end = labels[2].end;
  SpeechSynthesizer synthesizer(blend(), {.durations_from_times = true});
  EXPECT_THAT(message_of([&] { speak(synthesizer, labels); }), HasSubstr("use a look-ahead"));
  labels[2].end = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(message_of([&] { speak(synthesizer, labels); }), HasSubstr("2^31 frames"));
}

TEST(SpeechSynthesizer, SettingsOutOfRangeAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto with = [](const auto& change) {
    SynthesisSettings settings;
    change(settings);
    return message_of([&] { SpeechSynthesizer(blend(), settings); });
  };
  EXPECT_THAT(with([](auto& s) { s.speaking_rate = 0; }), HasSubstr("speaking rate"));
  EXPECT_THAT(with([=](auto& s) { s.speaking_rate = nan; }), HasSubstr("speaking rate"));
  EXPECT_THAT(with([](auto& s) { s.volume = -1; }), HasSubstr("volume"));
  EXPECT_THAT(with([](auto& s) { s.postfilter = 2; }), HasSubstr("postfilter"));
  EXPECT_THAT(with([=](auto& s) { s.generation.pitch = nan; }), HasSubstr("pitch"));
  EXPECT_THAT(with([](auto& s) { s.generation.msd_threshold = 1.5; }), HasSubstr("voicing"));
  EXPECT_THAT(with([](auto& s) { s.generation.gv_weight_log_f0 = -1; }),
              HasSubstr("global variance"));
  EXPECT_THAT(with([](auto& s) { s.look_ahead = 1u << 30; }), HasSubstr("look-ahead"));
}

}  // namespace
}  // namespace hmm
