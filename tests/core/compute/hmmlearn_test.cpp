// hmmlearn's numbers (float64): the reference must give the same, the CPU backend nearly.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/log_math.h"
#include "core/compute/backend.h"
#include "core/compute/reference/reference_recursions.h"
#include "tests/core/compute/cases.h"
#include "tests/test_data.h"

namespace hmm::compute::testing {
namespace {

struct Golden {
  std::string name;
  GaussianMixtures mixtures;
  Transitions transitions;
  Matrix frames;
  std::vector<double> log_b;  // [T x N]
  double log_likelihood = 0;
  std::vector<double> posteriors;  // [T x N]
  double path_score = 0;
  std::vector<int32_t> path;
};

Golden read(const nlohmann::json& json) {
  Golden golden;
  golden.name = json["name"];
  GaussianMixtures& m = golden.mixtures;
  m = {json["states"], json["components"], json["dimension"],
       json["means"],  json["variances"],  json["log_weights"]};
  Transitions& transitions = golden.transitions;
  transitions.states = m.states;
  transitions.log_initial = json["log_initial"].get<std::vector<float>>();
  transitions.log_final.assign(static_cast<std::size_t>(m.states), 0);
  const auto log_p = json["log_transitions"].get<std::vector<float>>();
  for (int target = 0; target < m.states; ++target) {
    for (int source = 0; source < m.states; ++source) {
      const auto place = static_cast<std::size_t>(source * m.states + target);
      transitions.arcs.push_back({source, target, log_p[place]});
    }
  }
  const auto frames = json["frames"].get<std::vector<float>>();
  const auto dimension = static_cast<std::size_t>(m.dimension);
  golden.frames = Matrix(frames.size() / dimension, dimension);
  std::copy(frames.begin(), frames.end(), golden.frames.data());
  golden.log_b = json["log_b"].get<std::vector<double>>();
  golden.log_likelihood = json["log_likelihood"];
  golden.posteriors = json["posteriors"].get<std::vector<double>>();
  golden.path_score = json["path_score"];
  golden.path = json["path"].get<std::vector<int32_t>>();
  return golden;
}

std::vector<Golden> goldens() {
  std::ifstream file(hmm::testing::source_file("tests/data/hmmlearn/golden.json"));
  std::vector<Golden> all;
  for (const auto& json : nlohmann::json::parse(file)) all.push_back(read(json));
  return all;
}

TEST(Hmmlearn, ReferenceGivesTheSameNumbers) {
  for (const Golden& golden : goldens()) {
    SCOPED_TRACE(golden.name);
    const auto states = static_cast<std::size_t>(golden.mixtures.states);
    const auto density = reference::density_of(golden.mixtures);
    reference::Matrix log_b(golden.frames.rows(), states);
    for (std::size_t t = 0; t < log_b.rows(); ++t) {
      for (std::size_t n = 0; n < states; ++n) {
        log_b(t, n) = density(static_cast<int>(n), golden.frames.row(t));
        const double expected = golden.log_b[t * states + n];
        EXPECT_NEAR(log_b(t, n), expected, 1e-9 * std::abs(expected));
      }
    }
    const auto log_alpha = reference::forward(golden.transitions, log_b);
    const auto log_beta =
        reference::backward(golden.transitions, log_b, golden.transitions.log_final);
    EXPECT_NEAR(reference::log_likelihood(golden.transitions, log_alpha), golden.log_likelihood,
                1e-9 * std::abs(golden.log_likelihood));
    const auto gamma = reference::posteriors(log_alpha, log_beta);
    for (std::size_t i = 0; i < golden.posteriors.size(); ++i) {
      EXPECT_NEAR(gamma.data()[i], golden.posteriors[i], 1e-9);
    }
    const auto best = reference::viterbi(golden.transitions, log_b, {});
    EXPECT_EQ(best.states, golden.path);
    EXPECT_NEAR(best.score, golden.path_score, 1e-9 * std::abs(golden.path_score));
  }
}

TEST(Hmmlearn, CpuBackendGivesNearlyTheSame) {
  Backend& backend = cpu_backend();
  for (const Golden& golden : goldens()) {
    SCOPED_TRACE(golden.name);
    const auto states = static_cast<std::size_t>(golden.mixtures.states);
    const std::size_t frames = golden.frames.rows();
    Matrix log_b(frames, states);
    backend.score(*backend.load(golden.mixtures),
                  {golden.frames.data(), frames, golden.frames.columns()}, {},
                  {log_b.data(), frames, states});
    for (std::size_t i = 0; i < golden.log_b.size(); ++i) {
      EXPECT_NEAR(log_b.data()[i], golden.log_b[i], 5e-4);
    }
    const auto transitions = backend.load(golden.transitions);
    const std::vector<int64_t> splits = {0, static_cast<int64_t>(frames)};
    std::vector<double> score(1);
    Matrix posteriors(frames, states);
    std::vector<int32_t> path(frames);
    const ConstRows scores{log_b.data(), frames, states};
    backend.forward_backward(*transitions, splits, scores,
                             {score, {posteriors.data(), frames, states, Place::kHost}, {}});
    EXPECT_NEAR(score[0], golden.log_likelihood, 1e-5 * std::abs(golden.log_likelihood));
    for (std::size_t i = 0; i < golden.posteriors.size(); ++i) {
      EXPECT_NEAR(posteriors.data()[i], golden.posteriors[i], 1e-4);
    }
    backend.viterbi(*transitions, splits, scores, path, score);
    EXPECT_EQ(path, golden.path);
  }
}

}  // namespace
}  // namespace hmm::compute::testing
