#include "core/language/labels/label_lines.h"

#include "tests/core/language/labels/parse_failure.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kFile = "f";

TEST(DecodeText, DropsTheByteOrderMark) { EXPECT_EQ(decode_text("\xEF\xBB\xBFhi", kFile), "hi"); }

TEST(DecodeText, ConvertsUtf16OfEitherByteOrder) {
  EXPECT_EQ(decode_text(std::string_view("\xFE\xFF\0a\x20\xAC\xD8\x3D\xDE\x00", 10), kFile), "a€😀");
  EXPECT_EQ(decode_text(std::string_view("\xFF\xFE"
                                         "a\0\xAC\x20\x3D\xD8\x00\xDE",
                                         10),
                        kFile),
            "a€😀");
}

TEST(DecodeText, RefusesDamagedTextWithItsLine) {
  EXPECT_THROW(decode_text(std::string_view("\xFE\xFF\0", 3), kFile), ParseError);
  EXPECT_THROW(decode_text(std::string_view("\xFE\xFF\xD8\x3D", 4), kFile), ParseError);
  EXPECT_THROW(decode_text(std::string_view("\xFE\xFF\xDE\x00\0a", 6), kFile), ParseError);
  const auto decode = [](std::string_view text, const std::string& file) {
    decode_text(text, file);
  };
  EXPECT_EQ(testing::parse_failure(decode, "a\nb\n\xFF"), "f: line 3: the text is not valid UTF-8");
}

TEST(LabelLines, CountsLinesOfEitherEnding) {
  LabelLines lines("one\r\ntwo\n\nfour", kFile);
  std::vector<std::string> seen;
  while (lines.next()) seen.emplace_back(lines.line());
  EXPECT_THAT(seen, ElementsAre("one", "two", "", "four"));
  EXPECT_EQ(lines.number(), 4u);
}

TEST(LabelLines, TakesWholeFiniteNumbersOnly) {
  LabelLines lines("x", kFile);
  lines.next();
  EXPECT_EQ(lines.number("-1.5e2", "it"), -150);
  EXPECT_EQ(lines.seconds("0.1", "it"), 100'000'000);
  EXPECT_EQ(lines.seconds("+0.3", "it"), 300'000'000);
  EXPECT_EQ(lines.integer("42", "it"), 42);
  EXPECT_EQ(lines.confidence("1"), 1);
  for (const char* bad : {"", "1x", "nan", "inf", "1e999", "0x10", "--1"}) {
    EXPECT_THROW(lines.number(bad, "it"), ParseError) << bad;
  }
  EXPECT_THROW(lines.seconds("-0.1", "it"), ParseError);
  EXPECT_THROW(lines.seconds("1.1e9", "it"), ParseError);
  EXPECT_THROW(lines.integer("1.5", "it"), ParseError);
  EXPECT_THROW(lines.integer("99999999999999999999", "it"), ParseError);
  EXPECT_THROW(lines.confidence("1.01"), ParseError);
}

TEST(LabelLines, Trims) {
  EXPECT_EQ(trim(" a b\r\n"), "a b");
  EXPECT_EQ(trim("\t"), "");
}

TEST(FormatSeconds, GivesTheNanosecondsBack) {
  EXPECT_EQ(format_seconds(0), "0");
  EXPECT_EQ(format_seconds(1'500'000'000), "1.5");
  EXPECT_EQ(format_seconds(64'691'232), "0.064691232");
  EXPECT_EQ(format_seconds(-20'000'000), "-0.02");
  EXPECT_EQ(format_seconds(1'999'500'000, 3), "2.000");
  EXPECT_EQ(format_seconds(1'999'499'999, 3), "1.999");
  EXPECT_EQ(format_seconds(7'000'000'000, 0), "7");
}

}  // namespace
}  // namespace hmm
