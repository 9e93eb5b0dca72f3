#include "core/language/labels/ctm.h"

#include "core/base/file.h"
#include "tests/core/language/labels/parse_failure.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

constexpr const char* kExample =
    ";; a comment\n"
    "a 1 1.0 0.5 world 0.25\n"
    "a 1 0.25 0.5 hello 1\n"
    "b A 0 0.1 x\n"
    "b A * * <ALT_BEGIN>\n"
    "b A 0.1 0.1 one\n"
    "b A * * <alt>\n"
    "b A 0.1 0.1 two\n"
    "b A * * <ALT_END>\n";

TEST(Ctm, ReadsATierAChannelInOrderOfTime) {
  const Labels labels = read_ctm(kExample, "f");
  ASSERT_EQ(labels.tiers.size(), 2u);
  EXPECT_EQ(labels.tiers[0], (Tier{"a 1",
                                   {{250'000'000, 750'000'000, "hello", 1.0},
                                    {1'000'000'000, 1'500'000'000, "world", 0.25}}}));
  ASSERT_EQ(labels.tiers[1].labels.size(), 2u);
  EXPECT_EQ(labels.tiers[1].labels[1].text, "one");
  EXPECT_EQ(labels.end, 1'500'000'000);
}

TEST(Ctm, KeepsAlternativesAsEntries) {
  const auto entries = read_ctm_entries(kExample, "f");
  ASSERT_EQ(entries.size(), 8u);
  EXPECT_EQ(entries[3].kind, CtmEntry::Kind::kAlternativesBegin);
  EXPECT_EQ(entries[5].kind, CtmEntry::Kind::kNextAlternative);
  EXPECT_EQ(entries[7].line, 9u);
}

TEST(Ctm, WritesWhatItReads) {
  const Labels labels = read_ctm("a 1 0.25 0.5 hello\nb 2 1 0.5 x\n", "f");
  EXPECT_EQ(write_ctm(labels), "a 1 0.25 0.5 hello\nb 2 1 0.5 x\n");
  EXPECT_EQ(write_ctm({0, 1, {{"my word", {{0, 1'000'000'000, "a", 0.5}}}}}),
            "my word 0 1 a 0.500000\n");
  EXPECT_EQ(write_ctm({0, 1, {{"word", {{0, 1'000'000'000, "a", {}}}}}}), "word 1 0 1 a\n");
}

TEST(Ctm, RefusesToWriteWhatIsNoWord) {
  EXPECT_THROW(write_ctm({0, 1, {{"word", {{0, 1, "two words", {}}}}}}), DataError);
  EXPECT_THROW(write_ctm({0, 1, {{"word", {{0, 1, "", {}}}}}}), DataError);
}

TEST(Ctm, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) { return testing::parse_failure(read_ctm, text); };
  EXPECT_THAT(failure("a 1 0 1 x\na 1 0 1\n"), HasSubstr("f: line 2: expected"));
  EXPECT_THAT(failure("a 1 0 1 x 0.5 more\n"), HasSubstr("7 fields"));
  EXPECT_THAT(failure("a 1 zero 1 x\n"), HasSubstr("the start is \"zero\", which is no number"));
  EXPECT_THAT(failure("a 1 0 -1 x\n"), HasSubstr("the duration is -1, before 0"));
  EXPECT_THAT(failure("a 1 0 nan x\n"), HasSubstr("no number"));
  EXPECT_THAT(failure("a 1 0 1 x 1.5\n"), HasSubstr("not from 0 to 1"));
  EXPECT_THAT(failure("a 1 * * <ALT>\n"), HasSubstr("never began"));
  EXPECT_THAT(failure("a 1 * * <ALT_BEGIN>\na 1 * * <ALT_BEGIN>\n"), HasSubstr("line 2: <ALT_BE"));
  EXPECT_THAT(failure("a 1 * * <ALT_BEGIN>\n"), HasSubstr("ends within alternatives"));
  EXPECT_THAT(failure("a 1 0 1 \xC3(\n"), HasSubstr("line 1: the text is not valid UTF-8"));
  testing::read_every_beginning(read_ctm, kExample);
}

TEST(Ctm, ReadsRealFiles) {
  const auto path = testing::test_data("sctk/sclite");
  SKIP_WITHOUT(path);
  for (const char* name : {"lvc_hyp.ctm", "lvc_hypc.ctm", "tima_ref.ctm", "test.cantonese.ctm"}) {
    EXPECT_FALSE(read_ctm(MappedFile(path / name).text(), name).tiers.empty()) << name;
  }
}

}  // namespace
}  // namespace hmm
