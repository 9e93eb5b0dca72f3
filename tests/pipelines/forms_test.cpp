// Recordings through whole pipelines, in all the forms that audio comes in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "core/language/labels/label_file.h"
#include "tests/pipelines/pipeline.h"

namespace hmm::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

std::vector<Piece> texts_of(const std::vector<Piece>& pieces) {
  std::vector<Piece> texts;
  for (const Piece& piece : pieces) {
    if (!piece.text.empty()) texts.push_back(piece);
  }
  return texts;
}

GstClockTime end_of(const std::vector<Piece>& pieces) {
  return pieces.empty() ? 0 : pieces.back().start + pieces.back().duration;
}

/// What a recording gives in the plainest pipeline.
std::vector<Piece> plain(const std::filesystem::path& path, std::vector<StateMessage>* states) {
  Pipeline pipeline(wav_source(path) + " ! " + decoder() + " ! fakesink");
  EXPECT_TRUE(pipeline.play());
  EXPECT_THAT(pipeline.errors, IsEmpty());
  if (states != nullptr) *states = pipeline.states;
  return pipeline.take_pieces();
}

/// The messages follow one another and every text is made of those of its label.
void expect_told_on_bus(const std::vector<Piece>& pieces, const std::vector<StateMessage>& states) {
  GstClockTime position = 0;
  for (const StateMessage& state : states) {
    ASSERT_EQ(state.timestamp, position);
    EXPECT_EQ(state.running_time, position);
    EXPECT_EQ(state.stream_time, position);
    EXPECT_GE(state.confidence, 0);
    EXPECT_LE(state.confidence, 1 + 1e-6);
    position += state.duration;
  }
  EXPECT_EQ(position, end_of(pieces));
  auto state = states.begin();
  for (const Piece& text : texts_of(pieces)) {
    while (state != states.end() && state->timestamp < text.start) ++state;
    ASSERT_NE(state, states.end());
    EXPECT_EQ(state->timestamp, text.start);
    GstClockTime end = text.start;
    for (; state != states.end() && end < text.start + text.duration; ++state) {
      EXPECT_EQ(state->label, text.text);
      end += state->duration;
    }
    EXPECT_EQ(end, text.start + text.duration);
  }
}

/// A subtitle file, read back, says what was given out, to the millisecond.
void expect_subtitles(const std::filesystem::path& path, const std::vector<Piece>& pieces) {
  const Labels labels = read_labels(path);
  const auto texts = texts_of(pieces);
  const auto& written = labels.tiers.at(0).labels;
  ASSERT_EQ(written.size(), texts.size()) << path;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(written[i].text, texts[i].text);
    EXPECT_LE(std::abs(written[i].start - static_cast<int64_t>(texts[i].start)), 1000000);
    EXPECT_LE(std::abs(written[i].end - static_cast<int64_t>(texts[i].start + texts[i].duration)),
              1000000);
  }
}

TEST(Forms, EveryRecordingGivesSubtitlesThatSayWhatTheBusSays) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("srtenc");
  const OutputFolder folder;
  const auto srt = folder.path() / "out.srt", vtt = folder.path() / "out.vtt";
  for (const auto& path : recordings()) {
    SCOPED_TRACE(path);
    const auto samples = static_cast<int64_t>(std::filesystem::file_size(path) - 44) / 2;
    const auto seconds = static_cast<double>(samples) / 16000;
    Pipeline pipeline(wav_source(path) + " ! " + decoder() + " ! tee name=text ! queue ! " +
                      "srtenc ! filesink location=" + srt.string() +
                      " text. ! queue ! webvttenc ! filesink location=" + vtt.string());
    ASSERT_TRUE(pipeline.play()) << ::testing::PrintToString(pipeline.errors);
    pipeline.reach(GST_STATE_NULL);
    const auto pieces = pipeline.take_pieces();
    expect_covered(pieces, 0, end_of(pieces));
    expect_on_grid(pieces, 0);
    EXPECT_NEAR(static_cast<double>(end_of(pieces)) * 1e-9, seconds, 0.025);
    EXPECT_THAT(texts_of(pieces), Not(IsEmpty()));
    expect_told_on_bus(pieces, pipeline.states);
    expect_subtitles(srt, pieces);
    expect_subtitles(vtt, pieces);
  }
}

TEST(Forms, TheSameSamplesGiveTheSameResultHoweverTheyAreWrapped) {
  SKIP_WITHOUT_SPEECH();
  const std::string source = "filesrc location=" + kSpeech.string();
  struct Form {
    const char* element;  // that it needs
    std::string chain;
  };
  const Form forms[] = {
      {"decodebin", source + " ! decodebin"},
      {"flacenc", source + " ! wavparse ! flacenc ! flacparse ! flacdec"},
      {"audioconvert", source + " ! wavparse ! audioconvert ! audio/x-raw,channels=2"},
      {"audioconvert", source + " ! wavparse ! audioconvert ! audio/x-raw,format=F32LE"},
      {"audioconvert", source + " ! wavparse ! audioconvert ! audio/x-raw,format=S32LE"},
      {"queue", source + " ! wavparse ! queue max-size-buffers=1 ! identity"},
  };
  std::vector<StateMessage> states;
  const auto expected = plain(kSpeech, &states);
  ASSERT_THAT(expected, Not(IsEmpty()));
  for (const Form& form : forms) {
    SCOPED_TRACE(form.chain);
    GstElementFactory* factory = gst_element_factory_find(form.element);
    if (factory == nullptr) continue;
    gst_object_unref(factory);
    Pipeline pipeline(form.chain + " ! " + decoder() + " ! fakesink");
    EXPECT_TRUE(pipeline.play());
    EXPECT_EQ(pipeline.take_pieces(), expected);
    EXPECT_EQ(pipeline.states, states);
  }
}

TEST(Forms, OtherRatesSayNearlyTheSame) {
  SKIP_WITHOUT_SPEECH();
  const auto expected = plain(kSpeech, nullptr);
  const struct {
    int rate;
    double least;  // agreement; at 8 kHz the upper half of the spectrum is missing
  } cases[] = {{8000, 0.45}, {22050, 0.8}, {44100, 0.85}, {48000, 0.85}};
  for (const auto& [rate, least] : cases) {
    SCOPED_TRACE(rate);
    Pipeline pipeline(wav_source(kSpeech) + " ! audioconvert ! audioresample ! audio/x-raw,rate=" +
                      std::to_string(rate) + ",channels=2 ! " + decoder() + " ! fakesink");
    ASSERT_TRUE(pipeline.play()) << ::testing::PrintToString(pipeline.errors);
    const auto pieces = pipeline.take_pieces();
    expect_covered(pieces, 0, end_of(pieces));
    expect_on_grid(pieces, 0);
    EXPECT_NEAR(static_cast<double>(end_of(pieces)), static_cast<double>(end_of(expected)),
                static_cast<double>(2 * kHop));
    EXPECT_GE(agreement(pieces, expected, 0, end_of(expected)), least);
  }
}

TEST(Forms, ResultsDoNotDependOnHowTheFileIsRead) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("rawaudioparse");
  std::vector<Piece> expected;
  std::vector<StateMessage> states;
  for (const guint size : {1u << 20, 3u, 320u, 1000u, 4096u, 65537u}) {
    SCOPED_TRACE(size);
    Pipeline pipeline("filesrc blocksize=" + std::to_string(size) +
                      " location=" + kRecording.string() +
                      " ! rawaudioparse sample-rate=16000 num-channels=1 ! "
                      "hmmmelfeatures ! hmmstreamdecode name=decoder ! fakesink");
    ASSERT_TRUE(pipeline.play()) << ::testing::PrintToString(pipeline.errors);
    const auto pieces = pipeline.take_pieces();
    if (expected.empty()) {
      expected = pieces;
      states = pipeline.states;
      EXPECT_THAT(texts_of(pieces), Not(IsEmpty()));
    }
    EXPECT_EQ(pieces, expected);
    EXPECT_EQ(pipeline.states, states);
  }
}

TEST(Forms, TwoBranchesWithFeaturesSayTheSame) {
  SKIP_WITHOUT_SPEECH();
  const auto expected = plain(kSpeech, nullptr);
  Pipeline pipeline(wav_source(kSpeech) +
                    " ! audioconvert ! tee name=audio ! queue ! hmmmelfeatures ! "
                    "hmmstreamdecode name=decoder decoder.src ! queue ! fakesink "
                    "decoder.features_src ! tee name=frames ! queue ! fakesink name=first "
                    "frames. ! queue ! hmmstreamdecode name=third ! fakesink "
                    "audio. ! queue ! hmmmelfeatures ! hmmstreamdecode name=second ! fakesink");
  ASSERT_TRUE(pipeline.play());
  EXPECT_EQ(pipeline.take_pieces(), expected);
  const std::size_t one = pipeline.states.size() / 3;
  EXPECT_EQ(pipeline.states.size(), 3 * one);
  GstSample* last = nullptr;
  g_object_get(pipeline.child("first"), "last-sample", &last, nullptr);
  ASSERT_NE(last, nullptr);
  EXPECT_NE(gst_buffer_get_custom_meta(gst_sample_get_buffer(last), "HmmStateMeta"), nullptr);
  gst_sample_unref(last);
}

TEST(Forms, SilenceIsFilledWithGapsOfAtMostATenthOfASecond) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("audiotestsrc");
  Pipeline pipeline(
      "audiotestsrc wave=silence num-buffers=200 samplesperbuffer=160 ! "
      "audio/x-raw,rate=16000 ! " +
      decoder() + " ! fakesink");
  ASSERT_TRUE(pipeline.play());
  const auto pieces = pipeline.take_pieces();
  expect_covered(pieces, 0, end_of(pieces));
  int gaps = 0;
  for (const Piece& piece : pieces) {
    if (!piece.text.empty()) continue;
    EXPECT_LE(piece.duration, 100 * GST_MSECOND);
    ++gaps;
  }
  EXPECT_GT(gaps, 10);
}

}  // namespace
}  // namespace hmm::testing
