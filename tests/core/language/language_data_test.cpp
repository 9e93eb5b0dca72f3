#include "core/language/language_data.h"

#include <gmock/gmock.h>

#include <unistd.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/language/number_words.h"
#include "core/language/text_normalizer.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LanguageDataTest : public ::testing::Test {
 protected:
  LanguageDataTest() { std::filesystem::create_directories(folder_); }
  ~LanguageDataTest() override { std::filesystem::remove_all(folder_.parent_path()); }

  /// The folder with one of its tables replaced.
  LanguageData with(const char* table, std::string_view text) const {
    write_file(folder_ / table, text);
    return LanguageData::load(folder_);
  }
  /// What making `Thing` from a folder with that numbers.txt complains of.
  std::string number_complaint(std::string_view text) const {
    try {
      NumberWords words(with("numbers.txt", text));
      std::vector<std::string> said;
      words.append("cardinal", 5, said);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }

  std::filesystem::path folder_ = std::filesystem::path(::testing::TempDir()) /
                                  ("language-" + std::to_string(::getpid())) / "xx";
};

TEST_F(LanguageDataTest, BuiltInTablesAreTheFilesOfTheSource) {
  const auto folder = testing::source_file("core/language/data/en");
  const LanguageData built_in = LanguageData::open("en");
  const LanguageData files = LanguageData::load(folder);
  int tables = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const auto a = built_in.table(name, 1, 9);
    const auto b = files.table(name, 1, 9);
    ASSERT_EQ(a.size(), b.size()) << name;
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].fields, b[i].fields) << name;
    ++tables;
  }
  EXPECT_GT(tables, 10);
}

TEST_F(LanguageDataTest, AnotherLanguageIsAnotherFolder) {
  std::filesystem::copy(
      testing::source_file("core/language/data/en"), folder_,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  // German says the ones before the tens, which rules can say too.
  const LanguageData german = with("numbers.txt",
                                   "cardinal\t0\tnull\ncardinal\t1\tein\ncardinal\t2\tzwei\n"
                                   "cardinal\t20\tzwanzig\t> und zwanzig\ncardinal\t30\tviel\n"
                                   "digit\t0\tnull\ndigit\t1\teins\n");
  EXPECT_EQ(spoken_text(TextNormalizer(german).normalize("22 Katzen, 1,1")),
            "zwei und zwanzig katzen ein ein");
}

TEST_F(LanguageDataTest, LanguagesAreFoundInTheDataFolders) {
  ::setenv("HMM_MODEL_PATH", folder_.parent_path().c_str(), 1);
  write_file(folder_ / "a.txt", "# only\n\nb\tc\n");
  EXPECT_THAT(LanguageData::open("xx").table("a.txt", 2, 2).at(0).fields, ElementsAre("b", "c"));
  ::unsetenv("HMM_MODEL_PATH");
}

TEST_F(LanguageDataTest, UnknownLanguagesAreNamed) {
  for (const char* code : {"", "klingon", "../en", "/etc", "."}) {
    try {
      LanguageData::open(code);
      FAIL() << code;
    } catch (const SettingsError& error) {
      EXPECT_THAT(error.what(), HasSubstr("no language \"" + std::string(code) + "\""));
    }
  }
  EXPECT_THROW(LanguageData::load("/nowhere"), NotFoundError);
}

TEST_F(LanguageDataTest, MalformedTablesNameFileLineAndReason) {
  const auto complaint = [&](std::string_view text) -> std::string {
    try {
      with("a.txt", text).table("a.txt", 2, 3);
    } catch (const ParseError& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_THAT(complaint("a\tb\na\n"),
              HasSubstr("a.txt: line 2: the line has 1 fields, not 2 to 3"));
  EXPECT_THAT(complaint("a\tb\tc\td"), HasSubstr("a.txt: line 1: the line has 4 fields"));
  EXPECT_THAT(complaint("a\tb\n#\n\xFF\tb"), HasSubstr("a.txt: line 3: not UTF-8"));
  EXPECT_THROW(with("a.txt", "a\tb").table("b.txt", 2, 2), NotFoundError);
}

TEST_F(LanguageDataTest, NumberRulesThatCannotWorkAreRefused) {
  EXPECT_EQ(number_complaint("cardinal\t0\tnil\n"), "nothing");
  EXPECT_THAT(number_complaint("cardinal\tx\tnil"), HasSubstr("line 1: \"x\" is no number"));
  EXPECT_THAT(number_complaint("cardinal\t-1\tnil"), HasSubstr("\"-1\" is no number"));
  EXPECT_THAT(number_complaint("cardinal\t9/0\tnil"), HasSubstr("no divisor above 1"));
  EXPECT_THAT(number_complaint("cardinal\t9/1\tnil"), HasSubstr("no divisor above 1"));
  EXPECT_THAT(number_complaint("cardinal\t3\ta\ncardinal\t3\tb"), HasSubstr("line 2: the bases"));
  EXPECT_THAT(number_complaint("cardinal\t3\t=tens"), HasSubstr("there is no set \"tens\""));
  EXPECT_THAT(number_complaint("cardinal\t0\t=cardinal"), HasSubstr("never end for 5"));
  EXPECT_THAT(number_complaint("cardinal\t0/9\t> >\n"), HasSubstr("never end"));
}

TEST_F(LanguageDataTest, MalformedReadingTablesAreRefused) {
  const std::pair<const char*, const char*> broken[] = {
      {"abbreviations.txt", "Dr.\tdoctor\tsometimes\n"},
      {"months.txt", "Foo\t14\tfoo\n"},
      {"units.txt", "km\tkilometer\n"},
      {"currencies.txt", "$\ta\tb\tc\n"},
      {"acronyms.txt", "FBI\tyes\n"},
      {"folding.txt", "ab\tc\n"},
      {"magnitudes.txt", "M\tmillion\tnowhere\n"},
      {"numerals.txt", "War\tboth\n"}};
  for (const auto& [table, text] : broken) {
    std::filesystem::copy(testing::source_file("core/language/data/en"), folder_,
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
    const LanguageData language = with(table, text);
    try {
      TextNormalizer normalizer(language);
      FAIL() << table;
    } catch (const ParseError& error) {
      EXPECT_THAT(error.what(), HasSubstr(std::string(table) + ": line 1: "));
    }
  }
}

}  // namespace
}  // namespace hmm
