#include "core/language/letter_to_sound.h"

#include <gmock/gmock.h>

#include <thread>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/language/dictionary.h"
#include "tests/core/language/hidden_words.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const LetterToSound& english() {
  static const LetterToSound rules(LanguageData::open("en"));
  return rules;
}

// Without flite every word is refused, in words that say what to install.
#define SKIP_WITHOUT_FLITE()                            \
  try {                                                 \
    english().pronounce("a");                           \
  } catch (const SettingsError& error) {                \
    ASSERT_THAT(error.what(), HasSubstr("flite1-dev")); \
    GTEST_SKIP() << error.what();                       \
  }

TEST(LetterToSound, SpellsOutWordsThatNobodyKnows) {
  SKIP_WITHOUT_FLITE();
  EXPECT_THAT(english().pronounce("blick").phones, ElementsAre("B", "L", "IH", "K"));
  EXPECT_THAT(english().pronounce("splanting").phones,
              ElementsAre("S", "P", "L", "AE", "N", "T", "IH", "NG"));
  EXPECT_THAT(english().pronounce("fozzled").phones, ElementsAre("F", "AA", "Z", "AH", "L", "D"));
}

TEST(LetterToSound, AccentsCaseAndApostrophesMakeNoDifference) {
  SKIP_WITHOUT_FLITE();
  EXPECT_EQ(english()
                .pronounce("Bl\xC3\xAD"
                           "ck")
                .phones,
            english().pronounce("blick").phones);
  EXPECT_EQ(english()
                .pronounce("O\xE2\x80\x99"
                           "blick-son")
                .phones,
            english().pronounce("oblickson").phones);
}

TEST(LetterToSound, RefusesWhatHasOtherCharacters) {
  for (const std::string_view word :
       {"b2b", "two words", "\xCE\xB1", "a.b", "a\n", "\xE6\x97\xA5"}) {
    try {
      english().pronounce(word);
      FAIL() << word;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr("characters that the letter-to-sound rules do not know"));
    }
  }
  EXPECT_THROW(english().pronounce(std::string_view("a\0b", 3)), DataError);
  EXPECT_THROW(english().pronounce("caf\xC3"), DataError) << "not UTF-8";
}

TEST(LetterToSound, RefusesEmptyAndEndlessWords) {
  for (const std::string& word : {std::string(), std::string("'-'"), std::string(101, 'a')}) {
    try {
      english().pronounce(word);
      FAIL() << word;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr("the letter-to-sound rules take 1 to 100"));
    }
  }
}

TEST(LetterToSound, EveryLetterSequenceIsPronouncedOrRefused) {
  SKIP_WITHOUT_FLITE();
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) {
      for (const std::string& word : {std::string{a}, std::string{a, b}, std::string(100, a)}) {
        try {
          const GuessedPronunciation guess = english().pronounce(word);
          EXPECT_FALSE(guess.phones.empty());
          EXPECT_TRUE(guess.confidence >= 0 && guess.confidence <= 1) << word;
        } catch (const DataError& error) {
          EXPECT_THAT(error.what(), HasSubstr("give no phones for the word"));
        }
      }
    }
  }
}

TEST(LetterToSound, ThreadsDoNotDisturbEachOther) {
  SKIP_WITHOUT_FLITE();
  const auto wanted = english().pronounce("splanting").phones;
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) count += english().pronounce("splanting").phones != wanted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, ElementsAre(0, 0, 0, 0));
}

TEST(LetterToSound, HiddenWordsAreMostlyRight) {
  SKIP_WITHOUT_FLITE();
  const auto dictionary = testing::kEnUs / "cmudict-en-us.dict";
  SKIP_WITHOUT(dictionary);
  const Lexicon lexicon = load_dictionary({dictionary}).lexicon;
  auto words = testing::words_by_hash(lexicon);
  words.resize(1000);
  std::vector<testing::Guess> guesses;
  for (const std::size_t word : words) {
    guesses.push_back(testing::guess_word(english(), lexicon, word));
  }
  const testing::GuessSummary summary = testing::summarize(guesses);
  RecordProperty("phone_error_permille", static_cast<int>(1000 * summary.phone_error));
  EXPECT_LE(summary.phone_error, 0.25);
  EXPECT_LE(summary.phone_error, 0.08) << "was 7.0 %";
  EXPECT_LE(summary.calibration.expected_calibration_error, 0.04);
  EXPECT_GT(summary.calibration.normalized_cross_entropy.value_or(0), 0)
      << "the confidence says no more than the average";
}

TEST(LetterToSound, MalformedTablesAreRefused) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "hmm-letter-to-sound";
  std::filesystem::create_directories(folder);
  write_file(folder / "folding.txt", "");
  write_file(folder / "phones-a-b.txt", "x\tX\n");
  const std::string good = "rules\tflite-english\nphones\ta\tb\n";
  const auto complaint = [&](const std::string& text) -> std::string {
    write_file(folder / "letter_to_sound.txt", text);
    try {
      LetterToSound rules(LanguageData::load(folder));
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_EQ(complaint(good), "nothing");
  EXPECT_THAT(complaint(""), HasSubstr("names no rules or no phones"));
  EXPECT_THAT(complaint("rules\tguess\n"), HasSubstr("no letter-to-sound rules \"guess\""));
  EXPECT_THAT(complaint("rules\tflite-english\nphones\ta\tc\n"), HasSubstr("phones-a-c.txt"));
  EXPECT_THAT(complaint(good + "confidence\tbias\tnan\n"),
              HasSubstr("line 3: \"nan\" is no number"));
  EXPECT_THAT(complaint(good + "confidence\tbias\n"), HasSubstr("line 3: the line has 2 fields"));
  EXPECT_THAT(complaint(good + "sounds\tbias\t1\n"), HasSubstr("line 3: \"sounds\" is none of"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hmm
