#include "core/language/labels/textgrid.h"

#include "core/base/file.h"
#include "core/language/labels/label_lines.h"
#include "tests/core/language/labels/parse_failure.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

const Labels kExample{
    0,
    2'000'000'000,
    {{"word", {{0, 500'000'000, "", {}}, {500'000'000, 2'000'000'000, "say \"hi\"\nnow", {}}}},
     {"tone", {{700'000'000, 700'000'000, "H*", {}}}, true}}};

constexpr const char* kShort =
    "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n2\n<exists>\n2\n"
    "\"IntervalTier\"\n\"word\"\n0\n2\n2\n0\n0.5\n\"\"\n0.5\n2\n\"say \"\"hi\"\"\nnow\"\n"
    "\"TextTier\"\n\"tone\"\n0\n2\n1\n0.7\n\"H*\"\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(TextGrid, ReadsTheShortForm) { EXPECT_EQ(read_textgrid(kShort, "f"), kExample); }

TEST(TextGrid, WritesWhatItReads) {
  EXPECT_EQ(write_textgrid(kExample, TextGridForm::kShort), kShort);
  for (const auto form : {TextGridForm::kLong, TextGridForm::kShort}) {
    EXPECT_EQ(read_textgrid(write_textgrid(kExample, form), "f"), kExample);
  }
}

TEST(TextGrid, ReadsUtf16) {
  std::string utf16 = "\xFE\xFF";
  for (const char c : std::string(kShort)) utf16 += std::string(1, '\0') + c;
  EXPECT_EQ(read_textgrid(utf16, "f"), kExample);
}

TEST(TextGrid, SkipsCommentsAndWordsWithinNumbers) {
  const std::string text = replaced(kShort, "0.5\n\"\"", "! end 7\n0.5 seconds [3]: item[4] \"\"");
  EXPECT_EQ(read_textgrid(text, "f"), kExample);
}

TEST(TextGrid, FillsGapsWhenWriting) {
  const Labels gap{0, 3'000'000'000, {{"word", {{1'000'000'000, 2'000'000'000, "a", {}}}}}};
  const Labels read = read_textgrid(write_textgrid(gap, TextGridForm::kLong), "f");
  ASSERT_EQ(read.tiers[0].labels.size(), 3u);
  EXPECT_EQ(read.tiers[0].labels[1], gap.tiers[0].labels[0]);
}

TEST(TextGrid, RefusesToWriteOverlaps) {
  const Labels overlap{0, 3, {{"w", {{0, 2, "a", {}}, {1, 3, "b", {}}}}}};
  EXPECT_THROW(write_textgrid(overlap, TextGridForm::kLong), DataError);
  const Labels backwards{0, 3, {{"w", {{2, 1, "a", {}}}}}};
  EXPECT_THROW(write_textgrid(backwards, TextGridForm::kLong), DataError);
}

TEST(TextGrid, DamageIsNamedWithItsLine) {
  const auto failure = [](const std::string& text) {
    return testing::parse_failure(read_textgrid, text);
  };
  EXPECT_EQ(failure("ooBinaryFile\x08TextGrid"),
            "f: line 1: a binary TextGrid; save it from Praat as a text file");
  EXPECT_THAT(failure(replaced(kShort, "ooTextFile", "text")), HasSubstr("line 1: the file type"));
  EXPECT_THAT(failure(replaced(kShort, "\"TextGrid", "\"PitchTier")), HasSubstr("line 2: "));
  EXPECT_THAT(failure(replaced(kShort, "IntervalTier", "IntervalTyre")),
              HasSubstr("line 8: the tier's class is \"IntervalTyre\""));
  EXPECT_THAT(failure(replaced(kShort, "0.5\n\"\"", "-0.5\n\"\"")),
              HasSubstr("line 14: the interval ends before it starts"));
  EXPECT_THAT(failure(replaced(kShort, "0.5\n2\n", "0.5\n\"x\"\n")),
              HasSubstr("line 17: expected a number, the end of an interval"));
  EXPECT_THAT(failure(replaced(kShort, "0.5\n2\n", "-1\n2\n")), HasSubstr("line 19: the label"));
  EXPECT_THAT(failure(replaced(kShort, "2\n2\n0\n", "2\n99999999\n0\n")), HasSubstr("expected"));
  EXPECT_THAT(failure(replaced(kShort, "2\n2\n0\n", "2\n2.5\n0\n")), HasSubstr("no count"));
  EXPECT_THAT(failure(replaced(kShort, "H*\"", "H*")), HasSubstr("line 26: the quoted text"));
  EXPECT_THAT(failure(replaced(kShort, "0.7", "1e300")), HasSubstr("more than any recording"));
  EXPECT_THAT(failure(replaced(kShort, "hi", "\xFF")), HasSubstr("line 18: the text is not valid"));
  EXPECT_THAT(failure(""), HasSubstr("the file ends before the file type"));
}

TEST(TextGrid, EveryBeginningIsReadOrRefused) {
  testing::read_every_beginning(read_textgrid, kShort);
  testing::read_every_beginning(read_textgrid, write_textgrid(kExample, TextGridForm::kLong));
}

TEST(TextGrid, ReadsRealFiles) {
  const auto path = testing::test_data("textgrid");
  SKIP_WITHOUT(path);
  const auto read = [&](const char* name) {
    return read_textgrid(MappedFile(path / name).text(), name);
  };
  const Labels phones = read("bobby_phones.TextGrid");
  ASSERT_EQ(phones.tiers.size(), 1u);
  EXPECT_EQ(phones.tiers[0].name, "phone");
  ASSERT_EQ(phones.tiers[0].labels.size(), 15u);
  EXPECT_EQ(phones.tiers[0].labels[2], (Label{84'389'714, 232'857'898, "AA1", {}}));
  const Labels elan = read("bobby_phones_elan.TextGrid");  // its last interval ends earlier
  EXPECT_TRUE(std::equal(elan.tiers[0].labels.begin(), elan.tiers[0].labels.end() - 1,
                         phones.tiers[0].labels.begin()));
  const Labels newlines = read("bobby_words_with_newlines.TextGrid");
  EXPECT_EQ(newlines.tiers[0].labels[1].text, "\"\"\"BOBBY\"\"\"\nNoun");
  const Labels longer = read("bobby_words_with_newlines_longfile.TextGrid");
  EXPECT_EQ(longer.tiers[0], newlines.tiers[0]);
  EXPECT_EQ(longer.tiers[1], newlines.tiers[1]);
  EXPECT_EQ(longer.tiers[2].labels[1].text, "0\np2");
  EXPECT_EQ(read("bobby_words_with_newlines_longfile_elan.TextGrid").tiers, longer.tiers);
  EXPECT_TRUE(newlines.tiers[2].points);
  EXPECT_EQ(read("mary.TextGrid").tiers[0].labels[2].text, "ə");
  for (const char* name : {"bobby_words.TextGrid", "mary.TextGrid", "mary_misaligned.TextGrid"}) {
    const Labels labels = read(name);
    const Labels again = read_textgrid(write_textgrid(labels, TextGridForm::kLong), name);
    for (std::size_t i = 0; i < labels.tiers.size(); ++i) {
      for (const Label& label : labels.tiers[i].labels) {
        EXPECT_THAT(again.tiers[i].labels, ::testing::Contains(label));
      }
    }
  }
}

}  // namespace
}  // namespace hmm
