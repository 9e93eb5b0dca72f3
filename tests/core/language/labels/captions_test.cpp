#include "core/language/labels/captions.h"

#include "core/base/file.h"
#include "tests/core/language/labels/parse_failure.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

const Labels kExample{0,
                      3'661'500'000'000,
                      {{"caption",
                        {{1'000'000'000, 2'500'000'000, "two\nlines & <more>", {}},
                         {3'660'001'000'000, 3'661'500'000'000, "late", {}}}}}};

constexpr const char* kSrt =
    "1\n00:00:01,000 --> 00:00:02,500\ntwo\nlines & <more>\n\n"
    "2\n01:01:00,001 --> 01:01:01,500\nlate\n\n";

constexpr const char* kVtt =
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\ntwo\nlines &amp; &lt;more&gt;\n\n"
    "01:01:00.001 --> 01:01:01.500\nlate\n\n";

TEST(Srt, ReadsWhatItWrites) {
  EXPECT_EQ(read_srt(kSrt, "f"), kExample);
  EXPECT_EQ(write_srt(kExample), kSrt);
}

TEST(Srt, TakesWindowsLinesAPointAndCoordinates) {
  EXPECT_EQ(
      read_srt("1\r\n00:00:01.000 --> 00:00:02.000 X1:0 X2:9\r\nhi\r\n", "f").tiers[0].labels[0],
      (Label{1'000'000'000, 2'000'000'000, "hi", {}}));
}

TEST(Srt, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) { return testing::parse_failure(read_srt, text); };
  EXPECT_THAT(failure("one\n"), HasSubstr("f: line 1: the number of the caption"));
  EXPECT_THAT(failure("1\n"), HasSubstr("ends before the times"));
  EXPECT_THAT(failure("1\n00:00:01,000 00:00:02,000\nx\n"), HasSubstr("line 2: expected \"start"));
  EXPECT_THAT(failure("1\n00:00:01,000 --> 00:00:02\nx\n"), HasSubstr("no time of"));
  EXPECT_THAT(failure("1\n00:61:01,000 --> 00:00:02,000\nx\n"), HasSubstr("\"00:61:01,000\""));
  EXPECT_THAT(failure("1\n00:00:01,0000 --> 00:00:02,000\nx\n"), HasSubstr("no time of"));
  EXPECT_THAT(failure("1\n-1:00:01,000 --> 00:00:02,000\nx\n"), HasSubstr("no time of"));
  EXPECT_THAT(failure("1\n00:00:03,000 --> 00:00:02,000\nx\n"),
              HasSubstr("line 2: the caption en"));
  EXPECT_THAT(failure("1\n999999999:00:00,000 --> 999999999:00:02,000\n"), HasSubstr("no time of"));
  testing::read_every_beginning(read_srt, kSrt);
}

TEST(WebVtt, ReadsWhatItWrites) {
  EXPECT_EQ(read_webvtt(kVtt, "f"), kExample);
  EXPECT_EQ(write_webvtt(kExample), kVtt);
}

TEST(WebVtt, PassesOverEverythingThatIsNoText) {
  const Labels labels = read_webvtt(
      "\xEF\xBB\xBFWEBVTT - title\nKind: captions\n\nNOTE\nnothing --> here\n\nSTYLE\n::cue {}\n\n"
      "intro\n00:01.000 --> 00:02.000 align:start\n<v Ann>hello <b>you</b> <00:01.5>now a < b\n",
      "f");
  ASSERT_EQ(labels.tiers[0].labels.size(), 1u);
  EXPECT_EQ(labels.tiers[0].labels[0],
            (Label{1'000'000'000, 2'000'000'000, "hello you now a < b", {}}));
}

TEST(WebVtt, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) { return testing::parse_failure(read_webvtt, text); };
  EXPECT_THAT(failure(""), HasSubstr("does not start with \"WEBVTT\""));
  EXPECT_THAT(failure("1\n00:00:01,000 --> 00:00:02,000\n"), HasSubstr("f: line 1: "));
  EXPECT_THAT(failure("WEBVTT\n\nid\n"), HasSubstr("line 3: the file ends before the times"));
  EXPECT_THAT(failure("WEBVTT\n\nid\nnot times\n"), HasSubstr("line 4: expected"));
  EXPECT_THAT(failure("WEBVTT\n\n00:02.000 --> 00:01.000\nx\n"),
              HasSubstr("ends before it starts"));
  EXPECT_THAT(failure("WEBVTT\n\n02.000 --> 00:03.000\nx\n"), HasSubstr("\"02.000\""));
  testing::read_every_beginning(read_webvtt, kVtt);
}

TEST(Captions, AnEmptyLineWithinACaptionIsNotWritten) {
  const Labels labels{0, 1, {{"caption", {{0, 1'000'000'000, "a\n\nb", {}}, {1, 2, "", {}}}}}};
  EXPECT_EQ(write_srt(labels), "1\n00:00:00,000 --> 00:00:01,000\na\nb\n\n");
  EXPECT_EQ(write_srt({}), "");
}

TEST(Captions, ReadsRealFiles) {
  const auto path = testing::test_data("ljspeech");
  SKIP_WITHOUT(path);
  const auto read = [](const char* name, auto reader) {
    const auto file = testing::test_data(name);
    return reader(MappedFile(file).text(), file.string());
  };
  const Labels srt = read("ljspeech/concat_dev_0001-0016.srt", read_srt);
  EXPECT_EQ(srt.tiers[0].labels.size(), 16u);
  EXPECT_EQ(read("ljspeech/concat_dev_0001-0016.vtt", read_webvtt), srt);
  EXPECT_EQ(read("sonnet/sonnet001.srt", read_srt), read("sonnet/sonnet001.vtt", read_webvtt));
}

}  // namespace
}  // namespace hmm
