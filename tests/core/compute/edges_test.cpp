// Brute force on tiny models, the edges of each operation, and arguments that do not fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/compute/cpu/cpu_backend.h"
#include "core/compute/reference/reference_backend.h"
#include "tests/core/compute/cases.h"

namespace hmm::compute::testing {
namespace {

using ::testing::HasSubstr;

class EveryBackend : public ::testing::TestWithParam<Backend*> {
 protected:
  Backend& backend_ = *GetParam();
};

TEST_P(EveryBackend, AgreesWithEnumerationOfAllPaths) {
  for (const Chain chain : {Chain::kErgodic, Chain::kSkip, Chain::kSparse}) {
    const Case c{.name = "",
                 .operation = Operation::kForwardBackward,
                 .lengths = {5},
                 .states = 4,
                 .chain = chain,
                 .impossible = 0.1F};
    const Problem problem = make_problem(c);
    double total = kLogZero<double>;
    double best = kLogZero<double>;
    std::vector<double> of_state(5 * 4, kLogZero<double>);
    for (int code = 0; code < 4 * 4 * 4 * 4 * 4; ++code) {
      const std::vector<int32_t> path = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3,
                                         code >> 8};
      const double score = score_of_path(problem.transitions, problem.frames, path);
      total = log_add(total, score);
      best = std::max(best, score);
      for (std::size_t t = 0; t < 5; ++t) {
        double& sum = of_state[t * 4 + static_cast<std::size_t>(path[t])];
        sum = log_add(sum, score);
      }
    }
    const Result sums = Runner(backend_, c, problem).run();
    Case viterbi = c;
    viterbi.operation = Operation::kViterbi;
    const Result path = Runner(backend_, viterbi, problem).run();
    EXPECT_NEAR(sums.log_likelihood[0], total, 1e-5 * std::abs(total));
    EXPECT_NEAR(path.log_likelihood[0], best, 1e-6 * std::abs(best));
    for (std::size_t i = 0; i < of_state.size(); ++i) {
      EXPECT_NEAR(sums.values.data()[i], std::exp(of_state[i] - total), 1e-5);
    }
  }
}

TEST_P(EveryBackend, AgreesWithEnumerationOfAllSegments) {
  for (const bool unfinished : {false, true}) {
    const Case c{.name = "",
                 .operation = Operation::kHsmmForwardBackward,
                 .lengths = {6},
                 .states = 3,
                 .impossible = 0.1F,
                 .longest = 4,
                 .shortest = 2,
                 .unfinished = unfinished};
    const Problem problem = make_problem(c);
    double total = kLogZero<double>;
    double best = kLogZero<double>;
    std::vector<double> of_state(6 * 3, kLogZero<double>);
    std::vector<double> of_start(6 * 3, kLogZero<double>);
    for (int code = 0; code < 729; ++code) {
      std::vector<int32_t> path;
      for (int rest = code, t = 0; t < 6; ++t, rest /= 3) path.push_back(rest % 3);
      const double score =
          score_of_segments(problem.transitions, problem.durations, problem.frames, path);
      total = log_add(total, score);
      best = std::max(best, score);
      for (std::size_t t = 0; t < 6; ++t) {
        const auto place = t * 3 + static_cast<std::size_t>(path[t]);
        of_state[place] = log_add(of_state[place], score);
        if (t == 0 || path[t] != path[t - 1]) of_start[place] = log_add(of_start[place], score);
      }
    }
    ASSERT_NE(total, kLogZero<double>);
    const Result sums = Runner(backend_, c, problem).run();
    Case viterbi = c;
    viterbi.operation = Operation::kHsmmViterbi;
    const Result path = Runner(backend_, viterbi, problem).run();
    EXPECT_NEAR(sums.log_likelihood[0], total, 1e-9 * std::abs(total));
    EXPECT_NEAR(path.log_likelihood[0], best, 1e-9 * std::abs(best));
    double segments = 0;
    for (std::size_t i = 0; i < of_state.size(); ++i) {
      EXPECT_NEAR(sums.values.data()[i], std::exp(of_state[i] - total), 1e-6);
      EXPECT_NEAR(sums.starts.data()[i], std::exp(of_start[i] - total), 1e-6);
      segments += std::exp(of_start[i] - total);
    }
    double durations = 0;
    for (const double count : sums.duration_counts) durations += count;
    EXPECT_NEAR(durations, segments, 1e-9);
  }
}

TEST_P(EveryBackend, SegmentsThatDoNotFit) {
  const auto durations = backend_.load(make_durations(2, 4, 1, 1));
  const auto looping = backend_.load(make_transitions(Chain::kErgodic, 2, 1));
  const auto three = backend_.load(make_segment_transitions(Chain::kErgodic, 3, 1));
  const Matrix log_b(3, 3, -1);
  std::vector<double> score(1);
  std::vector<int32_t> path(3);
  const std::vector<int64_t> splits = {0, 3};
  const auto message = [&](const LoadedTransitions& transitions) -> std::string {
    try {
      backend_.hsmm_viterbi(transitions, *durations, splits, {log_b.data(), 3, 3}, path, score);
    } catch (const SettingsError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(message(*looping), HasSubstr("state 0 has durations and may not have a transition"));
  EXPECT_THAT(message(*three), HasSubstr("durations of 2 states and transitions of 3"));
  Durations bad = make_durations(2, 4, 1, 1);
  bad.log_pmf[3] = NAN;
  EXPECT_THROW(backend_.load(bad), SettingsError);
  bad.log_pmf.pop_back();
  EXPECT_THROW(backend_.load(bad), SettingsError);
}

TEST_P(EveryBackend, ImpossibleSequence) {
  const Transitions transitions = make_transitions(Chain::kErgodic, 3, 1);
  const auto loaded = backend_.load(transitions);
  Matrix log_b(4, 3, -1);
  for (float& value : log_b.row(2)) value = kLogZero<float>;
  const std::vector<int64_t> splits = {0, 4};
  std::vector<double> score(1);
  std::vector<double> counts(transitions.arcs.size());
  Matrix posteriors(4, 3, 5);
  std::vector<int32_t> path(4);
  const ConstRows rows{log_b.data(), 4, 3};
  backend_.forward_backward(*loaded, splits, rows,
                            {score, {posteriors.data(), 4, 3, Place::kHost}, counts});
  EXPECT_EQ(score[0], kLogZero<double>);
  EXPECT_EQ(posteriors, Matrix(4, 3, 0));
  EXPECT_EQ(counts, std::vector<double>(counts.size(), 0));
  backend_.viterbi(*loaded, splits, rows, path, score);
  EXPECT_EQ(score[0], kLogZero<double>);
  EXPECT_EQ(path, std::vector<int32_t>(4, -1));
}

TEST_P(EveryBackend, EquallyGoodPathsTakeTheLowestState) {
  Transitions transitions = make_transitions(Chain::kErgodic, 3, 1);
  for (auto& arc : transitions.arcs) arc.log_probability = -1;
  std::vector<int32_t> path(6);
  std::vector<double> score(1);
  const Matrix log_b(6, 3, -2);
  const std::vector<int64_t> splits = {0, 6};
  backend_.viterbi(*backend_.load(transitions), splits, {log_b.data(), 6, 3}, path, score);
  EXPECT_EQ(path, std::vector<int32_t>(6, 0));
}

TEST_P(EveryBackend, StateThatNothingReaches) {
  Transitions transitions;
  transitions.states = 3;
  transitions.log_initial = {0, kLogZero<float>, kLogZero<float>};
  transitions.log_final = {0, 0, 0};
  transitions.arcs = {{0, 0, std::log(0.5F)}, {0, 1, std::log(0.5F)}, {1, 1, 0}, {2, 2, 0}};
  std::vector<double> score(1);
  Matrix posteriors(9, 3);
  const Matrix log_b(9, 3, -2);
  const std::vector<int64_t> splits = {0, 9};
  backend_.forward_backward(*backend_.load(transitions), splits, {log_b.data(), 9, 3},
                            {score, {posteriors.data(), 9, 3, Place::kHost}, {}});
  for (std::size_t t = 0; t < 9; ++t) EXPECT_EQ(posteriors(t, 2), 0);
}

TEST_P(EveryBackend, HundredThousandFrames) {
  const Case c{.name = "",
               .operation = Operation::kForwardBackward,
               .lengths = {100000},
               .states = 3,
               .spread = 10};
  const Problem problem = make_problem(c);
  const Result actual = Runner(backend_, c, problem).run();
  std::vector<double> expected(1);
  reference_backend().forward_backward(*reference_backend().load(problem.transitions),
                                       problem.row_splits, problem.rows(), {expected, {}, {}});
  EXPECT_NEAR(actual.log_likelihood[0], expected[0], 1e-6 * std::abs(expected[0]));
  for (std::size_t t = 0; t < 100000; t += 999) {
    EXPECT_NEAR(actual.values(t, 0) + actual.values(t, 1) + actual.values(t, 2), 1, 1e-5);
  }
}

TEST_P(EveryBackend, FramesThatAreNotFiniteAreNamed) {
  const Case c{.name = "", .lengths = {500}, .states = 2, .dimension = 3};
  Problem problem = make_problem(c);
  problem.frames(413, 2) = NAN;
  const auto emissions = backend_.load(problem.gaussian);
  Matrix log_b(500, 2);
  try {
    backend_.score(*emissions, problem.rows(), {}, {log_b.data(), 500, 2});
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("frame 413 "));
  }
}

TEST_P(EveryBackend, FrameFarFromEveryMixture) {
  const Case c{.name = "", .lengths = {1}, .states = 2, .components = 3, .dimension = 3};
  Problem problem = make_problem(c);
  for (float& value : problem.frames.row(0)) value = 3e38F;
  Matrix log_b(1, 2);
  backend_.score(*backend_.load(problem.gaussian), problem.rows(), {}, {log_b.data(), 1, 2});
  EXPECT_EQ(log_b(0, 0), kLogZero<float>);
}

TEST_P(EveryBackend, ScoresThatAreNotNumbersAreRefused) {
  const auto loaded = backend_.load(make_transitions(Chain::kErgodic, 2, 1));
  Matrix log_b(3, 2, -1);
  log_b(1, 1) = NAN;
  std::vector<double> score(1);
  std::vector<int32_t> path(3);
  const std::vector<int64_t> splits = {0, 3};
  EXPECT_THROW(backend_.viterbi(*loaded, splits, {log_b.data(), 3, 2}, path, score), DataError);
  EXPECT_THROW(backend_.forward_backward(*loaded, splits, {log_b.data(), 3, 2}, {score, {}, {}}),
               DataError);
}

TEST_P(EveryBackend, ShapesThatDoNotFit) {
  const auto loaded = backend_.load(make_transitions(Chain::kErgodic, 2, 1));
  const Matrix log_b(3, 2, -1);
  const ConstRows rows{log_b.data(), 3, 2};
  std::vector<double> score(1);
  std::vector<int32_t> path(3);
  const auto message = [&](auto&& action) -> std::string {
    try {
      action();
    } catch (const SettingsError& error) {
      return error.what();
    }
    return "no error";
  };
  const std::vector<int64_t> too_long = {0, 4};
  const std::vector<int64_t> falling = {0, 2, 1, 3};
  const std::vector<int64_t> right = {0, 3};
  for (const auto& splits : {std::vector<int64_t>{}, too_long, falling}) {
    EXPECT_THAT(message([&] { backend_.viterbi(*loaded, splits, rows, path, score); }),
                HasSubstr("row splits"));
  }
  EXPECT_THAT(message([&] {
                backend_.viterbi(*loaded, right, {log_b.data(), 3, 1}, path, score);
              }),
              HasSubstr("read 2 emission scores where a frame has 1"));
  EXPECT_THAT(
      message([&] { backend_.viterbi(*loaded, right, rows, std::span(path).first(2), score); }),
      HasSubstr("path"));
  EXPECT_THAT(message([&] {
                backend_.forward_backward(*loaded, right, rows,
                                          {{}, {nullptr, 0, 0, Place::kHost}, std::span(score)});
              }),
              HasSubstr("arc counts"));
  GaussianMixtures gaussian{1, 1, 2, {0, 0}, {1, 1}, {0}};
  const auto emissions = backend_.load(gaussian);
  Matrix out(3, 1);
  EXPECT_THAT(message([&] {
                backend_.score(*emissions, {log_b.data(), 2, 3}, {}, {out.data(), 2, 1});
              }),
              HasSubstr("3 dimensions where the model has 2"));
  const std::vector<int32_t> absent = {1};
  EXPECT_THAT(message([&] {
                backend_.score(*emissions, rows, absent, {out.data(), 3, 1});
              }),
              HasSubstr("state 1 does not exist"));
  gaussian.variances[1] = 0;
  EXPECT_THAT(message([&] { backend_.load(gaussian); }), HasSubstr("above 0"));
}

TEST_P(EveryBackend, AllocatedRowsCanBeCopied) {
  const auto rows = backend_.allocate(2, 3);
  const Matrix in(2, 3, 7);
  Matrix out(2, 3);
  backend_.copy({in.data(), 2, 3}, *rows);
  backend_.copy({rows->data, 2, 3, rows->place}, {out.data(), 2, 3});
  EXPECT_EQ(in, out);
  EXPECT_THROW(backend_.copy({in.data(), 2, 3}, {out.data(), 1, 3}), SettingsError);
}

INSTANTIATE_TEST_SUITE_P(Backends, EveryBackend,
                         ::testing::Values(&cpu_backend(), &reference_backend()),
                         [](const auto& info) {
                           return info.param == &reference_backend() ? "reference" : "cpu";
                         });

TEST(CpuBackend, NameTellsTheInstructionSet) {
  EXPECT_THAT(cpu_backend().name(), ::testing::MatchesRegex("cpu \\(.+\\)"));
}

TEST(CpuBackend, ThreadsDoNotChangeTheBits) {
  const Case c{.name = "",
               .operation = Operation::kForwardBackward,
               .lengths = std::vector<int>(11, 40),
               .states = 6};
  const Problem problem = make_problem(c);
  const Result one = Runner(*make_cpu_backend(1), c, problem).run();
  const Result four = Runner(*make_cpu_backend(4), c, problem).run();
  EXPECT_EQ(one.values, four.values);
  EXPECT_EQ(one.log_likelihood, four.log_likelihood);
  EXPECT_EQ(one.arc_counts, four.arc_counts);
  EXPECT_THROW(make_cpu_backend(0), SettingsError);
}

}  // namespace
}  // namespace hmm::compute::testing
