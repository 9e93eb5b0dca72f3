#include "core/model/full_mixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>

#include "core/base/error.h"
#include "core/base/random.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

/// Golden densities of scipy: see tests/data/emission/generate.py.
struct Golden {
  FullMixtures mixtures;
  Matrix frames;
  Matrix log_b;
};

std::vector<float> read(std::istream& stream, std::size_t count) {
  std::vector<float> values(count);
  for (float& value : values) {
    std::string word;
    stream >> word;
    value = std::strtof(word.c_str(), nullptr);
  }
  return values;
}

Matrix read_matrix(std::istream& stream, std::size_t rows, std::size_t columns) {
  Matrix matrix(rows, columns);
  const auto values = read(stream, rows * columns);
  std::copy(values.begin(), values.end(), matrix.data());
  return matrix;
}

std::vector<Golden> goldens() {
  std::ifstream stream(testing::source_file("tests/data/emission/full.txt"));
  std::vector<Golden> result;
  std::size_t n = 0, k = 0, d = 0, t = 0;
  for (std::string tied; stream >> tied >> n >> k >> d >> t;) {
    Golden golden;
    golden.mixtures.tied = tied == "tied";
    golden.mixtures.states = static_cast<int>(n);
    golden.mixtures.components = static_cast<int>(k);
    golden.mixtures.dimension = static_cast<int>(d);
    golden.mixtures.means = read(stream, n * k * d);
    golden.mixtures.covariances = read(stream, golden.mixtures.matrices() * d * d);
    golden.mixtures.log_weights = read(stream, n * k);
    golden.frames = read_matrix(stream, t, d);
    golden.log_b = read_matrix(stream, t, n);
    result.push_back(std::move(golden));
  }
  return result;
}

std::string message_of(const FullMixtures& mixtures) {
  try {
    mixtures.validate();
  } catch (const SettingsError& error) {
    return error.what();
  }
  return "no error";
}

FullMixtures correlated() { return {1, 1, 2, false, {0, 0}, {1, 0.8F, 0.8F, 1}, {0}}; }

TEST(FullMixtures, AgreesWithScipy) {
  const auto cases = goldens();
  ASSERT_EQ(cases.size(), 3u);
  for (const Golden& golden : cases) {
    Matrix log_b(golden.log_b.rows(), golden.log_b.columns());
    FullMixtureScorer(golden.mixtures).score(golden.frames, log_b);
    for (std::size_t i = 0; i < log_b.rows() * log_b.columns(); ++i) {
      const float expected = golden.log_b.data()[i];
      EXPECT_NEAR(log_b.data()[i], expected, 1e-6 * std::abs(expected) + 1e-6);
    }
  }
}

TEST(FullMixtures, FullIsFull) {
  // The trap: a "full" covariance of which only the diagonal is used.
  Matrix frames(2, 2, 1.0F);
  frames(1, 1) = -1;
  Matrix log_b(2, 1);
  FullMixtureScorer(correlated()).score(frames, log_b);
  EXPECT_NEAR(log_b(0, 0) - log_b(1, 0), 0.5 * (2 / 0.2 - 2 / 1.8), 1e-4);
}

TEST(FullMixtures, AFrameDoesNotDependOnItsNeighbours) {
  const auto cases = goldens();
  ASSERT_FALSE(cases.empty());
  const FullMixtureScorer scorer(cases[0].mixtures);
  const Matrix& frames = cases[0].frames;
  Matrix all(frames.rows(), static_cast<std::size_t>(scorer.states()));
  scorer.score(frames, all);
  for (std::size_t t = 0; t < frames.rows(); ++t) {
    Matrix one(1, all.columns());
    scorer.score(frames.view().slice(t, 1), one);
    for (std::size_t n = 0; n < all.columns(); ++n) EXPECT_EQ(one(0, n), all(t, n));
  }
}

TEST(FullMixtures, AnAbsentComponentCountsNothing) {
  FullMixtures two = correlated();
  two.components = 2;
  two.means = {0, 0, 5, 5};
  two.covariances = {1, 0.8F, 0.8F, 1, 1, 0, 0, 1};
  two.log_weights = {0, -INFINITY};
  Matrix frames(1, 2, 0.5F);
  Matrix one(1, 1), both(1, 1);
  FullMixtureScorer(correlated()).score(frames, one);
  FullMixtureScorer(two).score(frames, both);
  EXPECT_EQ(one(0, 0), both(0, 0));
}

TEST(FullMixtures, WrongCovariancesAreNamed) {
  FullMixtures broken = correlated();
  broken.covariances = {1, 2, 2, 1};
  EXPECT_THAT(message_of(broken),
              HasSubstr("covariance of state 0, component 0 is not positive definite"));
  broken.covariances = {1, 0.8F, 0.2F, 1};
  EXPECT_THAT(message_of(broken), HasSubstr("not symmetric"));
  broken.covariances = {1, 0.8F, NAN, 1};
  EXPECT_THAT(message_of(broken), HasSubstr("finite"));
  broken.covariances = {0, 0, 0, 0};
  EXPECT_THAT(message_of(broken), HasSubstr("not positive definite"));
  broken.tied = true;
  EXPECT_THAT(message_of(broken), HasSubstr("the tied covariance"));
  broken = correlated();
  broken.covariances.pop_back();
  EXPECT_THAT(message_of(broken), HasSubstr("dimension x dimension"));
  broken = correlated();
  broken.log_weights = {0.5F};
  EXPECT_THAT(message_of(broken), HasSubstr("mixture weights"));
  EXPECT_THAT(message_of({}), HasSubstr("at least one"));
}

}  // namespace
}  // namespace hmm
