#include "core/model/emission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

const float kInfinity = INFINITY;

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Matrix column(std::initializer_list<float> values) {
  Matrix matrix(values.size(), 1);
  std::copy(values.begin(), values.end(), matrix.data());
  return matrix;
}

Matrix score(const Emission& emission, MatrixView frames) {
  compute::Backend& backend = compute::cpu_backend();
  return EmissionScorer(emission, backend).score(frames);
}

const Categorical kDice = {
    2, 3, {std::log(0.5F), std::log(0.5F), -kInfinity, 0, -kInfinity, -kInfinity}};

TEST(Emission, CategoricalLooksSymbolsUp) {
  const Matrix log_b = score(kDice, column({0, 2, 1}));
  EXPECT_FLOAT_EQ(log_b(0, 0), std::log(0.5F));
  EXPECT_EQ(log_b(0, 1), 0);
  EXPECT_EQ(log_b(1, 0), -kInfinity);
  EXPECT_EQ(log_b(2, 1), -kInfinity);
}

TEST(Emission, SymbolsThatDoNotExistAreNamed) {
  for (const float wrong : {3.0F, -1.0F, 0.5F, kInfinity, std::nanf("")}) {
    EXPECT_THAT(message_of([&] {
                  score(kDice, column({0, wrong}));
                }),
                HasSubstr("value 0 of frame 1"));
  }
}

TEST(Emission, ExternalScoresAndPriors) {
  Matrix frames(1, 2);
  frames(0, 0) = 0.75F;
  const ExternalScores posterior{2, ExternalScores::Kind::kPosterior, {0.5F, 0.5F}, 2};
  const Matrix log_b = score(posterior, frames);
  EXPECT_NEAR(log_b(0, 0), 2 * std::log(0.75 / 0.5), 1e-6);
  EXPECT_EQ(log_b(0, 1), -kInfinity) << "a posterior of 0 is impossible, not 18 nats";

  frames(0, 0) = -3;
  frames(0, 1) = -kInfinity;
  const Matrix same = score(ExternalScores{2, ExternalScores::Kind::kLogLikelihood, {}, 1}, frames);
  EXPECT_EQ(same(0, 0), -3);
  EXPECT_EQ(same(0, 1), -kInfinity);
  const Matrix divided =
      score(ExternalScores{2, ExternalScores::Kind::kLogPosterior, {0.2F, 0.8F}, 1}, frames);
  EXPECT_NEAR(divided(0, 0), -3 - std::log(0.2), 1e-6);
}

TEST(Emission, WrongExternalScoresAreNamed) {
  const ExternalScores posterior{2, ExternalScores::Kind::kPosterior, {}, 1};
  Matrix frames(2, 2, 0.5F);
  frames(1, 1) = 1.5F;
  EXPECT_THAT(message_of([&] { score(posterior, frames); }), HasSubstr("value 1 of frame 1"));
  frames(1, 1) = NAN;
  EXPECT_THAT(message_of([&] { score(posterior, frames); }), HasSubstr("value 1 of frame 1"));
  const ExternalScores logs{2, ExternalScores::Kind::kLogLikelihood, {}, 1};
  frames(1, 1) = kInfinity;
  EXPECT_THAT(message_of([&] { score(logs, frames); }), HasSubstr("finite or -inf"));
  EXPECT_THAT(message_of([&] { score(logs, column({1})); }),
              HasSubstr("1 values; the model takes 2"));

  ExternalScores wrong{2, ExternalScores::Kind::kPosterior, {1, 0}, 1};
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("prior of state 1"));
  wrong.priors = {0.5F, 0.4F};
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("sum to 0.9"));
  wrong.kind = ExternalScores::Kind::kLogLikelihood;
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("take none"));
  wrong = {2, ExternalScores::Kind::kPosterior, {}, 0};
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("scale"));
}

TEST(Emission, WrongCategoricalsAreNamed) {
  Categorical wrong = kDice;
  wrong.log_probabilities[3] = std::log(0.5F);
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("state 1 sum to 0.5"));
  wrong.log_probabilities[3] = NAN;
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("state 1"));
  wrong.symbols = 4;
  EXPECT_THAT(message_of([&] { wrong.validate(); }), HasSubstr("[states x symbols]"));
}

TEST(Emission, BackendScoresWhatItKnows) {
  const auto spherical = spherical_mixtures(2, 1, 2, {0, 0, 1, 1}, std::vector{1.0F, 4.0F}, {0, 0});
  EXPECT_EQ(kind_of(spherical), "spherical");
  // A view with padding between its rows: backends take none.
  const std::vector<float> padded = {1, 1, 99, 0, 0, 99};
  const Matrix log_b = score(spherical, MatrixView(padded.data(), 2, 2, 3));
  EXPECT_NEAR(log_b(0, 1), -std::log(2 * M_PI) - std::log(4), 1e-5);
  EXPECT_NEAR(log_b(1, 0), -std::log(2 * M_PI), 1e-5);
  EXPECT_NEAR(log_b(1, 1), -std::log(2 * M_PI) - std::log(4) - 0.25, 1e-5);
  compute::Backend& backend = compute::cpu_backend();
  EXPECT_NE(EmissionScorer(spherical, backend).loaded(), nullptr);
  EXPECT_EQ(EmissionScorer(kDice, backend).loaded(), nullptr);
}

TEST(Emission, FullRefusesFramesThatAreNoNumbers) {
  const FullMixtures full{1, 1, 1, false, {0}, {1}, {0}};
  EXPECT_THAT(message_of([&] { score(full, column({0, NAN})); }), HasSubstr("frame 1"));
  EXPECT_THAT(message_of([&] { score(full, column({-kInfinity})); }), HasSubstr("frame 0"));
  EXPECT_EQ(score(full, Matrix(0, 1)).rows(), 0u);
}

TEST(Emission, KindsAndSizes) {
  const Emission full = FullMixtures{1, 1, 2, true, {0, 0}, {1, 0, 0, 1}, {0}};
  EXPECT_EQ(kind_of(full), "tied");
  EXPECT_EQ(dimension_of(full), 2);
  EXPECT_EQ(kind_of(kDice), "categorical");
  EXPECT_EQ(states_of(kDice), 2);
  EXPECT_EQ(dimension_of(ExternalScores{7, {}, {}, 1}), 7);
}

/// Draws many frames of one state and compares their mean and covariance with what is expected.
void expect_moments(const Emission& emission, int state, const std::vector<double>& mean,
                    const std::vector<double>& covariance) {
  const EmissionSampler sampler(emission);
  Random random(4);
  constexpr int kDraws = 40000;
  const std::size_t d = mean.size();
  std::vector<float> frame(d);
  std::vector<double> sum(d), squares(d * d);
  for (int i = 0; i < kDraws; ++i) {
    sampler.draw(state, random, frame);
    for (std::size_t a = 0; a < d; ++a) {
      sum[a] += frame[a] / kDraws;
      for (std::size_t b = 0; b < d; ++b) {
        squares[a * d + b] += (frame[a] - mean[a]) * (frame[b] - mean[b]) / kDraws;
      }
    }
  }
  for (std::size_t a = 0; a < d; ++a) EXPECT_NEAR(sum[a], mean[a], 0.05);
  for (std::size_t i = 0; i < d * d; ++i) EXPECT_NEAR(squares[i], covariance[i], 0.08);
}

TEST(EmissionSampler, FollowsEveryDensity) {
  expect_moments(
      compute::GaussianMixtures{
          2, 2, 1, {9, 9, 1, -1}, {1, 1, 1, 1}, {0, 0, std::log(0.5F), std::log(0.5F)}},
      1, {0}, {2});
  expect_moments(FullMixtures{1, 1, 2, false, {1, 2}, {2, 0.9F, 0.9F, 1}, {0}}, 0, {1, 2},
                 {2, 0.9, 0.9, 1});
  compute::TiedMixtures shared;
  shared.codebooks = 1;
  shared.densities = 2;
  shared.stream_dimensions = {1, 1};
  shared.means = {-1, 1, 5, 7};
  shared.variances = {1, 1, 1, 1};
  shared.weights = {0.5F, 0.5F, 0, 1};
  shared.codebook_of = {0};
  expect_moments(shared, 0, {0, 7}, {2, 0, 0, 1});
  expect_moments(kDice, 0, {0.5}, {0.25});
}

TEST(EmissionSampler, ExternalScoresCannotBeSampled) {
  EXPECT_THROW(EmissionSampler(ExternalScores{2, {}, {}, 1}), SettingsError);
}

}  // namespace
}  // namespace hmm
