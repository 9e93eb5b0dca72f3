// Every backend against the reference, on the whole table of cases.
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/cpu_backend.h"
#include "core/compute/cpu/vector_math.h"
#include "core/compute/reference/reference_backend.h"
#include "tests/core/compute/cases.h"

namespace hmm::compute::testing {
namespace {

void expect_near(double actual, double expected, double tolerance, const std::string& what) {
  if (expected == kLogZero<double> || actual == kLogZero<double>) {
    EXPECT_EQ(actual, expected) << what;
  } else {
    EXPECT_NEAR(actual, expected, tolerance) << what;
  }
}

void expect_same_scores(const Result& actual, const Result& expected) {
  ASSERT_EQ(actual.values.rows(), expected.values.rows());
  for (std::size_t t = 0; t < expected.values.rows(); ++t) {
    for (std::size_t n = 0; n < expected.values.columns(); ++n) {
      expect_near(actual.values(t, n), expected.values(t, n),
                  5e-4 + 1e-6 * std::abs(expected.values(t, n)),
                  "frame " + std::to_string(t) + " column " + std::to_string(n));
    }
  }
}

void expect_same_sums(const Problem& problem, const Result& actual, const Result& expected) {
  for (std::size_t b = 0; b < problem.sequences(); ++b) {
    expect_near(actual.log_likelihood[b], expected.log_likelihood[b],
                1e-5 * std::abs(expected.log_likelihood[b]), "sequence " + std::to_string(b));
  }
  for (std::size_t t = 0; t < expected.values.rows(); ++t) {
    for (std::size_t n = 0; n < expected.values.columns(); ++n) {
      ASSERT_NEAR(actual.values(t, n), expected.values(t, n), 1e-4)
          << "frame " << t << " state " << n;
    }
  }
  for (std::size_t a = 0; a < expected.arc_counts.size(); ++a) {
    ASSERT_NEAR(actual.arc_counts[a], expected.arc_counts[a], 1e-4 + 1e-4 * expected.arc_counts[a])
        << "arc " << a;
  }
  for (std::size_t i = 0; i < expected.starts.rows() * expected.starts.columns(); ++i) {
    ASSERT_NEAR(actual.starts.data()[i], expected.starts.data()[i], 1e-4) << "start " << i;
  }
  for (std::size_t i = 0; i < expected.duration_counts.size(); ++i) {
    ASSERT_NEAR(actual.duration_counts[i], expected.duration_counts[i], 1e-4) << "duration " << i;
  }
}

void expect_as_good_paths(const Problem& problem, const Result& actual, const Result& expected) {
  for (std::size_t b = 0; b < problem.sequences(); ++b) {
    const auto first = static_cast<std::size_t>(problem.row_splits[b]);
    const auto count = static_cast<std::size_t>(problem.row_splits[b + 1]) - first;
    const MatrixView log_b = problem.frames.view().slice(first, count);
    const auto path = std::span(actual.path).subspan(first, count);
    const double score =
        problem.durations.states > 0
            ? score_of_segments(problem.transitions, problem.durations, log_b, path)
            : score_of_path(problem.transitions, log_b, path);
    const std::string what = "sequence " + std::to_string(b);
    expect_near(score, expected.log_likelihood[b], 1e-4 * static_cast<double>(count), what);
    expect_near(actual.log_likelihood[b], score, 1e-9 * std::abs(score), what);
  }
}

void expect_same_commits(const Result& actual, const Result& expected) {
  ASSERT_EQ(actual.commits.size(), expected.commits.size());
  for (std::size_t b = 0; b < expected.commits.size(); ++b) {
    ASSERT_EQ(actual.commits[b].size(), expected.commits[b].size()) << "stream " << b;
    for (std::size_t i = 0; i < expected.commits[b].size(); ++i) {
      const Commit& a = actual.commits[b][i];
      const Commit& e = expected.commits[b][i];
      const std::string what = "stream " + std::to_string(b) + " commit " + std::to_string(i);
      EXPECT_EQ(a.kind, e.kind) << what;
      EXPECT_EQ(a.first_frame, e.first_frame) << what;
      EXPECT_EQ(a.frames_seen, e.frames_seen) << what;
      EXPECT_EQ(a.states, e.states) << what;
      ASSERT_EQ(a.confidence.size(), a.states.size()) << what;
      ASSERT_EQ(a.log_likelihood.size(), a.states.size()) << what;
      for (std::size_t t = 0; t < e.states.size(); ++t) {
        EXPECT_NEAR(a.confidence[t], e.confidence[t], 1e-4) << what << " place " << t;
        expect_near(a.log_likelihood[t], e.log_likelihood[t], 1e-3, what);
      }
    }
  }
}

struct Setting {
  std::string instruction_set;
  int threads = 1;
};

class CpuBackendCase : public ::testing::TestWithParam<std::tuple<std::size_t, Setting>> {
 protected:
  ~CpuBackendCase() override { cpu::use_instruction_set(""); }
};

TEST_P(CpuBackendCase, AgreesWithTheReference) {
  const auto& [index, setting] = GetParam();
  const Case& c = cases()[index];
  cpu::use_instruction_set(setting.instruction_set);
  const Problem problem = make_problem(c);
  const auto backend = make_cpu_backend(setting.threads);
  const Result actual = Runner(*backend, c, problem).run();
  const Result expected = Runner(reference_backend(), c, problem).run();
  switch (c.operation) {
    case Operation::kScoreGaussian:
    case Operation::kScoreTied:
      expect_same_scores(actual, expected);
      break;
    case Operation::kForwardBackward:
    case Operation::kHsmmForwardBackward:
      expect_same_sums(problem, actual, expected);
      break;
    case Operation::kViterbi:
    case Operation::kHsmmViterbi:
      expect_as_good_paths(problem, actual, expected);
      break;
    case Operation::kStream:
      expect_same_commits(actual, expected);
      break;
  }
}

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const std::string& name : cpu::instruction_sets()) all.push_back({name, 1});
  all.push_back({"", 3});
  return all;
}

std::string name_of(const ::testing::TestParamInfo<CpuBackendCase::ParamType>& info) {
  static const char* const kOperations[] = {"score_gaussian", "score_tied", "forward_backward",
                                            "viterbi",        "stream",     "hsmm_forward_backward",
                                            "hsmm_viterbi"};
  const auto& [index, setting] = info.param;
  const Case& c = cases()[index];
  return std::string(kOperations[static_cast<int>(c.operation)]) + "_" + c.name + "_" +
         (setting.instruction_set.empty() ? "threads" : setting.instruction_set);
}

INSTANTIATE_TEST_SUITE_P(Table, CpuBackendCase,
                         ::testing::Combine(::testing::Range<std::size_t>(0, cases().size()),
                                            ::testing::ValuesIn(settings())),
                         name_of);

}  // namespace
}  // namespace hmm::compute::testing
