#include "core/language/full_context_label.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

std::string message_of(std::string_view text) {
  try {
    parse_full_context_labels(text, "x.lab");
  } catch (const ParseError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FullContextLabel, WithAndWithoutTimes) {
  const auto labels =
      parse_full_context_labels("0 50000 a^b-c+d=e\r\n\n50000 150000\ta^b-d+e=f\n", "x.lab");
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(labels[0], (FullContextLabel{"a^b-c+d=e", 0, 50000}));
  EXPECT_EQ(labels[1], (FullContextLabel{"a^b-d+e=f", 50000, 150000}));
  EXPECT_EQ(parse_full_context_labels("a^b-c+d=e", "x.lab")[0],
            (FullContextLabel{"a^b-c+d=e", {}, {}}));
}

TEST(FullContextLabel, MissingEndIsTheNextStart) {
  const auto labels = parse_full_context_labels("0 -1 a\n70000 -1 b\n", "x.lab");
  EXPECT_EQ(labels[0].end, 70000);
  EXPECT_EQ(labels[1].end, std::nullopt);
}

TEST(FullContextLabel, PhoneAndFormat) {
  EXPECT_EQ(label_phone("x^pau-ae+l=ax@1_2/A:0_0_0"), "ae");
  EXPECT_EQ(label_phone("hello"), "hello");
  EXPECT_EQ(label_format("x^pau-ae+l=ax@1_2/A:0_0_0/B:1-1-2@1"), ContextFormat::kEnglish);
  EXPECT_EQ(label_format("xx^xx-sil+d=o/A:xx+xx+xx/B:xx-xx_xx"), ContextFormat::kJapanese);
  EXPECT_EQ(label_format("hello"), ContextFormat::kUnknown);
  EXPECT_EQ(label_format("/A:x=y"), ContextFormat::kUnknown);
}

TEST(FullContextLabel, RealFiles) {
  const auto english = testing::test_data("hts-labels/en-alice/alice01.lab");
  const auto japanese = testing::test_data("hts-labels/ja-jsut/BASIC5000_0001.lab");
  SKIP_WITHOUT(english);
  const MappedFile e(english), j(japanese);
  const auto labels = parse_full_context_labels(e.text(), english);
  EXPECT_GT(labels.size(), 100u);
  for (const FullContextLabel& label : labels) {
    EXPECT_EQ(label_format(label.context), ContextFormat::kEnglish);
    EXPECT_FALSE(label.end);
  }
  for (const FullContextLabel& label : parse_full_context_labels(j.text(), japanese)) {
    EXPECT_EQ(label_format(label.context), ContextFormat::kJapanese);
    EXPECT_TRUE(label.end);
  }
}

TEST(FullContextLabel, FaultsNameTheLine) {
  EXPECT_THAT(message_of(""), HasSubstr("there is no label"));
  EXPECT_THAT(message_of("\n \r\n\t\n"), HasSubstr("there is no label"));
  EXPECT_EQ(message_of("a\n5 b c\n"),
            "x.lab: line 2: a time must be a whole number of 100 ns, or -1 for none");
  EXPECT_THAT(message_of("5 7\n"), HasSubstr("line 1: has times and no label"));
  EXPECT_THAT(message_of("5 7 a b\n"), HasSubstr("more than a start, an end and a label"));
  EXPECT_THAT(message_of("7 5 a\n"), HasSubstr("ends before it starts"));
  EXPECT_THAT(message_of("0 5 a\n3 9 b\n"), HasSubstr("line 2: starts or ends before"));
  EXPECT_THAT(message_of("-5 9 b\n"), HasSubstr("a time must be"));
  EXPECT_THAT(message_of("99999999999999999999 1 b\n"), HasSubstr("more than a start"));
  EXPECT_THAT(message_of(std::string_view("a\0b\n", 4)), HasSubstr("control characters"));
  EXPECT_THAT(message_of("a^b-c+d=e[2]\n"), HasSubstr("a label of one state"));
}

TEST(FullContextLabel, BytesThatAreNoUtf8PassThrough) {
  EXPECT_EQ(parse_full_context_labels("x-\xff\xfe+y\n", "x.lab")[0].context, "x-\xff\xfe+y");
}

}  // namespace
}  // namespace hmm
