#include "core/language/phone_map.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/language/dictionary.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Names = std::set<std::string>;

Names names(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// The TIMIT documentation, "phoncode.doc"; Lee and Hon 1989; cmudict's phone list; Festival's
// radio_phones.scm as far as the labels of English voices use it.
const Names kTimit61 = names(
    "b d g p t k dx q jh ch s sh z zh f th v dh m n ng em en eng nx l r w y hh hv el iy ih eh ey "
    "ae "
    "aa aw ay ah ao oy ow uh uw ux er ax ix axr ax-h bcl dcl gcl pcl tcl kcl pau epi h#");
const Names kTimit48 = names(
    "iy ih eh ae ix ax ah uw uh ao aa ey ay oy aw ow l el r y w er m n en ng ch jh dh b d dx g p t "
    "k "
    "z zh v f th s sh hh cl vcl epi sil");
const Names kTimit39 = names(
    "iy ih eh ae ah uw uh aa ey ay oy aw ow l r y w er m n ng ch jh dh b d dx g p t k z v f th s "
    "sh "
    "hh sil");
const Names kCmu = names(
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH SIL");
const Names kHts = names(
    "aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p pau r s sh sil t "
    "th "
    "uh uw v w y z zh");

const LanguageData& english() {
  static const LanguageData language = LanguageData::open("en");
  return language;
}

struct Case {
  const char *from, *to;
  const Names &source, &target;
  bool onto;  // every phone of the target set is reached
};

void PrintTo(const Case& tables, std::ostream* out) { *out << tables.from << " to " << tables.to; }

class PhoneMapTables : public ::testing::TestWithParam<Case> {};

TEST_P(PhoneMapTables, IsTotal) {
  const auto& [from, to, source, target, onto] = GetParam();
  const PhoneMap map(english(), from, to);
  Names reached;
  for (const std::string& phone : source) {
    ASSERT_NO_THROW(map.map(phone)) << phone;
    for (const std::string& mapped : map.map(phone)) {
      EXPECT_TRUE(target.contains(mapped)) << phone << " becomes " << mapped;
      reached.insert(mapped);
    }
  }
  if (onto) {
    EXPECT_EQ(reached, target);
  }
}

INSTANTIATE_TEST_SUITE_P(PhoneMap, PhoneMapTables,
                         ::testing::Values(Case{"timit61", "timit48", kTimit61, kTimit48, true},
                                           Case{"timit48", "timit39", kTimit48, kTimit39, true},
                                           Case{"timit61", "cmu", kTimit61, kCmu, true},
                                           Case{"cmu", "timit39", kCmu, kTimit39, false},
                                           Case{"cmu", "hts", kCmu, kHts, false},
                                           Case{"hts", "cmu", kHts, kCmu, true}));

TEST(PhoneMap, SetsHaveTheSizesInTheirNames) {
  EXPECT_EQ(PhoneMap(english(), "timit61", "timit48").phones().size(), 61U);
  EXPECT_EQ(PhoneMap(english(), "timit48", "timit39").phones().size(), 48U);
  EXPECT_EQ(kTimit39.size(), 39U);
  EXPECT_EQ(kCmu.size(), 39U + 1U);
}

TEST(PhoneMap, MapsAsPublished) {
  const PhoneMap to48(english(), "timit61", "timit48");
  const PhoneMap to39(english(), "timit48", "timit39");
  EXPECT_THAT(
      to39.map(to48.map(PhoneMap::Phones{"h#", "q", "ax-h", "zh", "tcl", "t", "eng", "ix"})),
      ElementsAre("sil", "ah", "sh", "sil", "t", "ng", "ih"));
  EXPECT_THAT(PhoneMap(english(), "timit61", "cmu").map(PhoneMap::Phones{"bcl", "b", "el"}),
              ElementsAre("B", "AH", "L"));
}

TEST(PhoneMap, ThereAndBackIsTheSame) {
  const PhoneMap there(english(), "cmu", "hts");
  const PhoneMap back(english(), "hts", "cmu");
  for (const std::string& phone : kCmu) {
    EXPECT_THAT(back.map(there.map(PhoneMap::Phones{phone})), ElementsAre(phone));
  }
}

TEST(PhoneMap, CoversTheDictionary) {
  const auto words = testing::kEnUs / "cmudict-en-us.dict";
  SKIP_WITHOUT(words);
  const PhoneMap map(english(), "cmu", "timit39");
  const Dictionary dictionary = load_dictionary({words});
  for (const std::string& phone : dictionary.lexicon.phones()) {
    EXPECT_NO_THROW(map.map(phone)) << phone;
  }
}

TEST(PhoneMap, CoversTimitsTranscriptions) {
  const auto folder = testing::test_data("timit");
  SKIP_WITHOUT(folder);
  const PhoneMap map(english(), "timit61", "cmu");
  int phones = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".phn") continue;
    std::ifstream lines(file.path());
    std::string begin, end, phone;
    for (; lines >> begin >> end >> phone; ++phones) EXPECT_NO_THROW(map.map(phone)) << phone;
  }
  EXPECT_GT(phones, 1000);
}

TEST(PhoneMap, CoversTheLabelsOfAVoice) {
  const auto folder = testing::test_data("hts-labels/en-slt");
  SKIP_WITHOUT(folder);
  const PhoneMap map(english(), "hts", "cmu");
  int phones = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".lab") continue;
    std::ifstream lines(file.path());
    for (std::string line; std::getline(lines, line); ++phones) {
      const std::size_t minus = line.find('-');
      EXPECT_NO_THROW(map.map(line.substr(minus + 1, line.find('+') - minus - 1))) << line;
    }
  }
  EXPECT_GT(phones, 30);
}

TEST(PhoneMap, UnknownPhonesAndSetsAreNamed) {
  const PhoneMap map(english(), "cmu", "hts");
  for (const char* phone : {"", "aa", "AA1", "QQ", "\xFF"}) EXPECT_THROW(map.map(phone), DataError);
  try {
    map.map("AA1");
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "\"AA1\" is no phone of the set cmu");
  }
  EXPECT_THROW(PhoneMap(english(), "cmu", "klingon"), NotFoundError);
}

TEST(PhoneMap, MalformedTablesNameTheLine) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "hmm-phone-map";
  std::filesystem::create_directories(folder);
  for (const char* text : {"a\tA\na\tB\n", "a\tA\n\tB\n", "a\tA\nb\n"}) {
    write_file(folder / "phones-x-y.txt", text);
    try {
      PhoneMap(LanguageData::load(folder), "x", "y");
      FAIL() << text;
    } catch (const ParseError& error) {
      EXPECT_THAT(error.what(), HasSubstr("phones-x-y.txt: line 2: "));
    }
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hmm
