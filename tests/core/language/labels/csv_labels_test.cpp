#include "core/language/labels/csv_labels.h"

#include "tests/core/language/labels/parse_failure.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

TEST(CsvLabels, WritesWhatItReads) {
  const Labels labels{0,
                      2'000'000'000,
                      {{"word", {{0, 500'000'000, "a, \"b\"\nc", 0.5}}},
                       {"phone", {{500'000'000, 2'000'000'000, "x", {}}}}}};
  EXPECT_EQ(read_csv_labels(write_csv_labels(labels), "f"), labels);
  EXPECT_EQ(write_csv_labels(labels),
            "tier,start,end,label,confidence\nword,0,0.5,\"a, \"\"b\"\"\nc\",0.500000\n"
            "phone,0.5,2,x,\n");
}

TEST(CsvLabels, TakesOtherHeadings) {
  const Labels labels = read_csv_labels("Begin,Duration,Word\r\n0.5,0.25,hi\r\n\r\n", "f");
  ASSERT_EQ(labels.tiers.size(), 1u);
  EXPECT_EQ(labels.tiers[0], (Tier{"label", {{500'000'000, 750'000'000, "hi", {}}}}));
}

TEST(CsvLabels, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(read_csv_labels, text);
  };
  EXPECT_THAT(failure(""), HasSubstr("f: line 0: the file is empty"));
  EXPECT_THAT(failure("f1,0.0,2.6,\"1\"\n"), HasSubstr("line 1: the heading must name"));
  EXPECT_THAT(failure("start,label\n"), HasSubstr("the heading must name"));
  EXPECT_THAT(failure("start,end,label\n0,1\n"),
              HasSubstr("line 2: found 2 fields where the head"));
  EXPECT_THAT(failure("start,end,label\n0,1,a\n\n0,x,b\n"), HasSubstr("line 4: the end is \"x\""));
  EXPECT_THAT(failure("start,end,label\n1,0,a\n"), HasSubstr("ends before it starts"));
  EXPECT_THAT(failure("start,end,label\n0,1,\"a\nb\n"), HasSubstr("starts in line 2 never ends"));
  EXPECT_THAT(failure("start,end,label,confidence\n0,1,a,2\n"), HasSubstr("not from 0 to 1"));
}

}  // namespace
}  // namespace hmm
