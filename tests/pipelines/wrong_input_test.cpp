// What is wrong with the input ends in a sentence on the bus, not in a crash or a hang.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "tests/pipelines/pipeline.h"

namespace hmm::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(WrongInput, NothingAtAllEndsAtOnce) {
  SKIP_WITHOUT_SPEECH();
  const OutputFolder folder;
  const auto srt = folder.path() / "out.srt";
  Pipeline pipeline("audiotestsrc num-buffers=0 ! audio/x-raw,rate=16000 ! " + decoder() +
                    " ! srtenc ! filesink location=" + srt.string());
  EXPECT_TRUE(pipeline.play());
  EXPECT_THAT(pipeline.errors, IsEmpty());
  EXPECT_THAT(pipeline.take_pieces(), IsEmpty());
  EXPECT_THAT(pipeline.states, IsEmpty());
}

TEST(WrongInput, OneSampleIsAFrame) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline("audiotestsrc num-buffers=1 samplesperbuffer=1 ! audio/x-raw,rate=16000 ! " +
                    decoder() + " ! fakesink");
  EXPECT_TRUE(pipeline.play());
  EXPECT_THAT(pipeline.errors, IsEmpty());
}

TEST(WrongInput, SamplesThatAreNoNumbersAreNamed) {
  SKIP_WITHOUT_SPEECH();
  SKIP_WITHOUT_ELEMENT("rawaudioparse");
  const OutputFolder folder;
  const auto path = folder.path() / "samples.f32";
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 3e38f}) {
    SCOPED_TRACE(bad);
    std::vector<float> samples(32000);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      samples[n] = 0.1f * std::sin(0.05f * static_cast<float>(n));
    }
    samples[16000] = bad;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(samples.data()),
               static_cast<std::streamsize>(samples.size() * sizeof(float)));
    Pipeline pipeline("filesrc location=" + path.string() +
                      " ! rawaudioparse pcm-format=f32le sample-rate=16000 num-channels=1 ! "
                      "hmmmelfeatures ! hmmstreamdecode name=decoder ! fakesink");
    if (!pipeline.play()) {
      EXPECT_THAT(pipeline.errors, Contains(HasSubstr("finite")));
    } else {
      EXPECT_TRUE(std::isfinite(bad));
    }
    for (const StateMessage& state : pipeline.states) EXPECT_TRUE(std::isfinite(state.confidence));
  }
}

TEST(WrongInput, BrokenRecordingsEndTheStream) {
  SKIP_WITHOUT_SPEECH();
  const OutputFolder folder;
  const auto path = folder.path() / "broken.wav";
  std::ifstream file(kPocketsphinxTestData / "cards" / "001.wav", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::mt19937 random(4);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(round);
    std::string broken = whole;
    if (round % 2 == 0) {
      broken.resize(std::uniform_int_distribution<std::size_t>(1, whole.size())(random));
    } else {
      // The header, then anywhere.
      for (int i = 0; i < 3; ++i) {
        const std::size_t end = i == 0 ? 44 : whole.size();
        broken[std::uniform_int_distribution<std::size_t>(0, end - 1)(random)] ^=
            static_cast<char>(std::uniform_int_distribution<int>(1, 255)(random));
      }
    }
    write_file(path, broken);
    Pipeline pipeline("filesrc location=" + path.string() + " ! decodebin ! " + decoder() +
                      " ! fakesink");
    const bool ended = pipeline.play();
    EXPECT_TRUE(ended || !pipeline.errors.empty()) << "neither ended nor failed";
  }
}

TEST(WrongInput, ARateThatDoesNotFitIsRefusedWithBothSidesNamed) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(
      "audiotestsrc num-buffers=50 ! capsfilter name=rate ! identity ! "
      "hmmmelfeatures ! hmmstreamdecode name=decoder ! fakesink");
  const gst::CapsPtr caps(gst_caps_from_string("audio/x-raw,format=S16LE,rate=8000,channels=1"));
  g_object_set(pipeline.child("rate"), "caps", caps.get(), nullptr);
  EXPECT_FALSE(pipeline.play());
  EXPECT_THAT(pipeline.errors, Not(IsEmpty()));
  EXPECT_THAT(pipeline.take_pieces(), IsEmpty());
}

TEST(WrongInput, AnAbsentModelIsNamedOnce) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(wav_source(kSpeech) + " ! " + decoder("model=/nowhere/at/all") + " ! fakesink");
  EXPECT_EQ(gst_element_set_state(pipeline.get(), GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
  pipeline.wait_for(GST_MESSAGE_EOS);
  EXPECT_THAT(pipeline.errors, ::testing::ElementsAre(HasSubstr("/nowhere/at/all")));
}

TEST(WrongInput, ASinkThatFailsStopsTheStream) {
  SKIP_WITHOUT_SPEECH();
  Pipeline pipeline(wav_source(kSpeech) + " ! " + decoder() +
                    " ! filesink location=/nowhere/at/all/out.txt");
  EXPECT_FALSE(pipeline.play());
  EXPECT_THAT(pipeline.errors, Contains(HasSubstr("/nowhere/at/all")));
}

}  // namespace
}  // namespace hmm::testing
