#include "core/language/labels/htk_labels.h"

#include "core/base/file.h"
#include "tests/core/language/labels/parse_failure.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(HtkLabels, ReadsTimesIn100Nanoseconds) {
  const Labels labels = read_htk_labels("0 3600000 ice -12.5\n3600000 8200000 cream\n", "f");
  ASSERT_EQ(labels.tiers.size(), 1u);
  EXPECT_EQ(
      labels.tiers[0],
      (Tier{"label", {{0, 360'000'000, "ice", {}}, {360'000'000, 820'000'000, "cream", {}}}}));
  EXPECT_EQ(labels.end, 820'000'000);
}

TEST(HtkLabels, AlignerOutputGivesASecondTierOfWords) {
  const Labels labels = read_htk_labels(
      "0 10 sil -1.0 sil\n10 20 k -2.0 cat\n20 30 ae -3.0\n30 40 t -1.5\n40 50 s -1 sat\n", "f");
  ASSERT_EQ(labels.tiers.size(), 2u);
  EXPECT_EQ(
      labels.tiers[1],
      (Tier{"word", {{0, 1000, "sil", {}}, {1000, 4000, "cat", {}}, {4000, 5000, "sat", {}}}}));
}

TEST(HtkLabels, ReadsAndWritesMasterLabelFiles) {
  const std::string text = "#!MLF!#\n\"*/a.lab\"\n0 10 x\n.\n\"*/b.lab\"\n0 5 \"two words\"\n.\n";
  EXPECT_EQ(write_master_labels(read_htk_labels("#!MLF!#\n\"*/a.lab\"\n0 10 x\n.\n", "f")),
            "#!MLF!#\n\"*/a.lab\"\n0 10 x\n.\n");
  EXPECT_THAT(testing::parse_failure(read_htk_labels, text), IsEmpty());
  EXPECT_EQ(read_htk_labels(text, "f").tiers[1].name, "*/b.lab");
}

TEST(HtkLabels, WritesTheFirstTier) {
  EXPECT_EQ(write_htk_labels({0, 0, {{"x", {{50, 149, "a", {}}, {149, 1000, "b c", {}}}}}}),
            "1 1 a\n1 10 \"b c\"\n");
  EXPECT_EQ(write_htk_labels({}), "");
}

TEST(HtkLabels, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(read_htk_labels, text);
  };
  EXPECT_EQ(failure("0 10 a\nb\n"), "f: line 2: expected \"start end label\"");
  EXPECT_THAT(failure("0 x a\n"), HasSubstr("the end is \"x\", which is no whole number"));
  EXPECT_THAT(failure("0.5 1 a\n"), HasSubstr("no whole number"));
  EXPECT_THAT(failure("10 5 a\n"), HasSubstr("ends before it starts"));
  EXPECT_THAT(failure("-10 5 a\n"), HasSubstr("starts before 0"));
  EXPECT_THAT(failure("0 999999999999999999 a\n"), HasSubstr("later than any recording"));
  EXPECT_THAT(failure("10 20 a\n0 5 b\n"), HasSubstr("line 2: the label starts before"));
  EXPECT_THAT(failure("0 10 a\n///\n0 10 b\n"), HasSubstr("line 2: alternative label lists"));
  EXPECT_THAT(failure("#!MLF!#\n0 10 a\n"), HasSubstr("line 2: expected the quoted name"));
  EXPECT_THAT(failure("#!MLF!#\n\"a\"\n0 10 a\n"), HasSubstr("ends before the \".\""));
  EXPECT_THAT(failure("#!MLF!#\n.\n"), HasSubstr("never began"));
}

TEST(TimitLabels, ReadsTimesInSamples) {
  const Labels labels = read_timit_labels("0 8000 h#\n8000 16001 sh\n", "f", 16000);
  EXPECT_EQ(labels.tiers[0].labels[1], (Label{500'000'000, 1'000'062'500, "sh", {}}));
}

TEST(TimitLabels, DamageIsNamedWithItsLine) {
  const auto read = [](std::string_view text, const std::string& file) {
    return read_timit_labels(text, file, 16000);
  };
  EXPECT_THAT(testing::parse_failure(read, "0 10 a\n10 20\n"), HasSubstr("f: line 2: expected"));
  EXPECT_THAT(testing::parse_failure(read, "0 10 a b\n"), HasSubstr("expected"));
  EXPECT_THAT(testing::parse_failure(read, "9 10 a\n0 1 b"), HasSubstr("line 2: the label starts"));
  EXPECT_THROW(read_timit_labels("0 1 a\n", "f", 0), SettingsError);
  EXPECT_THROW(read_timit_labels("0 1 a\n", "f", -1), SettingsError);
}

TEST(TimitLabels, ReadsRealFiles) {
  const auto path = testing::test_data("timit/dr1-fvmh0/sa1.phn");
  SKIP_WITHOUT(path);
  const Labels phones = read_timit_labels(MappedFile(path).text(), path.string(), 16000);
  EXPECT_EQ(phones.tiers[0].labels[1], (Label{488'250'000, 594'187'500, "sh", {}}));
}

TEST(HtkLabels, ReadsRealFullContextLabels) {
  const auto path = testing::test_data("hts-labels/ja-jsut/BASIC5000_0001.lab");
  SKIP_WITHOUT(path);
  EXPECT_FALSE(read_htk_labels(MappedFile(path).text(), path.string()).tiers[0].labels.empty());
}

}  // namespace
}  // namespace hmm
