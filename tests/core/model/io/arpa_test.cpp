#include "core/model/io/arpa.h"

#include <cmath>

#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::HasSubstr;
using testing::kArpa;
using testing::with;

double log10_of(const NgramModel& model, const std::string& word,
                std::initializer_list<const char*> history = {}) {
  std::vector<int> numbers;
  for (const char* h : history) numbers.push_back(model.find(h).value_or(-1));
  return model.log_probability(model.find(word).value(), numbers) / std::log(10.0);
}

TEST(Arpa, BacksOff) {
  const NgramModel model = parse_arpa(as_bytes(kArpa), "lm.arpa");
  EXPECT_EQ(model.order(), 3);
  EXPECT_EQ(model.words(), 4);
  EXPECT_EQ(model.word(1), "a");
  EXPECT_NEAR(log10_of(model, "a"), -0.7, 1e-6);
  EXPECT_NEAR(log10_of(model, "b", {"a"}), -0.6, 1e-6);
  EXPECT_NEAR(log10_of(model, "b", {"a", "<s>"}), -0.2, 1e-6);
  EXPECT_NEAR(log10_of(model, "a", {"a"}), -0.7 - 0.2, 1e-6);
  EXPECT_NEAR(log10_of(model, "a", {"a", "<s>"}), -0.7 - 0.2 - 0.1, 1e-6);
  EXPECT_NEAR(log10_of(model, "b", {"a", "a"}), -0.6, 1e-6);  // "a a" is not listed
  EXPECT_NEAR(log10_of(model, "b", {"a", "unknown"}), -0.6, 1e-6);
  EXPECT_NEAR(log10_of(model, "b", {"unknown", "a"}), -0.4, 1e-6);
  EXPECT_EQ(log10_of(model, "<s>", {"a"}), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(model.log_probability(-1), -std::numeric_limits<float>::infinity());
  EXPECT_EQ(model.log_probability(4), -std::numeric_limits<float>::infinity());
}

TEST(Arpa, SumsToOneOverAllWords) {
  const std::string file =
      "\\data\\\nngram 1=3\nngram 2=2\n\\1-grams:\n-0.30103 x -0.1760913\n-0.60206 y\n-0.60206 z\n"
      "\\2-grams:\n-0.30103 x x\n-0.69897 x y\n\\end\\\n";
  const NgramModel model = parse_arpa(as_bytes(file), "lm.arpa");
  double sum = 0;
  for (const char* word : {"x", "y", "z"}) sum += std::pow(10, log10_of(model, word, {"x"}));
  EXPECT_NEAR(sum, 0.5 + 0.2 + 0.25 * std::pow(10, -0.1760913), 1e-5);
}

TEST(Arpa, ConnectsNgramsWhoseEndingIsNotListed) {
  const std::string pruned = with(with(kArpa, "ngram 2=3", "ngram 2=2"), "-0.6 a b -0.25\n", "");
  const NgramModel model = parse_arpa(as_bytes(pruned), "lm.arpa");
  EXPECT_NEAR(log10_of(model, "b", {"a", "<s>"}), -0.2, 1e-6);
  EXPECT_NEAR(log10_of(model, "b", {"a"}), -0.4 - 0.2, 1e-6);
  EXPECT_NEAR(log10_of(model, "b", {"a", "a"}), -0.4 - 0.2, 1e-6);
}

TEST(Arpa, NamesLineAndReason) {
  const auto expect = [](const std::string& file, int line, const std::string& reason) {
    EXPECT_THAT(
        testing::message_of<ParseError>([&] { parse_arpa(as_bytes(file), "lm"); }),
        ::testing::AllOf(HasSubstr("lm: line " + std::to_string(line) + ": "), HasSubstr(reason)))
        << file;
  };
  expect("", 0, "before \\data\\");
  expect("no model\n", 1, "before \\data\\");
  expect(with(kArpa, "ngram 2=3", "ngram 3=3"), 4, "ngram 2=COUNT");
  expect(with(kArpa, "ngram 2=3", "ngram 2=-3"), 4, "ngram 2=COUNT");
  expect(with(kArpa, "ngram 2=3", "ngram 2=2000000000"), 18, "lists 3");
  expect(with(kArpa, "ngram 1=4", "ngram 1=5"), 13, "announces 5 1-grams and lists 4");
  expect(with(kArpa, "-0.7 a", "0.7 a"), 9, "\"0.7\" is no logarithm");
  expect(with(kArpa, "-0.7 a", "nan a"), 9, "\"nan\"");
  expect(with(kArpa, "-0.7 a", "-0.7x a"), 9, "\"-0.7x\"");
  expect(with(kArpa, "-0.6 a b", "-0.6 a c"), 15, "\"c\" is no 1-gram");
  expect(with(kArpa, "-0.4 b", "-0.4 a"), 10, "twice");
  expect(with(kArpa, "-0.6 a b", "-0.6 b </s>"), 18, "of line 15 is listed again in line 16");
  expect(with(kArpa, "-0.15 b a b", "-0.15 b a b -0.1"), 20, "takes a probability");
  expect(with(kArpa, "-0.15 b a b", "-0.15 b a"), 20, "takes a probability");
  expect(with(kArpa, "\\3-grams:", "\\4-grams:"), 18, "expected \\3-grams:");
  expect(with(kArpa, "\\end\\", ""), 22, "before \\end\\");
}

}  // namespace
}  // namespace hmm
