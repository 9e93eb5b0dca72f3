#include "core/model/io/sphinx_noisedict.h"

#include "core/model/io/sphinx_mdef.h"
#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<FillerWord> parse(const std::string& file) {
  const auto definition = parse_sphinx_mdef(as_bytes(testing::kTextMdef), "mdef");
  return parse_sphinx_noisedict(as_bytes(file), "noisedict", definition.phones);
}

TEST(SphinxNoisedict, ReadsWords) {
  const auto fillers = parse(testing::kNoisedict);
  ASSERT_EQ(fillers.size(), 3U);
  EXPECT_EQ(fillers[0].word, "<s>");
  EXPECT_EQ(fillers[2].word, "[NOISE]");
  EXPECT_THAT(fillers[2].phones, ElementsAre(1, 0));
}

TEST(SphinxNoisedict, NamesLineAndReason) {
  const auto message = [](const std::string& file) {
    return testing::message_of<ParseError>([&] { parse(file); });
  };
  EXPECT_THAT(message("<s> SIL\n[UH] +UH+\n"), HasSubstr("noisedict: line 2: the acoustic model"));
  EXPECT_THAT(message("<s>\n"), HasSubstr("no phones"));
  EXPECT_THAT(message("<s> SIL\n<s> SIL\n"), HasSubstr("twice"));
}

}  // namespace
}  // namespace hmm
