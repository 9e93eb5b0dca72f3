#include "core/model/io/htk_mmf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/core/model/io/mutations.h"
#include "tests/core/model/topology/topology_testing.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using testing::bytes_of;
using ::testing::HasSubstr;

const std::string kSmall = R"(~o
<STREAMINFO> 1 2
<VECSIZE> 2<NULLD><MFCC_D><DIAGC>
~v "varFloor1"
<VARIANCE> 2
 0.1 0.1
~s "shared"
<MEAN> 2
 1.5 -2
<VARIANCE> 2
 1 4
<GCONST> 5.06
~h "sil"
<BEGINHMM>
<NUMSTATES> 4
<STATE> 2
~s "shared"
<STATE> 3
<NUMMIXES> 2
<MIXTURE> 1 0.25
<MEAN> 2
 0 0
<VARIANCE> 2
 1 1
<MIXTURE> 2 0.75
<MEAN> 2
 1 1
<VARIANCE> 2
 2 2
<TRANSP> 4
 0 1 0 0
 0 0.6 0.4 0
 0 0 0.7 0.3
 0 0 0 0
<ENDHMM>
~h "sp"
<BeginHMM>
<NumStates> 3
<State> 2
~s "shared"
<TransP> 3
 0 0.5 0.5
 0 0.8 0.2
 0 0 0
<EndHMM>
)";

std::string message_of(const std::string& text) {
  try {
    parse_htk_models(bytes_of(text), "x");
  } catch (const ParseError& error) {
    return error.what();
  }
  return "no error";
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kSmall;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(HtkMmf, ReadsMacrosMixturesAndTransitions) {
  const HtkModels models = parse_htk_models(bytes_of(kSmall), "x");
  EXPECT_EQ(models.parameter_kind, "MFCC_D");
  ASSERT_EQ(models.phones.size(), 2u);
  EXPECT_EQ(models.mixtures.states, 2);
  EXPECT_EQ(models.mixtures.components, 2);
  EXPECT_EQ(models.phones[1].mixtures, std::vector<int32_t>{models.phones[0].mixtures[0]});
  EXPECT_FLOAT_EQ(models.mixtures.means[1], -2);
  EXPECT_EQ(models.mixtures.log_weights[1], -INFINITY) << "the shared state has one component";
  EXPECT_FLOAT_EQ(models.mixtures.log_weights[3], std::log(0.75F));
  EXPECT_EQ(models.phones[1].transitions(0, 2), 0.5);
  EXPECT_NO_THROW(models.mixtures.validate());
  EXPECT_EQ(models.find("sp"), 1u);
  EXPECT_FALSE(models.find("SP").has_value());
}

TEST(HtkMmf, PhoneLoop) {
  const Hmm loop = htk_phone_loop(parse_htk_models(bytes_of(kSmall), "x"));
  EXPECT_EQ(loop.states(), 3);
  const auto p = testing::dense(loop.graph.transitions);
  EXPECT_NEAR(p(0, 1), 0.4, 1e-6);
  EXPECT_NEAR(p(1, 0), 0.15, 1e-6);
  EXPECT_NEAR(p(1, 2), 0.15, 1e-6);
  EXPECT_NEAR(p(2, 2), 0.8 + 0.1, 1e-6) << "itself once more after having been left";
  EXPECT_EQ(p(0, 2), 0);
  EXPECT_EQ(loop.graph.transitions.emission_of, (std::vector<int32_t>{0, 1, 0}));
}

TEST(HtkMmf, TheProsodylabModel) {
  const auto path = testing::test_data("models/htk-prosodylab-eng/hmmdefs");
  SKIP_WITHOUT(path);
  const MappedFile file(path);
  const HtkModels models = parse_htk_models(file.bytes(), path.string());
  EXPECT_EQ(models.parameter_kind, "MFCC_D_A_0");
  EXPECT_EQ(models.mixtures.dimension, 39);
  EXPECT_EQ(models.mixtures.components, 1);
  EXPECT_EQ(models.phones.size(), 70u);
  ASSERT_TRUE(models.find("AA1"));
  EXPECT_EQ(models.phones[*models.find("AA1")].mixtures.size(), 3u);
  // The file's own <GCONST> of its first state, silst: D log 2 pi + sum log variance.
  double constant = 39 * std::log(2 * std::numbers::pi);
  for (std::size_t i = 0; i < 39; ++i) constant += std::log(models.mixtures.variances[i]);
  EXPECT_NEAR(constant, 90.90510, 1e-4);
  EXPECT_NO_THROW(htk_phone_loop(models));
}

TEST(HtkMmf, BrokenFilesAreNamedWithTheirLine) {
  EXPECT_THAT(message_of(""), HasSubstr("defines no model"));
  EXPECT_THAT(message_of("HMM"), HasSubstr("x: line 1: a macro"));
  EXPECT_THAT(message_of(replaced("~v", "~x")), HasSubstr("not supported"));
  EXPECT_THAT(message_of(replaced("<STREAMINFO> 1", "<STREAMINFO> 3")), HasSubstr("one stream"));
  EXPECT_THAT(message_of(replaced("<DIAGC>", "<FULLC>")), HasSubstr("FULLC"));
  EXPECT_THAT(message_of(replaced("1.5 -2", "1.5 two")), HasSubstr("x: line 9: a number"));
  EXPECT_THAT(message_of(replaced("1.5 -2", "1.5 nan")), HasSubstr("number"));
  EXPECT_THAT(message_of(replaced("1.5 -2", "1.5 1e300")), HasSubstr("too large"));
  EXPECT_THAT(message_of(replaced("1.5 -2", "1.5")), HasSubstr("number is expected"));
  EXPECT_THAT(message_of(replaced(" 1 4", " 1 0")), HasSubstr("variance is not above 0"));
  EXPECT_THAT(message_of(replaced("<MEAN> 2", "<MEAN> 3")), HasSubstr("have 2 values, not 3"));
  EXPECT_THAT(message_of(replaced("<MEAN> 2", "<MEAN> 99999999")), HasSubstr("65536"));
  EXPECT_THAT(message_of(replaced("~s \"shared\"\n<STATE> 3", "~s \"other\"\n<STATE> 3")),
              HasSubstr("not defined"));
  EXPECT_THAT(message_of(replaced("<STATE> 3", "<STATE> 2")), HasSubstr("in order"));
  EXPECT_THAT(message_of(replaced("0.75", "0.5")), HasSubstr("weights do not sum"));
  EXPECT_THAT(message_of(replaced("0 0.6 0.4 0", "0 0.6 0.2 0")), HasSubstr("row 2"));
  EXPECT_THAT(message_of(replaced("0 0.6 0.4 0", "0 -0.6 1.6 0")), HasSubstr("no probability"));
  EXPECT_THAT(message_of(replaced("<TRANSP> 4", "<TRANSP> 3")), HasSubstr("line"));
  EXPECT_THAT(message_of(replaced("~h \"sp\"", "~h \"sil\"")), HasSubstr("defined twice"));
  EXPECT_THAT(message_of(kSmall + "~h \"sp"), HasSubstr("does not end"));
}

TEST(HtkMmf, SurvivesMutations) {
  int accepted = 0;
  testing::for_each_mutation(kSmall, kSmall.size(), [&](const std::string& text) {
    try {
      htk_phone_loop(parse_htk_models(bytes_of(text), "x"));
      ++accepted;
    } catch (const Error&) {
    }
  });
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace hmm
