#include "core/metrics/error_rate.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace hmm {
namespace {

std::vector<ScoredUtterance> example() {
  const auto read = [](const char* text) {
    return read_trn(text, "f", {}, SpeakerRule::kUpToDash);
  };
  return score_utterances(
      pair_utterances(read("a b c (s-1)\nd (t-1)\ne f (s-2)\n"), read("a x c d (s-1)\nd (t-1)\n")));
}

TEST(ErrorRate, SumsBySpeakerInOrder) {
  const auto summaries = summarize_speakers(example());
  ASSERT_EQ(summaries.size(), 2u);
  EXPECT_EQ(summaries[0].speaker, "s");
  EXPECT_EQ(summaries[0].utterances, 2);
  EXPECT_EQ(summaries[0].wrong_utterances, 2);
  EXPECT_EQ(summaries[0].words, (WordErrors{2, 1, 2, 1}));
  EXPECT_EQ(summaries[1].wrong_utterances, 0);
  const ErrorSummary all = summarize_all(example());
  EXPECT_EQ(all.utterances, 3);
  EXPECT_EQ(all.words, (WordErrors{3, 1, 2, 1}));
  EXPECT_FALSE(all.normalized_cross_entropy);
}

TEST(ErrorRate, NothingScoredIsNothing) {
  EXPECT_TRUE(summarize_speakers({}).empty());
  EXPECT_EQ(summarize_all({}).words, WordErrors{});
}

TEST(ErrorRate, NamesTheUtteranceThatIsTooLong) {
  UtterancePair pair{"u1", "s", WordNetwork(), WordNetwork()};
  for (int i = 0; i < 12'000; ++i) pair.reference.add_word("x");
  pair.hypothesis = pair.reference;
  try {
    score_utterances({pair});
    FAIL();
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("utterance \"u1\": "), std::string::npos);
  }
}

}  // namespace
}  // namespace hmm
