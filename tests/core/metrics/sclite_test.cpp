// Our counts against the reports of NIST's sclite for its own test files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iconv.h>

#include <map>
#include <regex>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/metrics/error_rate.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using Characters = WordOptions::Characters;

constexpr WordOptions kPlain{};
constexpr WordOptions kMarkedAscii{
    .letter_case = WordOptions::LetterCase::kFoldAscii, .optional_words = true, .fragments = true};
constexpr WordOptions kMarked{.optional_words = true, .fragments = true};

std::string gb2312_to_utf8(std::string_view bytes) {
  const iconv_t converter = ::iconv_open("UTF-8", "GB18030");
  EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1));
  std::string text(bytes.size() * 3 + 4, '\0');
  char* in = const_cast<char*>(bytes.data());
  char* out = text.data();
  std::size_t in_left = bytes.size(), out_left = text.size();
  EXPECT_EQ(::iconv(converter, &in, &in_left, &out, &out_left), 0u);
  ::iconv_close(converter);
  text.resize(text.size() - out_left);
  return text;
}

/// A test of sclite's suite: its report, the files it scores and the options it scores with.
struct Case {
  const char* report;
  const char* reference;
  const char* hypothesis;
  WordOptions options = kPlain;
  SpeakerRule rule = SpeakerRule::kUpToDash;
  bool gb = false;
};

std::ostream& operator<<(std::ostream& out, const Case& each) { return out << each.report; }

class Sclite : public ::testing::TestWithParam<Case> {
 protected:
  static std::filesystem::path folder() { return testing::test_data("sctk/sclite"); }

  static std::string read(const std::string& name) {
    const MappedFile file(folder() / name);
    return GetParam().gb ? gb2312_to_utf8(file.text()) : std::string(file.text());
  }

  static std::vector<ScoredUtterance> score() {
    const Case& test = GetParam();
    const std::string reference = read(test.reference);
    const std::string hypothesis = read(test.hypothesis);
    if (!std::string_view(test.hypothesis).ends_with(".ctm")) {
      return score_utterances(
          pair_utterances(read_trn(reference, test.reference, test.options, test.rule),
                          read_trn(hypothesis, test.hypothesis, test.options, test.rule)));
    }
    const auto words = read_ctm_entries(hypothesis, test.hypothesis);
    if (std::string_view(test.reference).ends_with(".ctm")) {
      return score_utterances(
          pair_channels(read_ctm_entries(reference, test.reference), words, test.options));
    }
    return score_utterances(
        pair_segments(read_stm(reference, test.reference, test.options), words, test.options));
  }
};

/// Rows "| name | utterances words | correct sub del ins err wrong |" of a report of raw counts.
std::map<std::string, std::vector<int64_t>> parse_report(const std::string& text) {
  const std::regex row(R"(\|\s*(\S+)\s*\|([\d\s]+)\|([\d\s]+)\|.*)");
  std::map<std::string, std::vector<int64_t>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, row)) continue;
    std::istringstream numbers(match[2].str() + " " + match[3].str());
    for (int64_t value = 0; numbers >> value;) rows[match[1]].push_back(value);
  }
  return rows;
}

/// Correct, substituted, deleted and inserted words by identifier, from a report of alignments.
std::map<std::string, std::vector<int64_t>> parse_alignments(const std::string& text) {
  std::map<std::string, std::vector<int64_t>> scores;
  std::istringstream lines(text);
  std::string id;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("id: (")) id = line.substr(5, line.rfind(')') - 5);
    if (!line.starts_with("Scores: (#C #S #D #I)")) continue;
    std::istringstream numbers(line.substr(21));
    for (int64_t value = 0; numbers >> value;) scores[id].push_back(value);
  }
  return scores;
}

std::vector<int64_t> row_of(const ErrorSummary& summary) {
  const WordErrors& e = summary.words;
  return {summary.utterances, e.reference_words(), e.correct,  e.substitutions,
          e.deletions,        e.insertions,        e.errors(), summary.wrong_utterances};
}

TEST_P(Sclite, CountsOfEverySpeakerAreEqual) {
  const auto path = folder();
  SKIP_WITHOUT(path);
  const auto report = parse_report(read(std::string("base/") + GetParam().report + ".raw"));
  ASSERT_FALSE(report.empty());
  const auto scored = score();
  for (const ErrorSummary& summary : summarize_speakers(scored)) {
    ASSERT_TRUE(report.contains(summary.speaker)) << summary.speaker;
    EXPECT_EQ(row_of(summary), report.at(summary.speaker)) << summary.speaker;
  }
  EXPECT_EQ(row_of(summarize_all(scored)), report.at("Sum"));
  EXPECT_EQ(report.size(), summarize_speakers(scored).size() + 1);
}

TEST_P(Sclite, CountsOfEveryUtteranceAreEqual) {
  const auto path = folder();
  SKIP_WITHOUT(path);
  const auto report = parse_alignments(read(std::string("base/") + GetParam().report + ".pra"));
  ASSERT_FALSE(report.empty());
  const auto scored = score();
  EXPECT_EQ(scored.size(), report.size());
  for (const ScoredUtterance& utterance : scored) {
    ASSERT_TRUE(report.contains(utterance.id)) << utterance.id;
    const WordErrors& e = utterance.alignment.errors;
    EXPECT_EQ((std::vector<int64_t>{e.correct, e.substitutions, e.deletions, e.insertions}),
              report.at(utterance.id))
        << utterance.id;
  }
}

TEST(ScliteConfidence, NormalizedCrossEntropyIsEqual) {
  const auto path = testing::test_data("sctk/sclite");
  SKIP_WITHOUT(path);
  const auto cross_entropy = [&](const char* reference, const char* hypothesis,
                                 const WordOptions& options) {
    const auto scored = score_utterances(
        pair_segments(read_stm(MappedFile(path / reference).text(), reference, options),
                      read_ctm_entries(MappedFile(path / hypothesis).text(), hypothesis), options));
    std::vector<double> values;
    for (const ErrorSummary& summary : summarize_speakers(scored)) {
      values.push_back(summary.normalized_cross_entropy.value());
    }
    values.push_back(summarize_all(scored).normalized_cross_entropy.value());
    return values;
  };
  // base/test3b.sys, test15_a.raw and test15_b.raw, rounded there to three decimals.
  const std::vector<double> lvc{0.256, 0.174, 0.145, 0.197, 0.205};
  EXPECT_THAT(cross_entropy("lvc_ref.stm", "lvc_hypc.ctm", kPlain),
              ::testing::Pointwise(::testing::DoubleNear(0.00051), lvc));
  EXPECT_NEAR(cross_entropy("test.cantonese.stm", "test.cantonese.ctm", kPlain)[0], -0.130,
              0.00051);
  const WordOptions characters{.characters = Characters::kNonAscii, .delete_hyphens = true};
  EXPECT_NEAR(cross_entropy("test.cantonese.stm", "test.cantonese.ctm", characters)[0], -0.163,
              0.00051);
}

INSTANTIATE_TEST_SUITE_P(
    Reports, Sclite,
    ::testing::Values(
        Case{"test1", "csrnab.ref", "csrnab.hyp", kPlain, SpeakerRule::kFirstThree},
        Case{"test1e", "csrnab.ref", "csrnab.hyp", kPlain, SpeakerRule::kFirstThree},
        Case{"test3", "lvc_ref.stm", "lvc_hyp.ctm"}, Case{"test3a", "lvc_refe.stm", "lvc_hyp.ctm"},
        Case{"test7", "tests.ref", "tests.hyp", kMarked},
        Case{"test7_r", "tests.hyp", "tests.ref", kMarked},
        Case{"test7_noD", "tests.ref", "tests.hyp", {.fragments = true}},
        Case{"test7_5",
             "tests.ref",
             "tests.hyp",
             {.characters = Characters::kAll, .delete_hyphens = true}},
        Case{"test7_6", "tests.ref", "tests.hyp", kMarked},
        Case{"test7-utf8-2bytes", "tests.ref.utf8-2bytes", "tests.hyp.utf8-2bytes", kMarkedAscii},
        Case{"test7-utf8-3bytes", "tests.ref.utf8-3bytes", "tests.hyp.utf8-3bytes", kMarkedAscii},
        Case{"test7-utf8-4bytes", "tests.ref.utf8-4bytes", "tests.hyp.utf8-4bytes", kMarkedAscii},
        Case{"test8",
             "csrnab1.ref",
             "csrnab1.hyp",
             {.characters = Characters::kAll},
             SpeakerRule::kFirstThree},
        Case{"test9",
             "mand_ref.stm",
             "mand_hyp.ctm",
             {.characters = Characters::kAll},
             SpeakerRule::kUpToDash,
             true},
        Case{"test9_1",
             "mand_ref.stm",
             "mand_hyp.ctm",
             {.characters = Characters::kAll, .delete_hyphens = true},
             SpeakerRule::kUpToDash,
             true},
        Case{"test10",
             "mand_ref.stm",
             "mand_hyp.ctm",
             {.characters = Characters::kNonAscii},
             SpeakerRule::kUpToDash,
             true},
        Case{"test10_1",
             "mand_ref.stm",
             "mand_hyp.ctm",
             {.characters = Characters::kNonAscii, .delete_hyphens = true},
             SpeakerRule::kUpToDash,
             true},
        Case{"test15_a", "test.cantonese.stm", "test.cantonese.ctm"},
        Case{"test15_b",
             "test.cantonese.stm",
             "test.cantonese.ctm",
             {.characters = Characters::kNonAscii, .delete_hyphens = true}},
        Case{"test15_c", "test.turkish.ref", "test.turkish.hyp"},
        Case{"test15_d", "test.ukranian.ref", "test.ukranian.hyp"},
        Case{"test16_2", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missall.ctm"},
        Case{"test16_3", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missfile1.ctm"},
        Case{"test16_4", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missfile1chanA.ctm"},
        Case{"test16_5", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missfile1chanb.ctm"},
        Case{"test16_6", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missfile2.ctm"},
        Case{"test16_7", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missfile2chanA.ctm"},
        Case{"test16_8", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp-missfile2chanB.ctm"},
        Case{"test16_9", "stm2ctm_missing.ref.stm", "stm2ctm_missing.hyp.ctm"},
        Case{"test17", "test.vietnamese.ref.trn", "test.vietnamese.hyp.trn"}),
    [](const ::testing::TestParamInfo<Case>& info) {
      std::string name = info.param.report;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

}  // namespace
}  // namespace hmm
