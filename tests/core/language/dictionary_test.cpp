#include "core/language/dictionary.h"

#include <gmock/gmock.h>
#include <time.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Lexicon read(std::string_view text, DictionaryOptions options = {}) {
  Lexicon::Builder builder;
  read_dictionary(text, "words.dict", options, builder);
  return builder.build();
}

std::vector<std::string> warnings(std::string_view text) {
  Lexicon::Builder builder;
  return read_dictionary(text, "words.dict", {.skip_malformed = true}, builder);
}

/// What a line says is wrong when it stands third.
std::string complaint(std::string_view line) {
  try {
    read("; a comment this is not\n;; but this\n" + std::string(line) + "\nand AH N D\n");
  } catch (const ParseError& error) {
    return error.what();
  }
  return "nothing";
}

std::vector<std::string> all(const Lexicon& lexicon, std::string_view word) {
  std::vector<std::string> phones;
  const auto found = lexicon.find(word);
  if (!found) return phones;
  for (std::size_t i = 0; i < lexicon.pronunciations(*found); ++i) {
    phones.push_back(lexicon.phone_string(*found, i));
  }
  return phones;
}

TEST(Dictionary, ReadsAlternatesCommentsAndLineEnds) {
  const Lexicon lexicon = read(
      ";;; cmudict\r\n## more\n\nread R EH D\r\nread(2)\tR IY D # as in \"to read\"\nbe B IY\n"
      "caf\xC3\xA9 K AE F EY\n:-) S M AY L");
  EXPECT_EQ(lexicon.words(), 4U);
  EXPECT_EQ(lexicon.pronunciations(), 5U);
  EXPECT_THAT(all(lexicon, "read"), ElementsAre("R EH D", "R IY D"));
  EXPECT_THAT(all(lexicon, "caf\xC3\xA9"), ElementsAre("K AE F EY"));
  EXPECT_THAT(all(lexicon, ":-)"), ElementsAre("S M AY L"));
  EXPECT_THAT(all(lexicon, "Read"), IsEmpty());
  EXPECT_THAT(all(lexicon, ""), IsEmpty());
  EXPECT_EQ(lexicon.word(0), ":-)") << "sorted by bytes";
}

TEST(Dictionary, AlternatesMayStandApart) {
  const Lexicon lexicon = read("b B IY\na AH\nb(3) B\na(1) EY\nb(2) B AH\n");
  EXPECT_THAT(all(lexicon, "a"), ElementsAre("AH", "EY"));
  EXPECT_THAT(all(lexicon, "b"), ElementsAre("B IY", "B", "B AH"));
}

TEST(Dictionary, StressIsKeptOrStripped) {
  EXPECT_THAT(all(read("about AH0 B AW1 T"), "about"), ElementsAre("AH0 B AW1 T"));
  EXPECT_THAT(all(read("about AH0 B AW1 T", {.strip_stress = true}), "about"),
              ElementsAre("AH B AW T"));
}

TEST(Dictionary, EmptyIsEmpty) {
  for (const char* text : {"", "\n\n", ";; nothing", " \t \n"}) {
    EXPECT_EQ(read(text).words(), 0U);
    EXPECT_EQ(read(text).pronunciations(), 0U);
    EXPECT_FALSE(read(text).find("a"));
  }
}

TEST(Dictionary, MalformedLinesNameFileLineAndReason) {
  EXPECT_EQ(complaint("word"), "words.dict: line 3: the word \"word\" has no phones");
  EXPECT_EQ(complaint("word # W ER D"), "words.dict: line 3: the word \"word\" has no phones");
  EXPECT_THAT(complaint("; A"), HasSubstr("line 3: the word \";\" is listed twice"));
  EXPECT_THAT(complaint("word(2) W ER D"),
              HasSubstr("line 3: the alternate \"word(2)\" comes before its word"));
  EXPECT_THAT(complaint(";(0) A"), HasSubstr("is not numbered from 1 to 63"));
  EXPECT_THAT(complaint(";(64) A"), HasSubstr("is not numbered from 1 to 63"));
  EXPECT_THAT(complaint(";(99999999999999999999) A"), HasSubstr("is not numbered from 1 to 63"));
  EXPECT_THAT(complaint("w\xC3 W"), HasSubstr("line 3: byte 2 of the line is not UTF-8"));
  EXPECT_THAT(complaint("\xEF\xBF\xBE\xED\xA0\x80 W"),
              HasSubstr("byte 4 of the line is not UTF-8"));
  EXPECT_THAT(complaint(std::string_view("w\0rd W", 6)), HasSubstr("line 3: the line has a NUL"));
}

TEST(Dictionary, SkipsMalformedLinesWhenTold) {
  EXPECT_THAT(warnings("a AH\nb\nc(2) S IY\na AE\nd D IY\n"),
              ElementsAre("words.dict: line 2: the word \"b\" has no phones",
                          "words.dict: line 3: the alternate \"c(2)\" comes before its word",
                          HasSubstr("words.dict: line 4: the word \"a\" is listed twice")));
}

TEST(Dictionary, APhoneTooManyIsReported) {
  std::string text;
  for (int i = 0; i < 257; ++i) {
    const std::string number = std::to_string(i);
    text.append("w").append(number).append(" P").append(number).append("\n");
  }
  EXPECT_THAT(warnings(text), ElementsAre("words.dict: line 257: there are more than 256 phones"));
}

PhoneSet two_phones() {
  PhoneSet::Builder builder(1);
  const std::vector<int32_t> senones = {0};
  builder.add_phone("SIL", true, senones, 0);
  builder.add_phone("AH", false, senones, 0);
  return builder.build(0);
}

TEST(Dictionary, PhonesThatTheModelLacksAreReported) {
  const PhoneSet model = two_phones();
  Lexicon::Builder builder;
  const auto told =
      read_dictionary("a AH\nb B AH\n", "w", {.skip_malformed = true, .phones = &model}, builder);
  EXPECT_THAT(told, ElementsAre("w: line 2: the acoustic model has no phone \"B\""));
  EXPECT_THAT(builder.build().phones_in(model), ElementsAre(1));
  try {
    read("a AH B\nb C AH").phones_in(model);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("phones that the acoustic model lacks: B C"));
  }
}

TEST(Dictionary, BuilderRefusesWhatIsNoWord) {
  Lexicon::Builder builder;
  const std::vector<uint8_t> phones = {builder.phone("A")};
  EXPECT_THROW(builder.add("", phones), DataError);
  EXPECT_THROW(builder.add("a", {}), DataError);
}

TEST(Dictionary, MissingFileIsNamed) {
  try {
    load_dictionary({"/nowhere/words.dict"});
    FAIL() << "no error";
  } catch (const NotFoundError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/words.dict"));
  }
}

double user_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

TEST(Dictionary, ReadsTheWholeOfCmudictFastAndSmall) {
  const auto words = testing::kEnUs / "cmudict-en-us.dict";
  SKIP_WITHOUT(words);
  const double start = user_seconds();
  const Dictionary dictionary = load_dictionary({words, testing::kEnUs / "en-us/noisedict"});
  const double seconds = user_seconds() - start;
  const Lexicon& lexicon = dictionary.lexicon;
  EXPECT_THAT(dictionary.warnings, IsEmpty());
  EXPECT_EQ(lexicon.pronunciations(), 134723U + 5U);
  EXPECT_THAT(all(lexicon, "tomato"), ElementsAre("T AH M EY T OW", "T AH M AA T OW"));
  EXPECT_THAT(all(lexicon, "[NOISE]"), ElementsAre("+NSN+"));
  EXPECT_EQ(lexicon.phones().size(), 39U + 3U);
  EXPECT_LT(lexicon.bytes(), 12U << 20);
  RecordProperty("bytes", static_cast<int>(lexicon.bytes()));
  RecordProperty("milliseconds", static_cast<int>(seconds * 1000));
  EXPECT_LT(seconds, 2) << "0.06 s in a release build";
}

}  // namespace
}  // namespace hmm
