#include "core/metrics/word_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The words of all arcs in order, without the start.
std::vector<std::string> words(const WordNetwork& network) {
  std::vector<std::string> texts;
  for (std::size_t i = 1; i < network.arcs().size(); ++i)
    texts.push_back(network.arcs()[i].word.text);
  return texts;
}

std::vector<std::string> words(std::string_view text, const WordOptions& options = {}) {
  return words(parse_transcript(text, options));
}

TEST(WordNetwork, SplitsAtBlanksAndLowersCase) {
  EXPECT_THAT(words("  So\tFAR  'tis Éa\r\n"), ElementsAre("so", "far", "'tis", "éa"));
  using LetterCase = WordOptions::LetterCase;
  EXPECT_THAT(words("So ÉA", {.letter_case = LetterCase::kKeep}), ElementsAre("So", "ÉA"));
  EXPECT_THAT(words("So ÉA", {.letter_case = LetterCase::kFoldAscii}), ElementsAre("so", "Éa"));
  EXPECT_THAT(words(" "), IsEmpty());
  EXPECT_THAT(parse_transcript("", {}).last(), ElementsAre(0));
}

TEST(WordNetwork, DropsTagsAndMisreadMarks) {
  EXPECT_THAT(words("aa\\;a;tag1;tag2 c;;tag2 dog* *"), ElementsAre("aa;a", "c", "dog", "*"));
}

TEST(WordNetwork, AlternativesShareTheirNeighbours) {
  const WordNetwork network = parse_transcript("a { b c / d } e", {});
  EXPECT_THAT(words(network), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(network.arcs()[2].predecessors, ElementsAre(1));
  EXPECT_THAT(network.arcs()[4].predecessors, ElementsAre(1));
  EXPECT_THAT(network.arcs()[5].predecessors, ElementsAre(3, 4));
  EXPECT_THAT(network.last(), ElementsAre(5));
}

TEST(WordNetwork, AlternativesNestAndNeedNoBlanks) {
  const WordNetwork network = parse_transcript("{fi-/{g h/i} j}", {});
  EXPECT_THAT(words(network), ElementsAre("fi-", "g", "h", "i", "j"));
  EXPECT_THAT(network.arcs()[5].predecessors, ElementsAre(3, 4));
  EXPECT_THAT(network.last(), ElementsAre(1, 5));
}

TEST(WordNetwork, ASlashOutsideAlternativesIsAWord) {
  EXPECT_THAT(words("( / } x"), ElementsAre("(", "/", "}", "x"));
}

TEST(WordNetwork, AnEmptyAlternativeIsTheNullWord) {
  EXPECT_THAT(words("{ um / }"), ElementsAre("um", "@"));
}

TEST(WordNetwork, MarksOptionalWordsAndFragmentsOnlyWhenAsked) {
  const WordNetwork plain = parse_transcript("(uh) fi-", {});
  EXPECT_FALSE(plain.arcs()[1].word.optional);
  EXPECT_EQ(plain.arcs()[1].word.text, "(uh)");
  EXPECT_FALSE(plain.arcs()[2].word.fragment);
  const WordNetwork marked =
      parse_transcript("(c-) -x ()", {.optional_words = true, .fragments = true});
  EXPECT_TRUE(marked.arcs()[1].word.optional);
  EXPECT_TRUE(marked.arcs()[1].word.fragment);
  EXPECT_EQ(marked.arcs()[1].word.text, "c-");
  EXPECT_TRUE(marked.arcs()[2].word.fragment);
  EXPECT_EQ(marked.arcs()[3].word.text, "()");
}

TEST(WordNetwork, SplitsIntoCharacters) {
  using Characters = WordOptions::Characters;
  EXPECT_THAT(words("ab-č", {.characters = Characters::kAll}), ElementsAre("a", "b", "-", "č"));
  EXPECT_THAT(words("ab-č", {.characters = Characters::kAll, .delete_hyphens = true}),
              ElementsAre("a", "b", "č"));
  EXPECT_THAT(words("煲汤 ok 汤fred攞", {.characters = Characters::kNonAscii}),
              ElementsAre("煲", "汤", "ok", "汤", "fred", "攞"));
}

TEST(WordNetwork, RefusesBracesThatDoNotMatch) {
  EXPECT_THROW(parse_transcript("a { b / c", {}), DataError);
  EXPECT_THROW(parse_transcript("{ { a }", {}), DataError);
  EXPECT_THROW(parse_transcript(std::string(100'000, '{'), {}), DataError);
}

}  // namespace
}  // namespace hmm
