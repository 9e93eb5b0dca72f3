#include "core/base/utf8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hmm {
namespace {

TEST(Utf8, AcceptsEveryLengthAndItsLimits) {
  for (const char* text : {"", "plain", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(find_invalid_utf8(text), std::string_view::npos) << text;
  }
}

TEST(Utf8, FindsTheFirstBadByte) {
  const std::string_view bad[] = {
      "ok\xFF",         "ok\x80",         "ok\xC0\x80",         "ok\xC1\xBF", "ok\xC3",
      "ok\xE0\x9F\xBF", "ok\xED\xA0\x80", "ok\xF0\x8F\xBF\xBF", "ok\xE2\x82", "ok\xF4\x90\x80\x80",
      "ok\xF5\x80\x80"};
  for (const std::string_view text : bad) EXPECT_EQ(find_invalid_utf8(text), 2u) << text;
}

TEST(Utf8, SplitsIntoCharacters) {
  EXPECT_THAT(utf8_characters("aé€😀"), ::testing::ElementsAre("a", "é", "€", "😀"));
  EXPECT_THAT(utf8_characters(""), ::testing::IsEmpty());
}

TEST(Utf8, AppendIsTheInverseOfSplitting) {
  std::string text;
  for (const char32_t c : {U'a', U'é', U'€', U'😀'}) append_utf8(text, c);
  EXPECT_EQ(text, "aé€😀");
}

TEST(Utf8, LowersLettersOfAnyAlphabet) {
  EXPECT_EQ(lower_case_utf8("HELLO Ünï ЦІ ĐẤ ΣΟΦ 9-x"), "hello ünï ці đấ σοφ 9-x");
}

}  // namespace
}  // namespace hmm
