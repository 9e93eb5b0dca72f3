#include "core/metrics/word_alignment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/base/error.h"

namespace hmm {
namespace {

WordErrors errors(std::string_view reference, std::string_view hypothesis,
                  const WordOptions& options = {}) {
  return align_words(parse_transcript(reference, options), parse_transcript(hypothesis, options))
      .errors;
}

TEST(WordAlignment, CountsEveryKindOfError) {
  EXPECT_EQ(errors("a b c d", "a x c d e"), (WordErrors{3, 1, 0, 1}));
  EXPECT_EQ(errors("a b c", ""), (WordErrors{0, 0, 3, 0}));
  EXPECT_EQ(errors("", "a b"), (WordErrors{0, 0, 0, 2}));
  EXPECT_EQ(errors("", ""), WordErrors{});
}

TEST(WordAlignment, RatesAreErrorsPerReferenceWord) {
  EXPECT_DOUBLE_EQ((WordErrors{3, 1, 0, 1}).rate(), 0.5);
  EXPECT_EQ(WordErrors{}.rate(), 0);
  EXPECT_TRUE(std::isinf((WordErrors{0, 0, 0, 2}).rate()));
}

TEST(WordAlignment, ThreeErrorsLessASubstitutionAreNoBargain) {
  // With costs 4 and 3 an insertion and a deletion (6) pay against two substitutions (8).
  EXPECT_EQ(errors("a b", "b c"), (WordErrors{1, 0, 1, 1}));
  EXPECT_EQ(errors("a b", "c d"), (WordErrors{0, 2, 0, 0}));
}

TEST(WordAlignment, TakesTheBestAlternative) {
  EXPECT_EQ(errors("a { b c / d } e", "a d e"), (WordErrors{3, 0, 0, 0}));
  EXPECT_EQ(errors("a { b c / d } e", "a b e"), (WordErrors{3, 0, 1, 0}));
  EXPECT_EQ(errors("a { um / @ } b", "a b"), (WordErrors{2, 0, 0, 0}));
  EXPECT_EQ(errors("a { b / cd }", "a { bc / b }"), (WordErrors{2, 0, 0, 0}));
}

TEST(WordAlignment, OptionalWordsMayBeLeftOutButNotReplaced) {
  const WordOptions options{.optional_words = true};
  EXPECT_EQ(errors("b (c) d", "b d", options), (WordErrors{3, 0, 0, 0}));
  EXPECT_EQ(errors("b (c) d", "b c d", options), (WordErrors{3, 0, 0, 0}));
  EXPECT_EQ(errors("b (c) d", "b x d", options), (WordErrors{2, 1, 0, 0}));
  EXPECT_EQ(errors("b (c) d", "b d"), (WordErrors{2, 0, 1, 0}));
}

TEST(WordAlignment, FragmentsMatchWhatTheyBeginOrEnd) {
  const WordOptions options{.fragments = true};
  EXPECT_EQ(errors("fi- -icks", "find ticks", options), (WordErrors{2, 0, 0, 0}));
  EXPECT_EQ(errors("find ticks", "fi- -icks", options), (WordErrors{2, 0, 0, 0}));
  EXPECT_EQ(errors("fi- -icks", "flag i", options), (WordErrors{0, 2, 0, 0}));
  EXPECT_EQ(errors("fi-", "find"), (WordErrors{0, 1, 0, 0}));
}

/// Fewest-cost errors of two word strings by the textbook recursion, without networks.
int textbook_cost(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = 3 * static_cast<int>(i + j);
      } else {
        d[i][j] = std::min(
            {d[i - 1][j] + 3, d[i][j - 1] + 3, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 4)});
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(WordAlignment, CostsAgreeWithTheTextbookOnRandomStrings) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<int> words[2];
    WordNetwork networks[2];
    for (int side = 0; side < 2; ++side) {
      for (auto length = random() % 12; length > 0; --length) {
        words[side].push_back(static_cast<int>(random() % 4));
        networks[side].add_word(std::to_string(words[side].back()));
      }
    }
    const WordAlignment alignment = align_words(networks[0], networks[1]);
    const WordErrors& e = alignment.errors;
    EXPECT_EQ(4 * e.substitutions + 3 * (e.deletions + e.insertions),
              textbook_cost(words[0], words[1]));
    EXPECT_EQ(e.reference_words(), static_cast<int64_t>(words[0].size()));
    EXPECT_EQ(e.correct + e.substitutions + e.insertions, static_cast<int64_t>(words[1].size()));
  }
}

TEST(WordAlignment, AnAlternativeIsWorthItsBestString) {
  std::mt19937 random(2);
  const auto sentence = [&] {
    std::string text;
    for (auto length = 1 + random() % 5; length > 0; --length) {
      text += static_cast<char>('a' + random() % 4);
      text += ' ';
    }
    return text;
  };
  for (int trial = 0; trial < 100; ++trial) {
    const std::string head = sentence(), one = sentence(), two = sentence(), said = sentence();
    const auto cost = [&](const std::string& reference) {
      const WordErrors e = errors(reference, said);
      return 4 * e.substitutions + 3 * (e.deletions + e.insertions);
    };
    EXPECT_EQ(cost(head + "{ " + one + "/ " + two + "}"),
              std::min(cost(head + one), cost(head + two)));
  }
}

TEST(WordAlignment, RefusesWhatWouldNotFitInMemory) {
  WordNetwork huge;
  for (int i = 0; i < 12'000; ++i) huge.add_word("x");
  EXPECT_THROW(align_words(huge, huge), DataError);
}

}  // namespace
}  // namespace hmm
