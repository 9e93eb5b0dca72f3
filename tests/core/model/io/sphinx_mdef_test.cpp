#include "core/model/io/sphinx_mdef.h"

#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kTextMdef;
using testing::message_of;
using testing::with;

void expect_the_test_model(const SphinxModelDefinition& definition) {
  const PhoneSet& phones = definition.phones;
  EXPECT_EQ(definition.senones, 6);
  EXPECT_EQ(definition.context_independent_senones, 4);
  EXPECT_EQ(definition.transition_matrices, 2);
  ASSERT_EQ(phones.size(), 2);
  EXPECT_EQ(phones.name(0), "A");
  EXPECT_FALSE(phones.is_filler(0));
  EXPECT_TRUE(phones.is_filler(1));
  EXPECT_EQ(phones.silence(), 1);
  EXPECT_THAT(phones.senones(phones.hmm(1)), ElementsAre(2, 3));
  EXPECT_EQ(phones.transition_matrix(phones.hmm(1)), 1);
  ASSERT_EQ(phones.triphones(), 1U);
  EXPECT_THAT(phones.senones(phones.hmm({0, 1, 0, WordPosition::kBegin})), ElementsAre(4, 5));
}

TEST(SphinxMdef, ReadsText) {
  expect_the_test_model(parse_sphinx_mdef(as_bytes(kTextMdef), "mdef"));
}

TEST(SphinxMdef, ReadsBinaryOfBothByteOrders) {
  for (const bool swap : {false, true}) {
    const std::string file = testing::binary_mdef_file(swap);
    expect_the_test_model(parse_sphinx_mdef(as_bytes(file), "mdef"));
  }
}

TEST(SphinxMdef, LeavesTriphonesOutWhenTold) {
  for (const std::string& file : {kTextMdef, testing::binary_mdef_file()}) {
    const SphinxModelDefinition definition = parse_sphinx_mdef(as_bytes(file), "mdef", false);
    EXPECT_EQ(definition.phones.triphones(), 0U);
    EXPECT_EQ(definition.phones.hmms(), 2);
    EXPECT_EQ(definition.phones.hmm({0, 1, 0, WordPosition::kBegin}), definition.phones.hmm(0));
  }
}

void expect_text_error(const std::string& file, const std::string& place,
                       const std::string& reason) {
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_mdef(as_bytes(file), "mdef"); }),
              ::testing::AllOf(HasSubstr("mdef: " + place), HasSubstr(reason)))
      << file;
}

TEST(SphinxMdef, NamesLineAndReasonOfBrokenText) {
  expect_text_error("", "line 0", "ends before");
  expect_text_error("hello\n", "line 1", "\"hello\"");
  expect_text_error(with(kTextMdef, "2 n_base", "x n_base"), "line 3", "n_base");
  expect_text_error(with(kTextMdef, "2 n_base", "999999999 n_base"), "line 8", "evenly");
  expect_text_error(
      with(with(kTextMdef, "1 n_tri", "2147483645 n_tri"), "9 n_state", "2147483647 n_state"),
      "line 8", "evenly");
  expect_text_error(with(kTextMdef, "9 n_state_map", "10 n_state_map"), "line 8", "evenly");
  expect_text_error(with(kTextMdef, "4 n_tied_ci", "7 n_tied_ci"), "line 8", "fewer senones");
  expect_text_error(with(kTextMdef, "2 3 N", "2 6 N"), "line 11", "senone");
  expect_text_error(with(kTextMdef, "2 3 N", "2 5 N"), "line 11", "without context");
  expect_text_error(with(kTextMdef, "2 3 N", "2 -3 N"), "line 11", "\"-3\"");
  expect_text_error(with(kTextMdef, "2 3 N", "2 3"), "line 11", "columns");
  expect_text_error(with(kTextMdef, "filler 1", "filler 2"), "line 11", "transition matrix");
  expect_text_error(with(kTextMdef, "A SIL A b", "A SIL B b"), "line 12", "no phone \"B\"");
  expect_text_error(with(kTextMdef, "A SIL A b", "A SIL A q"), "line 12", "word position");
  expect_text_error(with(kTextMdef, "SIL - - -", "A - - -"), "line 11", "twice");
  expect_text_error(with(kTextMdef, "SIL - - -", "S - - -"), "line 11", "no phone SIL");
  expect_text_error(kTextMdef + "A A A b n/a 0 4 5 N\n", "line 13", "more rows");
}

void expect_binary_error(std::size_t offset, int32_t value, const std::string& reason) {
  std::string file = testing::binary_mdef_file();
  std::memcpy(file.data() + offset, &value, sizeof value);
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_mdef(as_bytes(file), "mdef"); }),
              ::testing::AllOf(::testing::StartsWith("mdef: byte "), HasSubstr(reason)));
}

TEST(SphinxMdef, NamesPlaceAndReasonOfABrokenBinary) {
  constexpr std::size_t kCounts = 20;  // after magic, version, description
  expect_binary_error(4, 2, "version 2");
  expect_binary_error(8, -1, "length -1");
  expect_binary_error(8, 0x7FFFFFFF, "ends within the description");
  expect_binary_error(kCounts, 0, "phones without context is 0");
  expect_binary_error(kCounts, 300, "is 300");
  expect_binary_error(kCounts + 4, 0x7FFFFFFF, "ends within the phones");
  expect_binary_error(kCounts + 8, 0, "states of a phone is 0");
  expect_binary_error(kCounts + 12, 1, "only the first 1");
  expect_binary_error(kCounts + 16, 5, "senone 5 of 5");
  expect_binary_error(kCounts + 20, 1, "transition matrix 1 of 1");
  expect_binary_error(kCounts + 24, 2, "6 entries");
  expect_binary_error(kCounts + 32, 0x7FFFFFFF, "ends within the context tree");
  expect_binary_error(kCounts + 36, 2, "silence is phone 2");
  constexpr std::size_t kPhones = kCounts + 40 + 8 + 8;
  expect_binary_error(kPhones, 3, "senone sequence 3 of 3");
  expect_binary_error(kPhones + 2 * 12 + 8, 0x04, "word position 4");
  expect_binary_error(kPhones + 2 * 12 + 8, 0x0700, "phone 7 of 2");
}

TEST(SphinxMdef, RefusesBinaryWithBytesLeft) {
  const std::string file = testing::binary_mdef_file() + "abc";
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_mdef(as_bytes(file), "mdef"); }),
              HasSubstr("3 bytes follow"));
}

}  // namespace
}  // namespace hmm
