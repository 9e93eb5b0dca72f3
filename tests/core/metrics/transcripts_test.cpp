#include "core/metrics/transcripts.h"

#include "core/metrics/error_rate.h"
#include "tests/core/language/labels/parse_failure.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

const WordOptions kDefault;

TEST(ReadTrn, TakesTextIdentifierAndSpeaker) {
  const auto utterances = read_trn(";; comment\n\nHELLO (there) (Spk-1_2)\n(spk_2)\n", "f",
                                   kDefault, SpeakerRule::kUpToDash);
  ASSERT_EQ(utterances.size(), 2u);
  EXPECT_EQ(utterances[0].id, "spk-1_2");
  EXPECT_EQ(utterances[0].speaker, "spk");
  EXPECT_EQ(utterances[0].words.arcs().size(), 3u);
  EXPECT_EQ(utterances[1].speaker, "spk");
  EXPECT_EQ(utterances[1].words.arcs().size(), 1u);
}

TEST(ReadTrn, SpeakersFollowTheRule) {
  const auto speaker = [](SpeakerRule rule) {
    return read_trn("a (4t0c0201)\n", "f", {}, rule)[0].speaker;
  };
  EXPECT_EQ(speaker(SpeakerRule::kFirstThree), "4t0");
  EXPECT_EQ(speaker(SpeakerRule::kWhole), "4t0c0201");
  EXPECT_EQ(speaker(SpeakerRule::kUpToDash), "4t0c0201");
}

TEST(ReadTrn, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(
        [](std::string_view bytes, const std::string& file) {
          read_trn(bytes, file, {}, SpeakerRule::kUpToDash);
        },
        text);
  };
  EXPECT_EQ(failure("a (x-1)\nno identifier\n"),
            "f: line 2: the line does not end in an utterance identifier in parentheses");
  EXPECT_THAT(failure("a ()\n"), HasSubstr("the utterance identifier is empty"));
  EXPECT_THAT(failure("a x-1)\n"), HasSubstr("does not end in"));
  EXPECT_THAT(failure("a { b (x-1)\n"), HasSubstr("line 1: a \"{\" is never closed"));
  EXPECT_THAT(failure("\xFF (x-1)\n"), HasSubstr("not valid UTF-8"));
}

TEST(ReadPlainText, NumbersItsLines) {
  const auto utterances = read_plain_text("one two\n\nthree\n", "/tmp/book.txt", kDefault);
  ASSERT_EQ(utterances.size(), 3u);
  EXPECT_EQ(utterances[2].id, "line 3");
  EXPECT_EQ(utterances[2].speaker, "book");
}

TEST(ReadStm, TakesSegmentsWithAndWithoutLabelsAndText) {
  const auto segments = read_stm(
      ";; LABEL \"O\"\n2347 A 2347-A 1.06 3.47 <O,WA> i've { um / uh }\nf 1 s 0 1\nf 1 s 1 2 hi\n"
      "f 1 s 2 3 IGNORE_TIME_SEGMENT_IN_SCORING\n",
      "f", kDefault);
  ASSERT_EQ(segments.size(), 4u);
  EXPECT_EQ(segments[0].speaker, "2347-a");
  EXPECT_EQ(segments[0].end, 3'470'000'000);
  EXPECT_EQ(segments[0].words.arcs().size(), 4u);
  EXPECT_EQ(segments[1].words.arcs().size(), 1u);
  EXPECT_EQ(segments[2].words.arcs().size(), 2u);
  EXPECT_TRUE(segments[3].ignored);
}

TEST(ReadStm, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(
        [](std::string_view bytes, const std::string& file) { read_stm(bytes, file, {}); }, text);
  };
  EXPECT_THAT(failure("f 1 s 0 1 x\nf 1 s 0\n"), HasSubstr("f: line 2: expected \"file channel"));
  EXPECT_THAT(failure("f 1 s zero 1 x\n"), HasSubstr("the start is \"zero\""));
  EXPECT_THAT(failure("f 1 s 2 1 x\n"), HasSubstr("the segment ends before it starts"));
  EXPECT_THAT(failure("f 1 s 0 1 { x\n"), HasSubstr("a \"{\" is never closed"));
}

TEST(PairUtterances, GoesByIdentifierAndReportsStrangers) {
  const auto read = [](const char* text) {
    return read_trn(text, "f", {}, SpeakerRule::kUpToDash);
  };
  const auto pairs = pair_utterances(read("a (s-1)\nb (s-2)\n"), read("b (s-2)\n"));
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].hypothesis.arcs().size(), 1u);
  EXPECT_EQ(pairs[1].hypothesis.arcs().size(), 2u);
  EXPECT_THROW(pair_utterances(read("a (s-1)\n"), read("a (s-2)\n")), DataError);
  EXPECT_THROW(pair_utterances(read("a (s-1)\na (s-1)\n"), {}), DataError);
  EXPECT_THROW(pair_utterances(read("a (s-1)\n"), read("a (s-1)\na (s-1)\n")), DataError);
}

TEST(PairSegments, WordsGoWhereTheirMiddleIs) {
  const auto segments = read_stm(
      "f A x 1 2 a b\nf A x 2 3 c\nf A y 3 4 IGNORE_TIME_SEGMENT_IN_SCORING\nf A x 5 6 d\ng 1 z 0 "
      "1 e\n",
      "f", {});
  const auto words = read_ctm_entries(
      "f a 0 0.5 a\nf a 1.5 0.98 b\nf a 1.6 1 c\nf a 3.1 0.1 ignored\nf a 9 1 d\n", "f");
  const auto pairs = pair_segments(segments, words, {});
  ASSERT_EQ(pairs.size(), 4u);
  EXPECT_EQ(pairs[0].id, "x-000");
  EXPECT_EQ(pairs[2].id, "x-002");
  const auto scored = score_utterances(pairs);
  EXPECT_EQ(scored[0].alignment.errors, (WordErrors{2, 0, 0, 0}));
  EXPECT_EQ(scored[1].alignment.errors, (WordErrors{1, 0, 0, 0}));
  EXPECT_EQ(scored[2].alignment.errors, (WordErrors{1, 0, 0, 0}));
  EXPECT_EQ(scored[3].alignment.errors, (WordErrors{0, 0, 1, 0}));
  EXPECT_THROW(pair_segments(segments, read_ctm_entries("f B 0 1 a\n", "f"), {}), DataError);
}

TEST(PairSegments, AlternativesStayTogether) {
  const auto segments = read_stm("f 1 x 0 1 a\nf 1 x 1 2 b c\n", "f", {});
  const auto words = read_ctm_entries(
      "f 1 0 1 a\nf 1 * * <ALT_BEGIN>\nf 1 0.5 0.4 z\nf 1 * * <ALT>\nf 1 0.9 0.1 b\nf 1 1.5 0.1 c\n"
      "f 1 * * <ALT_END>\n",
      "f");
  const auto scored = score_utterances(pair_segments(segments, words, {}));
  EXPECT_EQ(scored[0].alignment.errors, (WordErrors{1, 0, 0, 0}));
  EXPECT_EQ(scored[1].alignment.errors, (WordErrors{2, 0, 0, 0}));
}

TEST(PairChannels, PairsByFileAndChannel) {
  const auto pairs = pair_channels(read_ctm_entries("f A 0 1 x\ng A 0 1 y\n", "f"),
                                   read_ctm_entries("G a 0 1 y\n", "f"), {});
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[1].speaker, "g-a");
  EXPECT_EQ(score_utterances(pairs)[1].alignment.errors, (WordErrors{1, 0, 0, 0}));
  EXPECT_THROW(pair_channels({}, read_ctm_entries("G a 0 1 y\n", "f"), {}), DataError);
}

TEST(UtteranceOf, TakesTheWordsOfALabelTier) {
  const Utterance utterance =
      utterance_of({"caption", {{0, 1, "One two\nthree", 0.5}, {1, 2, "", {}}}}, "x", {});
  EXPECT_EQ(utterance.words.arcs().size(), 4u);
  EXPECT_EQ(utterance.words.arcs()[3].word.confidence, 0.5);
}

}  // namespace
}  // namespace hmm
