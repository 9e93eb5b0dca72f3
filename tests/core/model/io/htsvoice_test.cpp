#include "core/model/io/htsvoice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "core/base/error.h"
#include "tests/small_voice.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::hmm::testing::SmallVoice;
using ::testing::HasSubstr;

Voice read(const std::string& bytes) {
  return read_htsvoice(std::as_bytes(std::span(bytes.data(), bytes.size())), "small.htsvoice");
}

std::string message_of(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const ParseError& error) {
    return error.what();
  }
  return "no error";
}

std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  const std::size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return bytes.replace(at, from.size(), to);
}

/// The first byte of a section of the data.
std::size_t section_start(const std::string& bytes, const std::string& key) {
  const std::size_t at = bytes.find("\n" + key + ":") + key.size() + 2;
  return bytes.find("[DATA]\n") + 7 + std::stoul(bytes.substr(at));
}

TEST(HtsVoice, ReadsWhatWasWritten) {
  const Voice voice = read(SmallVoice{.low_pass = true}.bytes());
  EXPECT_EQ(voice.sample_rate, 16000u);
  EXPECT_EQ(voice.frame_period, 80u);
  EXPECT_EQ(voice.n_state, 3u);
  EXPECT_EQ(voice.spectrum, (SpectrumCoding{.alpha = 0.42}));
  ASSERT_EQ(voice.streams.size(), 3u);
  EXPECT_EQ(voice.streams[0].name, "MCP");
  EXPECT_EQ(voice.streams[0].dimension, 9u);
  EXPECT_EQ(voice.streams[0].windows[1], (DynamicWindow{1, {-0.5, 0, 0.5}}));
  EXPECT_TRUE(voice.streams[1].is_msd);
  EXPECT_TRUE(voice.streams[1].global_variance);
  EXPECT_FALSE(voice.streams[2].global_variance);
  EXPECT_EQ(voice.gv_off_contexts.size(), 1u);
}

TEST(HtsVoice, ReadsLineSpectralPairs) {
  const Voice voice = read(SmallVoice{.stage = 3, .log_gain = true}.bytes());
  EXPECT_EQ(voice.spectrum, (SpectrumCoding{.alpha = 0.42, .stage = 3, .log_gain = true}));
}

TEST(HtsVoice, TreesAnswerNoFirst) {
  const Voice voice = read(SmallVoice{}.bytes());
  const TiedDensities& durations = voice.durations;
  const auto leaf = [&](std::string_view label) {
    DensityLookup lookup(durations, label);
    const auto row = lookup.density(2);
    return static_cast<std::size_t>(row.data() - durations.densities[0].data()) / row.size();
  };
  EXPECT_EQ(leaf("x^x-sil+a=b/E:1-2"), 0u);
  EXPECT_EQ(leaf("x^x-b+a=b/E:1-2"), 1u);
  EXPECT_EQ(leaf("x^x-a+a=b/E:1-2"), 2u);
  EXPECT_EQ(leaf("x^x-ba+a=b/E:1-3"), 3u);
}

TEST(HtsVoice, RealVoices) {
  struct Expected {
    const char* file;
    unsigned rate;
    std::size_t n_stream, dimension;
    bool gv;
  };
  for (const Expected& expected :
       {Expected{"htsvoices/cmu_us_slt_arctic_hts.htsvoice", 32000, 2, 45, true},
        Expected{"htsvoices/mei_normal.htsvoice", 48000, 3, 35, true},
        Expected{"htsvoices/nitech_jp_atr503_m001.htsvoice", 48000, 3, 35, true},
        Expected{"htsvoices/tohoku-f01-neutral.htsvoice", 48000, 3, 35, false}}) {
    const auto path = testing::test_data(expected.file);
    SKIP_WITHOUT(path);
    const Voice voice = load_htsvoice(path);
    EXPECT_EQ(voice.sample_rate, expected.rate) << path;
    EXPECT_EQ(voice.n_state, 5u);
    EXPECT_EQ(voice.streams.size(), expected.n_stream);
    EXPECT_EQ(voice.streams[0].dimension, expected.dimension);
    EXPECT_EQ(voice.streams[0].global_variance.has_value(), expected.gv);
    EXPECT_EQ(voice.streams[1].densities.trees.size(), 5u);
  }
}

TEST(HtsVoice, MissingFileIsNotFound) {
  EXPECT_THROW(load_htsvoice("/nowhere/to/be.htsvoice"), NotFoundError);
}

TEST(HtsVoice, HeaderFaultsAreNamed) {
  const std::string good = SmallVoice{}.bytes();
  EXPECT_THAT(message_of(""), HasSubstr("ends within the text header"));
  EXPECT_THAT(message_of("[GLOBAL]\nnonsense\n"), HasSubstr("not KEY:VALUE"));
  EXPECT_THAT(message_of(replaced(good, "HTS_VOICE_VERSION:1.0", "HTS_VOICE_VERSION:2.0")),
              HasSubstr("must be 1.0"));
  EXPECT_THAT(message_of(replaced(good, "SAMPLING_FREQUENCY:16000", "SAMPLING_FREQUENCY:0")),
              HasSubstr("SAMPLING_FREQUENCY is \"0\""));
  EXPECT_THAT(message_of(replaced(good, "NUM_STATES:3", "NUM_STATES:4000000000")),
              HasSubstr("NUM_STATES"));
  EXPECT_THAT(message_of(replaced(good, "NUM_STATES:3", "NUM_STATES:4")),
              HasSubstr("DURATION_PDF"));
  EXPECT_THAT(message_of(replaced(good, "STREAM_TYPE:MCP,LF0", "STREAM_TYPE:MCP")),
              HasSubstr("names 1 streams where NUM_STREAMS is 2"));
  EXPECT_THAT(message_of(replaced(good, "IS_MSD[LF0]:1", "IS_MSD[LF0]:0")),
              HasSubstr("STREAM_PDF[LF0]"));
  EXPECT_THAT(message_of(replaced(good, "ALPHA=0.42", "ALPHA=1.42")), HasSubstr("ALPHA must be"));
  EXPECT_THAT(message_of(replaced(good, "ALPHA=0.42", "GAMMA=nan")), HasSubstr("GAMMA must be"));
  EXPECT_THAT(message_of(replaced(good, "FRAME_PERIOD:80\n", "")),
              HasSubstr("header lacks FRAME_PERIOD"));
  EXPECT_THAT(message_of(replaced(good, "COMMENT:", "FRAME_PERIOD:80")), HasSubstr("twice"));
}

TEST(HtsVoice, PositionsOutsideTheFileAreRefused) {
  const std::string good = SmallVoice{}.bytes();
  EXPECT_THAT(message_of(replaced(good, "DURATION_PDF:0-", "DURATION_PDF:9999999999-")),
              HasSubstr("not a list of START-END"));
  EXPECT_THAT(message_of(replaced(good, "DURATION_PDF:0-", "DURATION_PDF:0-1")),
              HasSubstr("DURATION_PDF"));
  EXPECT_THAT(message_of(replaced(good, "DURATION_PDF:0-", "DURATION_PDF:-")),
              HasSubstr("not a list of START-END"));
}

TEST(HtsVoice, EveryTruncationIsRefused) {
  const std::string good = SmallVoice{.low_pass = true}.bytes();
  for (std::size_t size = 0; size < good.size(); size += 13) {
    EXPECT_NE(message_of(good.substr(0, size)), "no error") << size;
  }
}

TEST(HtsVoice, WindowFaultsAreNamed) {
  const auto with = [](const std::string& window) {
    return message_of(SmallVoice{.delta_window = window}.bytes());
  };
  EXPECT_THAT(with("0\n"), HasSubstr("STREAM_WIN[MCP]: a window is its size"));
  EXPECT_THAT(with("3 -0.5 0.5\n"), HasSubstr("as many numbers"));
  EXPECT_THAT(with("3 -0.5 0.0 0.5 0.5\n"), HasSubstr("as many numbers"));
  EXPECT_THAT(with("99 1\n"), HasSubstr("1 to 15"));
  EXPECT_THAT(with("3 -0.5 nan 0.5\n"), HasSubstr("no coefficient"));
  const std::string swapped = replaced(SmallVoice{}.bytes(), "1 1.0\n", "1 0.0\n");
  EXPECT_THAT(message_of(swapped), HasSubstr("first window must be the static one"));
}

TEST(HtsVoice, DensityFaultsAreNamed) {
  const std::string good = SmallVoice{}.bytes();
  const auto with_float = [&](const std::string& key, std::size_t index, float value) {
    std::string bytes = good;
    std::memcpy(&bytes[section_start(good, key) + 4 * index], &value, sizeof value);
    return message_of(bytes);
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(with_float("STREAM_PDF[MCP]", 3, nan),
              HasSubstr("density 1 holds a value that is not"));
  EXPECT_THAT(with_float("STREAM_PDF[LF0]", 3, INFINITY), HasSubstr("not finite"));
  EXPECT_THAT(with_float("STREAM_PDF[MCP]", 3 + 27, -1), HasSubstr("negative"));
  EXPECT_THAT(with_float("DURATION_PDF", 1, 1e9F), HasSubstr("implausible"));
  EXPECT_THAT(with_float("DURATION_PDF", 4, 0), HasSubstr("implausible"));
  EXPECT_THAT(with_float("GV_PDF[MCP]", 1, nan), HasSubstr("GV_PDF[MCP]"));
  std::string count = good;
  count.replace(section_start(good, "STREAM_PDF[MCP]"), 4, "\xff\xff\xff\xff");
  EXPECT_THAT(message_of(count), HasSubstr("too short for 4294967295 densities"));
}

TEST(HtsVoice, TreeFaultsAreNamed) {
  const std::string good = SmallVoice{}.bytes();
  EXPECT_THAT(message_of(replaced(good, " 0 C-sil", " 0 C-sit")),
              HasSubstr("asks \"C-sit\", which is not defined"));
  EXPECT_THAT(message_of(replaced(good, " -1 C-a", " -7 C-a")), HasSubstr("no other node leads"));
  EXPECT_THAT(message_of(replaced(good, " -1 C-a \"dur_s2_2\" -2", " -1 C-a -2 -2")),
              HasSubstr("two branches lead"));
  EXPECT_THAT(message_of(replaced(good, " -2 End-3", " -1 End-3")), HasSubstr("defined twice"));
  EXPECT_THAT(message_of(replaced(good, "\"dur_s2_4\"", "\"dur_s2_9\"")),
              HasSubstr("density 9 of 4"));
  EXPECT_THAT(message_of(replaced(good, "\"dur_s2_4\"", "\"dur_s2_x\"")),
              HasSubstr("does not end in a number"));
  EXPECT_THAT(message_of(replaced(good, "{*}[2]", "{*}[9]")), HasSubstr("no tree for state 2"));
  EXPECT_THAT(message_of(replaced(good, "{*}[2]", "{*}(2)")),
              HasSubstr("expected {pattern}[state]"));
  EXPECT_THAT(message_of(replaced(good, "QS L-x", "QS C-a")), HasSubstr("defined twice"));
}

/// HMM_FUZZ_MUTATIONS (2,000 if not set) files with a few bytes changed, cut out or put in: each is
/// read or refused with a ParseError; the sanitizers watch for everything else.
TEST(HtsVoice, MutatedFilesAreReadOrRefused) {
  const char* setting = std::getenv("HMM_FUZZ_MUTATIONS");
  const int mutations = setting != nullptr ? std::atoi(setting) : 2000;
  std::mt19937 random(42);
  int refused = 0;
  for (int i = 0; i < mutations; ++i) {
    std::string bytes =
        SmallVoice{.n_state = 2, .dimension = 3, .stage = i % 2u, .low_pass = i % 3 == 0}.bytes();
    const std::size_t header = bytes.find("[DATA]");
    for (unsigned n = 1 + random() % 4; n > 0; --n) {
      const std::size_t at = random() % (random() % 2 == 0 ? header : bytes.size());
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes[at] = "0123456789-,*?[]{}\" \n"[random() % 21];
          break;
        case 2:
          bytes.erase(at, 1 + random() % 8);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 8));
      }
    }
    try {
      const Voice voice = read(bytes);
      DensityLookup lookup(voice.streams[0].densities, "x^x-sil+a=b/E:1-2");
      for (unsigned s = 0; s < voice.n_state; ++s) lookup.density(s + 2);
    } catch (const ParseError&) {
      ++refused;
    } catch (const DataError&) {  // No tree for this label: only its heading was hit.
    }
  }
  EXPECT_GT(refused, mutations / 10);
  EXPECT_LT(refused, mutations);
}

}  // namespace
}  // namespace hmm
