#include "core/model/label_pattern.h"

#include <gtest/gtest.h>

#include <random>

namespace hmm {
namespace {

/// The definition, character by character.
bool matches_slowly(std::string_view label, std::string_view pattern) {
  if (pattern.empty()) return label.empty();
  if (pattern[0] == '*') {
    return matches_slowly(label, pattern.substr(1)) ||
           (!label.empty() && matches_slowly(label.substr(1), pattern));
  }
  return !label.empty() && (pattern[0] == '?' || pattern[0] == label[0]) &&
         matches_slowly(label.substr(1), pattern.substr(1));
}

TEST(LabelPattern, FormsOfHtsQuestions) {
  const std::string_view label = "x^pau-ae+l=ax@1_2/A:0_0_0/B:1-1-2@1-2&1-19#1-10$1/J:79+57-10";
  EXPECT_TRUE(LabelPattern("*-ae+*").matches(label));
  EXPECT_FALSE(LabelPattern("*-ax+*").matches(label));
  EXPECT_TRUE(LabelPattern("x^*").matches(label));
  EXPECT_FALSE(LabelPattern("^pau*").matches(label));
  EXPECT_TRUE(LabelPattern("*-10").matches(label));
  EXPECT_FALSE(LabelPattern("*-1").matches(label));
  EXPECT_TRUE(LabelPattern("*-1?").matches(label));
  EXPECT_FALSE(LabelPattern("*-?").matches(label));
  EXPECT_TRUE(LabelPattern("*-??#*").matches(label));
  EXPECT_TRUE(LabelPattern("*").matches(label));
}

TEST(LabelPattern, Edges) {
  EXPECT_TRUE(LabelPattern("").matches(""));
  EXPECT_FALSE(LabelPattern("").matches("a"));
  EXPECT_TRUE(LabelPattern("**").matches(""));
  EXPECT_FALSE(LabelPattern("?").matches(""));
  EXPECT_FALSE(LabelPattern("a*a").matches("a"));
  EXPECT_TRUE(LabelPattern("a*a").matches("aa"));
  EXPECT_FALSE(LabelPattern("*ab*ab").matches("ab"));
  EXPECT_TRUE(LabelPattern("a\xff?*").matches("a\xff\x80"));
}

TEST(LabelPattern, AgreesWithTheDefinitionOnRandomPatterns) {
  std::mt19937 random(1);
  const auto text = [&](std::string_view letters) {
    std::string made;
    for (unsigned n = random() % 9; n > 0; --n) made += letters[random() % letters.size()];
    return made;
  };
  int matched = 0;
  for (int i = 0; i < 50000; ++i) {
    const std::string pattern = text("ab*?*"), label = text("ab");
    const bool expected = matches_slowly(label, pattern);
    matched += expected ? 1 : 0;
    ASSERT_EQ(LabelPattern(pattern).matches(label), expected) << pattern << " on " << label;
  }
  EXPECT_GT(matched, 5000);
}

}  // namespace
}  // namespace hmm
