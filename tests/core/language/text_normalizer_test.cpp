#include "core/language/text_normalizer.h"

#include <gmock/gmock.h>

#include <fstream>

#include "core/base/error.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const TextNormalizer& english() {
  static const TextNormalizer normalizer(LanguageData::open("en"));
  return normalizer;
}

std::string spoken(std::string_view text) { return spoken_text(english().normalize(text)); }

/// The text put together again from what was read and what was passed over; fails when tokens
/// overlap, leave the text or say nothing.
std::string rebuilt(std::string_view text) {
  std::string whole;
  std::size_t at = 0;
  for (const NormalizedToken& token : english().normalize(text)) {
    EXPECT_LE(at, token.begin);
    EXPECT_LE(token.begin, token.end);
    EXPECT_LE(token.end, text.size());
    EXPECT_THAT(token.words, ::testing::Not(IsEmpty()));
    for (const std::string& word : token.words) EXPECT_NE(word, "");
    whole += text.substr(at, token.begin - at);
    whole += text.substr(token.begin, token.end - token.begin);
    at = token.end;
  }
  return whole.append(text.substr(at));
}

struct Sentence {
  int line;
  std::string written, said;
};

std::vector<Sentence> sentences() {
  std::ifstream file(testing::source_file("tests/data/language/normalisation-en.tsv"));
  std::vector<Sentence> table;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::size_t tab = line.find('\t');
    if (line.starts_with('#') && tab == std::string::npos) continue;
    table.push_back({number, line.substr(0, tab), line.substr(tab + 1)});
  }
  return table;
}

TEST(TextNormalizer, ReadsEverySentenceAsAPersonDoes) {
  const auto table = sentences();
  EXPECT_GE(table.size(), 300U);
  for (const auto& [line, written, said] : table) {
    EXPECT_EQ(spoken(written), said) << "line " << line << ": " << written;
  }
}

TEST(TextNormalizer, MapsBackToTheOriginalText) {
  std::string all;
  for (const auto& [line, written, said] : sentences()) {
    EXPECT_EQ(rebuilt(written), written) << "line " << line;
    all += written + "\n";
  }
  EXPECT_EQ(rebuilt(all), all);
}

TEST(TextNormalizer, TokensKeepTheWritersSpelling) {
  const std::string text = "“Café” cost $5.20 in the U.S.!";
  std::vector<std::string> written;
  for (const auto& token : english().normalize(text)) {
    written.push_back(text.substr(token.begin, token.end - token.begin));
  }
  EXPECT_THAT(written, ::testing::ElementsAre("Café", "cost", "$5.20", "in", "the", "U.S."));
}

TEST(TextNormalizer, CombiningMarksBelongToTheirLetter) {
  const std::string text = "cafe\xCC\x81 noir";  // e and U+0301
  const auto tokens = english().normalize(text);
  ASSERT_EQ(tokens.size(), 2U);
  EXPECT_EQ(tokens[0].words.front(), "cafe");
  EXPECT_EQ(tokens[0].end, 6U);
}

TEST(TextNormalizer, WhatIsNotSpokenIsNothing) {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("   \t\r\n"), std::string_view("...!?;:,"),
        std::string_view("\"'()[]{}"), std::string_view("-- - --"), std::string_view("''''''"),
        std::string_view("\0\0\0", 3), std::string_view("\x01\x1F\x7F"),
        std::string_view("\xF0\x9F\x99\x82"), std::string_view("\xCC\x81\xEF\xBB\xBF")}) {
    EXPECT_THAT(english().normalize(text), IsEmpty()) << text;
    EXPECT_EQ(rebuilt(text), text);
  }
}

TEST(TextNormalizer, ControlCharactersAndNulSeparateWords) {
  EXPECT_EQ(spoken(std::string_view("one\0two\x01three\x7F"
                                    "four\xC2\x85"
                                    "five",
                                    24)),
            "one two three four five");
}

/// The message for text that is not UTF-8.
std::string complaint(std::string_view text) {
  try {
    english().normalize(text);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(TextNormalizer, InvalidUtf8IsReportedWhereverItStands) {
  const std::string_view broken[] = {"\xFF",         "\xC3",         "\xC0\xAF",
                                     "\xED\xA0\x80", "\xED\xBF\xBF", "\xF5\x80\x80\x80",
                                     "\xE2\x82",     "\xF0\x9F\x99", "\x80"};
  const std::string text = "Caf\xC3\xA9, $5.20\nand 3:30 pm";
  for (const std::string_view bytes : broken) {
    for (std::size_t at = 0; at <= text.size(); ++at) {
      if (at == 4) continue;  // within é
      std::string bad = text;
      bad.insert(at, bytes);
      EXPECT_THAT(complaint(bad), HasSubstr("not UTF-8 at byte " + std::to_string(at) + " (line " +
                                            (at > 12 ? "2" : "1") + ")"));
    }
  }
}

TEST(TextNormalizer, CutCharactersAreReported) {
  const std::string text = "日本é";
  for (std::size_t size = 1; size < text.size(); ++size) {
    const bool whole = size == 3 || size == 6;
    EXPECT_EQ(complaint(std::string_view(text).substr(0, size)) == "nothing", whole) << size;
  }
}

TEST(TextNormalizer, OddFormsNeitherFailNorLoseBytes) {
  for (const std::string_view text : {"1/0",
                                      "99/99/9999",
                                      "13/13/2000",
                                      "25:99",
                                      "1:2:3:4",
                                      "$",
                                      "-$",
                                      "$-5",
                                      "$$5",
                                      "5$5",
                                      "1,2,3",
                                      "1,0000",
                                      ",000",
                                      "1..2",
                                      "1.2.3.4.5.6.7.8.9",
                                      "--5",
                                      "-",
                                      "5-",
                                      "-5-",
                                      "5--6",
                                      "1-2-3-4-5-6",
                                      "#",
                                      "##",
                                      "#-1",
                                      "@",
                                      "@@",
                                      "a@",
                                      "@a.b",
                                      "a@b",
                                      "a@b.",
                                      "http://",
                                      "://",
                                      "www.",
                                      ".com",
                                      "1stst",
                                      "0th",
                                      "st",
                                      "'s",
                                      "''s",
                                      "x's's",
                                      "I.I.I",
                                      "....a....",
                                      "IIII",
                                      "Henry IIX",
                                      "%%",
                                      "°",
                                      "½½",
                                      "5½%",
                                      "½-½",
                                      "é'é",
                                      "'",
                                      "A.",
                                      "A.B",
                                      "$1,23.4.5",
                                      "1e10",
                                      "0x1F",
                                      "1.5.2000",
                                      "99999999999999999999:00",
                                      "July 32",
                                      "32 July",
                                      "$99999999999999999999999.99"}) {
    EXPECT_EQ(rebuilt(text), text) << text;
  }
}

TEST(TextNormalizer, ThingsThatAreNotWhatTheyLookLike) {
  EXPECT_EQ(spoken("25:99"), "twenty five ninety nine");
  EXPECT_EQ(spoken("July 32"), "july thirty two");
  EXPECT_EQ(spoken("Henry IIX"), "henry iix");
  EXPECT_EQ(spoken("5/7/8/9"), "five seven eight nine");
}

TEST(TextNormalizer, AMegabyteTakesTimeInProportion) {
  for (const std::string& unit :
       {std::string("Dr. No paid $5.20 on July 4, 1776. "), std::string("''''"), std::string("a-"),
        std::string("9"), std::string("("), std::string("A.B."), std::string("1,234,567.")}) {
    std::string text;
    while (text.size() < (std::size_t{1} << 16)) text += unit;
    EXPECT_EQ(rebuilt(text).size(), text.size());
  }
  std::string text;
  while (text.size() < (std::size_t{1} << 20)) text += "Twelve o'clock, naïve 12:30! ";
  EXPECT_EQ(rebuilt(text), text);
}

}  // namespace
}  // namespace hmm
