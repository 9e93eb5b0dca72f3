#include "core/inference/self_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>

#include "core/model/duration.h"
#include "core/model/emission.h"
#include "core/model/topology/builder.h"

namespace hmm {
namespace {

/// Numbers that a check computed and those that it should have.
struct Comparison {
  std::vector<double> actual;
  std::vector<double> expected;
  double tolerance = 1e-4;
};

CheckResult run(const std::string& operation, const std::function<Comparison()>& check) {
  CheckResult result{operation, false, ""};
  try {
    const Comparison comparison = check();
    result.passed = comparison.actual.size() == comparison.expected.size();
    double worst = 0;
    for (std::size_t i = 0; result.passed && i < comparison.actual.size(); ++i) {
      const double error = std::abs(comparison.actual[i] - comparison.expected[i]);
      if (!(error <= comparison.tolerance)) result.passed = false;
      worst = std::max(worst, error);
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "largest error %.1e of at most %.0e", worst,
                  comparison.tolerance);
    result.detail = text.data();
  } catch (const std::exception& error) {
    result.detail = error.what();
  }
  return result;
}

/// Two states that pass into each other.
compute::Transitions two_states(double initial, double stay_first, double stay_second) {
  topology::Builder builder(2);
  builder.initial(0, initial);
  builder.initial(1, 1 - initial);
  builder.arc(0, 0, stay_first);
  builder.arc(0, 1, 1 - stay_first);
  builder.arc(1, 1, stay_second);
  builder.arc(1, 0, 1 - stay_second);
  builder.final(0);
  builder.final(1);
  return builder.build();
}

Matrix logs(std::size_t rows, std::initializer_list<double> probabilities) {
  Matrix matrix(rows, probabilities.size() / rows);
  std::transform(probabilities.begin(), probabilities.end(), matrix.data(),
                 [](double p) { return static_cast<float>(std::log(p)); });
  return matrix;
}

compute::ConstRows rows_of(const Matrix& matrix) {
  return {matrix.data(), matrix.rows(), matrix.columns()};
}

/// The umbrella world (Russell and Norvig, Artificial Intelligence, section 15.2).
Comparison check_forward_backward(compute::Backend& backend) {
  const auto chain = backend.load(two_states(0.5, 0.7, 0.7));
  const Matrix log_b = logs(5, {0.9, 0.2, 0.9, 0.2, 0.1, 0.8, 0.9, 0.2, 0.9, 0.2});
  Matrix posteriors(5, 2);
  double log_likelihood = 0;
  const std::array<int64_t, 2> splits = {0, 5};
  compute::ForwardBackwardOutput output;
  output.log_likelihood = {&log_likelihood, 1};
  output.posteriors = {posteriors.data(), 5, 2};
  backend.forward_backward(*chain, splits, rows_of(log_b), output);
  return {{posteriors(0, 0), posteriors(1, 0), posteriors(2, 0), posteriors(3, 0), posteriors(4, 0),
           log_likelihood},
          {0.867339, 0.820419, 0.307484, 0.820419, 0.867339, -3.372502}};
}

/// The doctor's example of Wikipedia's article "Viterbi algorithm".
Matrix doctor_scores() { return logs(3, {0.5, 0.1, 0.4, 0.3, 0.1, 0.6}); }

Comparison check_viterbi(compute::Backend& backend) {
  const auto chain = backend.load(two_states(0.6, 0.7, 0.6));
  std::array<int32_t, 3> path{};
  double score = 0;
  const std::array<int64_t, 2> splits = {0, 3};
  backend.viterbi(*chain, splits, rows_of(doctor_scores()), path, {&score, 1});
  std::vector<double> actual(path.begin(), path.end());
  actual.push_back(score);
  return {actual, {0, 0, 1, std::log(0.01512)}};
}

Comparison check_stream(compute::Backend& backend) {
  const auto stream = backend.open(backend.load(two_states(0.6, 0.7, 0.6)), nullptr, {});
  const Matrix scores = doctor_scores();
  std::vector<double> path;
  for (std::size_t t = 0; t < scores.rows(); ++t) {
    const compute::StreamInput input = {stream.get(), scores.view().slice(t, 1),
                                        t + 1 == scores.rows()};
    std::vector<compute::Commit> commits;
    backend.advance({&input, 1}, {&commits, 1});
    for (const auto& commit : commits) {
      path.insert(path.end(), commit.states.begin(), commit.states.end());
    }
  }
  return {path, {0, 0, 1}};
}

/// Segments of exactly two frames that alternate: with equal scores either order is as likely.
Comparison check_semi_markov(compute::Backend& backend) {
  topology::Builder builder(2);
  builder.initial(0, 0.5);
  builder.initial(1, 0.5);
  builder.arc(0, 1, 1);
  builder.arc(1, 0, 1);
  builder.final(0);
  builder.final(1);
  const auto chain = backend.load(builder.build());
  const auto durations =
      backend.load(duration_table(std::vector<Duration>(2, {FixedDuration{2}, 1, 3})));
  const std::array<int64_t, 2> splits = {0, 4};
  Matrix posteriors(4, 2);
  double log_likelihood = 0;
  compute::HsmmOutput output;
  output.log_likelihood = {&log_likelihood, 1};
  output.posteriors = {posteriors.data(), 4, 2};
  const Matrix equal = logs(4, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
  backend.hsmm_forward_backward(*chain, *durations, splits, rows_of(equal), output);

  // One frame that prefers state 1 decides all four.
  const Matrix scores = logs(4, {0.5, 0.5, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5});
  std::array<int32_t, 4> path{};
  double score = 0;
  backend.hsmm_viterbi(*chain, *durations, splits, rows_of(scores), path, {&score, 1});
  std::vector<double> actual(path.begin(), path.end());
  actual.insert(actual.end(), {score, log_likelihood, posteriors(2, 0)});
  return {actual, {1, 1, 0, 0, 5 * std::log(0.5), 4 * std::log(0.5), 0.5}};
}

Comparison score(const Emission& emission, compute::Backend& backend, float x, float y,
                 double expected) {
  Matrix frame(1, 2);
  frame(0, 0) = x;
  frame(0, 1) = y;
  return {{EmissionScorer(emission, backend).score(frame)(0, 0)}, {expected}};
}

Comparison check_diagonal(compute::Backend& backend) {
  const float half = std::log(0.5F);
  const compute::GaussianMixtures mixtures{1, 2, 2, {0, 0, 2, 0}, {1, 4, 1, 4}, {half, half}};
  // Half way between two equal components: the density of either.
  return score(mixtures, backend, 1, 2, -std::log(4 * std::numbers::pi) - 1);
}

Comparison check_shared(compute::Backend& backend) {
  compute::TiedMixtures mixtures;
  mixtures.codebooks = 1;
  mixtures.densities = 1;
  mixtures.stream_dimensions = {1, 1};
  mixtures.means = {0, 0};
  mixtures.variances = {1, 4};
  mixtures.weights = {1, 1};
  mixtures.codebook_of = {0};
  return score(mixtures, backend, 1, 2, -std::log(4 * std::numbers::pi) - 1);
}

Comparison check_full(compute::Backend& backend) {
  const FullMixtures mixtures{1, 1, 2, false, {0, 0}, {2, 1, 1, 2}, {0}};
  return score(mixtures, backend, 1, 1, -std::log(2 * std::numbers::pi * std::sqrt(3.0)) - 1.0 / 3);
}

/// A gamma density of shape 1 is exponential: whole frames of it are geometric.
Comparison check_durations() {
  const Duration gamma{GammaDuration{1, 5}, 1, 20};
  const Duration geometric{GeometricDuration{-std::expm1(-0.2)}, 1, 20};
  return {log_probabilities(gamma), log_probabilities(geometric), 1e-9};
}

}  // namespace

std::vector<CheckResult> self_check(compute::Backend& backend) {
  return {run("scores, diagonal mixtures", [&] { return check_diagonal(backend); }),
          run("scores, shared codebooks", [&] { return check_shared(backend); }),
          run("scores, full covariances", [&] { return check_full(backend); }),
          run("forward-backward", [&] { return check_forward_backward(backend); }),
          run("Viterbi", [&] { return check_viterbi(backend); }),
          run("online Viterbi", [&] { return check_stream(backend); }),
          run("semi-Markov sums and paths", [&] { return check_semi_markov(backend); }),
          run("durations", check_durations)};
}

}  // namespace hmm
