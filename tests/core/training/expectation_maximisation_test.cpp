#include "core/training/expectation_maximisation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "core/base/error.h"
#include "core/model/factories.h"
#include "core/model/topology/chains.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

std::vector<double> numbers(std::istream& stream) {
  std::string line;
  std::getline(stream, line);
  std::istringstream words(line);
  std::vector<double> values;
  for (double value; words >> value;) values.push_back(value);
  return values;
}

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

std::vector<float> logs(const std::vector<double>& values) {
  std::vector<float> result;
  for (const double v : values) result.push_back(static_cast<float>(std::log(v)));
  return result;
}

void expect_near(const std::vector<float>& actual, const std::vector<double>& expected,
                 const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i], 2e-4 * std::max(1.0, std::abs(expected[i])))
        << what << " " << i;
  }
}

/// Repeats each value `times` times.
std::vector<double> repeated(const std::vector<double>& values, std::size_t times) {
  std::vector<double> result;
  for (const double v : values) result.insert(result.end(), times, v);
  return result;
}

TEST(Training, StepsAgreeWithHmmlearn) {
  std::ifstream golden(testing::source_file("tests/data/training/em.txt"));
  int cases = 0;
  for (std::string line; std::getline(golden, line); ++cases) {
    std::istringstream head(line);
    std::string kind;
    std::size_t n = 0, d = 0, t = 0;
    int sequences = 0, steps = 0;
    head >> kind >> n >> d >> t >> sequences >> steps;
    std::vector<int64_t> row_splits = {0};
    for (const double length : numbers(golden)) {
      row_splits.push_back(row_splits.back() + static_cast<int64_t>(length));
    }
    const auto values = numbers(golden);
    Matrix frames(t, values.size() / t);
    std::copy(values.begin(), values.end(), frames.data());
    const auto initial = numbers(golden);
    const auto transitions = numbers(golden);
    const auto means = numbers(golden);
    const auto covariances = numbers(golden);

    Hmm model;
    topology::Builder builder(static_cast<int>(n));
    for (std::size_t i = 0; i < n; ++i) {
      builder.initial(static_cast<int>(i), initial[i]);
      builder.final(static_cast<int>(i));
      for (std::size_t j = 0; j < n; ++j) {
        builder.arc(static_cast<int>(i), static_cast<int>(j), transitions[i * n + j]);
      }
    }
    model.graph = state_graph(builder.build());
    const int states = static_cast<int>(n), dimension = static_cast<int>(d);
    TrainingOptions options{.iterations = steps, .tolerance = 0, .variance_floor = 0};
    if (kind == "categorical") {
      model.emission = Categorical{states, dimension, logs(covariances)};
    } else if (kind == "diag" || kind == "spherical") {
      options.spherical = kind == "spherical";
      model.emission = compute::GaussianMixtures{
          states,
          1,
          dimension,
          floats(means),
          floats(options.spherical ? repeated(covariances, d) : covariances),
          std::vector<float>(n, 0)};
    } else {
      model.emission = FullMixtures{states,
                                    1,
                                    dimension,
                                    kind == "tied",
                                    floats(means),
                                    floats(covariances),
                                    std::vector<float>(n, 0)};
    }
    const TrainingReport report = train(model, frames, row_splits, compute::cpu_backend(), options);

    const auto history = numbers(golden);
    for (std::size_t i = 0; i < history.size(); ++i) {
      EXPECT_NEAR(report.log_likelihood[i], history[i], 1e-5 * std::abs(history[i]))
          << kind << " step " << i;
    }
    const auto new_transitions = numbers(golden);
    std::vector<float> learned(n * n);
    for (const auto& arc : model.graph.transitions.arcs) {
      learned[static_cast<std::size_t>(arc.source) * n + static_cast<std::size_t>(arc.target)] =
          std::exp(arc.log_probability);
    }
    expect_near(learned, new_transitions, kind + " transitions");
    const auto new_means = numbers(golden);
    const auto new_covariances = numbers(golden);
    if (const auto* m = std::get_if<compute::GaussianMixtures>(&model.emission)) {
      expect_near(m->means, new_means, kind + " means");
      expect_near(m->variances, options.spherical ? repeated(new_covariances, d) : new_covariances,
                  kind + " variances");
    } else if (const auto* f = std::get_if<FullMixtures>(&model.emission)) {
      expect_near(f->means, new_means, kind + " means");
      expect_near(f->covariances, new_covariances, kind + " covariances");
    } else {
      expect_near(
          std::get<Categorical>(model.emission).log_probabilities,
          [&] {
            std::vector<double> l;
            for (const double p : new_covariances) l.push_back(std::log(p));
            return l;
          }(),
          kind);
    }
  }
  EXPECT_EQ(cases, 5);
}

TEST(Training, RecoversTheModelThatMadeTheFrames) {
  Hmm truth;
  truth.graph = state_graph(topology::ergodic(2, 0.9));
  truth.emission = compute::GaussianMixtures{
      2, 2, 1, {-6, -2, 2, 6}, {1, 1, 1, 1}, {-0.693147F, -0.693147F, -0.693147F, -0.693147F}};
  Random random(1);
  const Sample drawn = sample(truth, 4000, random);
  Hmm model = truth;
  model.emission = compute::GaussianMixtures{
      2, 2, 1, {-5, -1, 1, 5}, {4, 4, 4, 4}, {-0.1F, -2.352168F, -2.352168F, -0.1F}};
  const std::vector<int64_t> splits = {0, 1000, 1000, 4000};  // one sequence is empty
  const TrainingReport report = train(model, drawn.frames, splits, compute::cpu_backend(),
                                      {.iterations = 60, .tolerance = 1e-6});
  for (std::size_t i = 1; i < report.log_likelihood.size(); ++i) {
    EXPECT_GE(report.log_likelihood[i], report.log_likelihood[i - 1] - 0.05);
  }
  const auto& m = std::get<compute::GaussianMixtures>(model.emission);
  for (const std::size_t i : {0U, 1U, 2U, 3U}) {
    EXPECT_NEAR(m.means[i], -6 + 4 * static_cast<double>(i), 0.25);
    EXPECT_NEAR(m.variances[i], 1, 0.25);
  }
}

TEST(Training, TheImpossibleStaysImpossibleAndTheUnseenStays) {
  Hmm model;
  model.graph = state_graph(topology::left_to_right(3));
  model.graph.transitions.log_final.assign(3, 0);
  model.emission = compute::GaussianMixtures{3, 1, 1, {0, 5, 1000}, {1, 1, 1}, {0, 0, 0}};
  Matrix frames(20, 1);
  for (std::size_t t = 10; t < 20; ++t) frames(t, 0) = 5;
  train(model, frames, std::vector<int64_t>{0, 20}, compute::cpu_backend());
  EXPECT_TRUE(topology::is_left_to_right(model.graph.transitions));
  const auto& m = std::get<compute::GaussianMixtures>(model.emission);
  EXPECT_EQ(m.means[2], 1000) << "never visited";
  EXPECT_NEAR(m.means[1], 5, 1e-4);
  EXPECT_NEAR(m.variances[0], 0.01 * 6.25, 1e-4) << "equal frames: the floor";
  EXPECT_NO_THROW(model.validate());
}

std::string message_of(Hmm model, MatrixView frames, const std::vector<int64_t>& splits,
                       const TrainingOptions& options = {}) {
  try {
    train(model, frames, splits, compute::cpu_backend(), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Training, WhatCannotBeTrainedIsNamed) {
  const Hmm model = realtime_model(2, {.dimension = 1});
  Matrix frames(4, 1, 0.5F);
  frames(2, 0) = 1;
  EXPECT_EQ(message_of(model, frames, {0, 4}), "no error");
  EXPECT_THAT(message_of(model, frames, {0, 3}), HasSubstr("row splits"));
  EXPECT_THAT(message_of(model, frames, {0, 3, 2, 4}), HasSubstr("row splits"));
  EXPECT_THAT(message_of(model, Matrix(0, 1), {0, 0}), HasSubstr("at least one frame"));
  EXPECT_THAT(message_of(model, Matrix(4, 2), {0, 4}), HasSubstr("the model takes 1"));
  EXPECT_THAT(message_of(model, frames, {0, 4}, {.iterations = 0}), HasSubstr("one iteration"));
  EXPECT_THAT(message_of(model, frames, {0, 4}, {.tolerance = NAN}), HasSubstr("tolerance"));
  frames(1, 0) = NAN;
  EXPECT_THAT(message_of(model, frames, {0, 4}), HasSubstr("frame"));

  Hmm impossible;
  impossible.graph = state_graph(topology::left_to_right(3));
  impossible.emission = Categorical{3, 1, {0, 0, 0}};
  EXPECT_THAT(message_of(impossible, Matrix(4, 1), {0, 2, 4}),
              HasSubstr("cannot explain sequence 0"));
}

}  // namespace
}  // namespace hmm
