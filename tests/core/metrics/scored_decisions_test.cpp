#include "core/metrics/scored_decisions.h"

#include "tests/core/language/labels/parse_failure.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

TEST(ScoredDecisions, ReadsJsonLines) {
  const auto decisions = read_decisions(
      "{\"confidence\": 0.5, \"correct\": true, \"word\": \"a\"}\n\n{\"confidence\": 1, "
      "\"correct\": false}\n",
      "f");
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[0].confidence, 0.5);
  EXPECT_TRUE(decisions[0].correct);
  EXPECT_FALSE(decisions[1].correct);
}

TEST(ScoredDecisions, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(read_decisions, text);
  };
  EXPECT_EQ(failure("{\"confidence\": 1, \"correct\": true}\n{\n"),
            "f: line 2: the line is no JSON object");
  EXPECT_THAT(failure("{\"correct\": true}\n"), HasSubstr("\"confidence\" is missing"));
  EXPECT_THAT(failure("{\"confidence\": 0.5}\n"), HasSubstr("\"correct\" is missing"));
  EXPECT_THAT(failure("{\"confidence\": 0.5, \"correct\": 1}\n"), HasSubstr("neither true nor"));
  EXPECT_THAT(failure("{\"confidence\": 1.5, \"correct\": true}\n"), HasSubstr("not from 0 to 1"));
}

TEST(ScoredDecisions, TakesRecognisedWordsWithConfidence) {
  WordNetwork reference;
  WordNetwork hypothesis;
  for (const char* word : {"a", "b", "c"}) reference.add_word(word);
  hypothesis.add_word("a", 0.9);
  hypothesis.add_word("x", 0.2);
  hypothesis.add_word("c");
  const auto decisions = decisions_of(score_utterances({{"u", "s", reference, hypothesis}}));
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_TRUE(decisions[0].correct);
  EXPECT_EQ(decisions[1].confidence, 0.2);
  EXPECT_FALSE(decisions[1].correct);
}

}  // namespace
}  // namespace hmm
