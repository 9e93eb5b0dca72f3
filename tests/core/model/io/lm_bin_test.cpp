#include "core/model/io/lm_bin.h"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "core/base/file.h"
#include "core/model/io/arpa.h"
#include "core/model/io/language_model.h"
#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::HasSubstr;
using testing::message_of;

constexpr float kImpossible = -std::numeric_limits<float>::infinity();
const double kLogTen = std::log(10.0);

TEST(LmBin, IsTheArpaModelPacked) {
  const std::string file = testing::lm_bin_file();
  const NgramModel packed = parse_lm_bin(as_bytes(file), "lm.bin");
  const NgramModel text = parse_arpa(as_bytes(testing::kArpa), "lm.arpa");
  ASSERT_EQ(packed.words(), text.words());
  for (int word = 0; word < 4; ++word) {
    EXPECT_EQ(packed.word(word), text.word(word));
    EXPECT_EQ(packed.find(packed.word(word)), word);
    for (int before = -1; before < 4; ++before) {
      for (int first = -1; first < 4; ++first) {
        const int history[] = {before, first};
        const float expected = text.log_probability(word, history);
        if (expected == kImpossible) {
          EXPECT_EQ(packed.log_probability(word, history), kImpossible);
        } else {
          EXPECT_NEAR(packed.log_probability(word, history), expected, 1e-4);
        }
      }
    }
  }
}

TEST(LmBin, RefusesWhatBreaksTheFormat) {
  const std::string good = testing::lm_bin_file();
  const auto message = [](const std::string& file) {
    return message_of<ParseError>([&] { parse_lm_bin(as_bytes(file), "lm.bin"); });
  };
  const auto changed = [&](std::size_t offset, auto value) {
    std::string file = good;
    std::memcpy(file.data() + offset, &value, sizeof value);
    return message(file);
  };
  EXPECT_THAT(message("Trie"), HasSubstr("does not start with"));
  EXPECT_THAT(changed(19, uint8_t{0}), HasSubstr("the order is 0"));
  EXPECT_THAT(changed(19, uint8_t{6}), HasSubstr("the order is 6"));
  EXPECT_THAT(changed(20, 0), HasSubstr("there are 0 1-grams"));
  EXPECT_THAT(changed(20, 0x7FFFFFFF), HasSubstr("ends within the unigrams"));
  EXPECT_THAT(changed(24, 0x7FFFFFFF), HasSubstr("ends within the n-grams"));
  EXPECT_THAT(changed(28, -1), HasSubstr("4294967295 3-grams"));
  EXPECT_THAT(changed(32, 7), HasSubstr("quantisation 7"));
  EXPECT_THAT(changed(testing::kLmBinTables + 400, std::nanf("")), HasSubstr("byte 436"));
  EXPECT_THAT(changed(good.size() - 17, 12), HasSubstr("1 bytes follow"));
  EXPECT_THAT(changed(good.size() - 17, -1), HasSubstr("length -1"));
  EXPECT_THAT(changed(good.size() - 1, 'x'), HasSubstr("does not end"));
  EXPECT_THAT(changed(good.size() - 13, '\0'), HasSubstr("is empty"));
  EXPECT_THAT(message(testing::with(good, std::string("a\0b", 3), "axb")),
              HasSubstr("3 words for 4 unigrams"));
}

/// Runs `sphinx_lm_convert`; false when it is not installed.
bool convert_to_arpa(const std::filesystem::path& from, const std::filesystem::path& to) {
  const std::string command =
      "sphinx_lm_convert -i " + from.string() + " -o " + to.string() + " >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

TEST(LmBin, AgreesWithSphinxbaseOnEveryNgramOfThePhoneModel) {
  const auto path = testing::kEnUs / "en-us-phone.lm.bin";
  SKIP_WITHOUT(path);
  const auto arpa =
      std::filesystem::temp_directory_path() / ("hmm-phone-" + std::to_string(getpid()) + ".arpa");
  if (!convert_to_arpa(path, arpa)) GTEST_SKIP() << "not on this machine: sphinx_lm_convert";
  const NgramModel model = load_language_model(path);
  EXPECT_EQ(model.words(), 43);
  std::ifstream lines(arpa);
  std::filesystem::remove(arpa);
  std::size_t order = 0, compared = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('\\') && line.ends_with("-grams:")) order = line[1] - '0';
    std::istringstream fields(line);
    double probability = 0;
    if (order == 0 || !(fields >> probability)) continue;
    std::vector<int> words(order);
    std::string word;
    for (std::size_t i = 0; i < order; ++i) {
      ASSERT_TRUE(fields >> word);
      words[order - 1 - i] = model.find(word).value();
    }
    const float log = model.log_probability(words[0], std::span(words).subspan(1));
    if (probability <= -99) {
      EXPECT_EQ(log, kImpossible) << line;
    } else {
      EXPECT_NEAR(log / kLogTen, probability, 1e-4) << line;
    }
    if (double backoff = 0; fields >> backoff) {
      const float log_backoff = model.log_backoff(words);
      if (backoff > 99) {
        EXPECT_EQ(log_backoff, kImpossible) << line;
      } else {
        EXPECT_NEAR(log_backoff / kLogTen, backoff, 1e-4) << line;
      }
    }
    ++compared;
  }
  EXPECT_EQ(compared, 43U + 1509U + 21837U);
}

TEST(LmBin, AgreesWithSphinxbaseOnSamplesOfTheWordModel) {
  const auto path = testing::kEnUs / "en-us.lm.bin";
  SKIP_WITHOUT(path);
  const NgramModel model = load_language_model(path);
  EXPECT_EQ(model.words(), 72547);
  EXPECT_EQ(model.entries(2), 2051547U);
  EXPECT_EQ(model.entries(3), 1669625U);
  EXPECT_EQ(model.find("zebra").has_value(), true);
  int compared = 0;
  for (const char* name : {"en-us-lm-listed.txt", "en-us-lm-any.txt"}) {
    std::ifstream lines(testing::source_file("tests/data/sphinx") / name);
    for (std::string line; std::getline(lines, line); ++compared) {
      std::istringstream fields(line);
      std::vector<int> words;
      for (int word = 0; fields >> word;) words.push_back(word);
      const double expected = words.back() * std::log(1.0001);
      words.pop_back();
      const float log = model.log_probability(words[0], std::span(words).subspan(1));
      if (expected < -98 * kLogTen) {
        EXPECT_EQ(log, kImpossible) << line;
      } else {
        EXPECT_NEAR(log / kLogTen, expected / kLogTen, 1e-4) << line;
      }
    }
  }
  EXPECT_EQ(compared, 10000);
}

TEST(LanguageModel, NamesAFileThatIsAbsent) {
  EXPECT_THAT(message_of<NotFoundError>([] { load_language_model("/nowhere/x.lm.bin"); }),
              HasSubstr("/nowhere/x.lm.bin"));
}

}  // namespace
}  // namespace hmm
