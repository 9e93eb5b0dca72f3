#include "core/model/phone_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/model/io/arpa.h"
#include "core/model/io/language_model.h"
#include "core/model/io/sphinx_model.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

/// Phones SIL (filler), +N+ (filler), A and B, of two states each.
AcousticModel small_model() {
  AcousticModel model;
  PhoneSet::Builder builder(2);
  int32_t senone = 0;
  for (const auto& [name, filler] : {std::pair("SIL", true), std::pair("+N+", true),
                                     std::pair("A", false), std::pair("B", false)}) {
    const std::vector<int32_t> senones = {senone, senone + 1};
    builder.add_phone(name, filler, senones, 0);
    senone += 2;
  }
  model.phones = builder.build(0);
  const float none = kLogZero<float>;
  model.transitions.states = 2;
  model.transitions.log_probabilities = {std::log(0.6F), std::log(0.4F), none,
                                         none,           std::log(0.7F), std::log(0.3F)};
  return model;
}

/// The log probability of each arc.
std::map<std::pair<int, int>, float> arcs_of(const DecodingGraph& graph) {
  std::map<std::pair<int, int>, float> arcs;
  for (const auto& arc : graph.transitions.arcs)
    arcs[{arc.source, arc.target}] = arc.log_probability;
  return arcs;
}

NgramModel parse(const std::string& text) {
  return parse_arpa(std::as_bytes(std::span(text.data(), text.size())), "phones.arpa");
}

TEST(PhoneLoop, EveryPhoneFollowsEveryOther) {
  const DecodingGraph graph = phone_loop(small_model(), {});
  EXPECT_EQ(graph.labels, (std::vector<std::string>{"SIL", "+N+", "A", "B"}));
  EXPECT_EQ(graph.filler, (std::vector<uint8_t>{1, 1, 0, 0}));
  EXPECT_EQ(graph.label_of, (std::vector<int32_t>{0, 0, 1, 1, 2, 2, 3, 3}));
  const auto arcs = arcs_of(graph);
  EXPECT_EQ(arcs.size(), 8u + 4u + 16u);                 // loops, steps, phone to phone
  EXPECT_FLOAT_EQ(arcs.at({5, 6}), std::log(0.3F / 4));  // A to B
  EXPECT_FLOAT_EQ(arcs.at({5, 4}), std::log(0.3F / 4));  // A again
}

TEST(PhoneLoop, ProbabilitiesOfEachStateAddUpToOne) {
  const DecodingGraph graph = phone_loop(small_model(), {});
  std::vector<double> sums(8, 0);
  for (const auto& arc : graph.transitions.arcs) {
    sums[static_cast<std::size_t>(arc.source)] += std::exp(arc.log_probability);
  }
  EXPECT_THAT(sums, ::testing::Each(::testing::DoubleNear(1, 1e-6)));
}

TEST(PhoneLoop, InsertionWeightAndLanguageWeightCountAtPhoneBeginnings) {
  PhoneLoopOptions options;
  options.insertion_weight = -2;
  options.language_weight = 3;
  const auto arcs = arcs_of(phone_loop(small_model(), options));
  EXPECT_FLOAT_EQ(arcs.at({5, 6}), std::log(0.3F) + 3 * std::log(0.25F) - 2);
  EXPECT_FLOAT_EQ(arcs.at({4, 5}), std::log(0.4F));
}

TEST(PhoneLoop, ImpossibleSuccessorsHaveNoArc) {
  PhoneLoopOptions options;
  options.log_bigram = Matrix(4, 4, std::log(0.25F));
  options.log_bigram(2, 3) = kLogZero<float>;
  options.insertion_weight = 5;
  EXPECT_EQ(arcs_of(phone_loop(small_model(), options)).count({5, 6}), 0u);
}

TEST(PhoneLoop, BigramOfAnotherSizeIsRefused) {
  PhoneLoopOptions options;
  options.log_bigram = Matrix(3, 3);
  EXPECT_THROW(phone_loop(small_model(), options), SettingsError);
}

TEST(PhoneBigram, RowsAreProbabilitiesAndUnknownFillersStandForSilence) {
  const NgramModel language_model = parse(
      "\\data\\\nngram 1=5\nngram 2=2\n\n\\1-grams:\n-1.0 <s> 0\n-1.0 </s> 0\n-0.5 SIL 0\n"
      "-0.5 A -0.2\n-0.5 B 0\n\n\\2-grams:\n-0.1 A B\n-0.9 A SIL\n\n\\end\\\n");
  const AcousticModel model = small_model();
  const Matrix bigram = phone_bigram(model.phones, language_model);
  for (std::size_t before = 0; before < 4; ++before) {
    EXPECT_NEAR(log_sum_exp<float>(bigram.row(before)), 0, 1e-6);
  }
  const double tenth = std::pow(10, -0.9), half = std::pow(10, -0.7), most = std::pow(10, -0.1);
  const double sum = tenth * (1 + kUnknownFiller) + half + most;
  EXPECT_NEAR(std::exp(bigram(2, 3)), most / sum, 1e-5);
  EXPECT_NEAR(std::exp(bigram(2, 2)), half / sum, 1e-5);  // by back-off
  EXPECT_NEAR(std::exp(bigram(2, 1)), kUnknownFiller * tenth / sum, 1e-5);
  EXPECT_EQ(bigram(1, 2), bigram(0, 2));
}

TEST(PhoneBigram, AModelOfWordsIsRefused) {
  const NgramModel words =
      parse("\\data\\\nngram 1=3\n\n\\1-grams:\n-1.0 <s>\n-1.0 </s>\n-0.5 SIL\n\n\\end\\\n");
  EXPECT_THAT(
      [&] { phone_bigram(small_model().phones, words); },
      ::testing::ThrowsMessage<DataError>(::testing::HasSubstr("lacks the model's phone A")));
}

TEST(PhoneLoop, DebiansModelWithItsPhoneLanguageModel) {
  const auto folder = testing::kEnUs / "en-us";
  SKIP_WITHOUT(folder);
  const AcousticModel model = load_sphinx_model(folder, {.triphones = false});
  PhoneLoopOptions options;
  options.log_bigram =
      phone_bigram(model.phones, load_language_model(testing::kEnUs / "en-us-phone.lm.bin"));
  const DecodingGraph graph = phone_loop(model, options);
  EXPECT_EQ(graph.transitions.states, 126);
  const auto phone = [&](const char* name) {
    return static_cast<std::size_t>(*model.phones.find(name));
  };
  // NG never begins a word, and S T is everywhere.
  EXPECT_GT(options.log_bigram(phone("S"), phone("T")),
            options.log_bigram(phone("S"), phone("NG")) + 4);
}

}  // namespace
}  // namespace hmm
