// Promises of streams that no table of cases can hold: chunks, lags, memory, errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/compute/reference/reference_backend.h"
#include "tests/core/compute/cases.h"

namespace hmm::compute::testing {
namespace {

using ::testing::HasSubstr;

Case stream_case(Chain chain, int states, int length, StreamOptions options) {
  return {.name = "stream",
          .operation = Operation::kStream,
          .lengths = {length},
          .states = states,
          .chain = chain,
          .spread = 4,
          .stream = options};
}

/// All commits of a stream as one sequence of frames.
struct Decided {
  std::vector<int32_t> states;
  std::vector<float> confidence;
  std::vector<float> log_likelihood;
  std::vector<std::pair<int64_t, int>> decisions;  // frames_seen and kind of each commit

  bool operator==(const Decided&) const = default;
};

Decided join(const std::vector<Commit>& commits) {
  Decided all;
  for (const Commit& commit : commits) {
    EXPECT_EQ(commit.first_frame, static_cast<int64_t>(all.states.size()));
    all.states.insert(all.states.end(), commit.states.begin(), commit.states.end());
    all.confidence.insert(all.confidence.end(), commit.confidence.begin(), commit.confidence.end());
    all.log_likelihood.insert(all.log_likelihood.end(), commit.log_likelihood.begin(),
                              commit.log_likelihood.end());
    all.decisions.emplace_back(commit.frames_seen, static_cast<int>(commit.kind));
  }
  return all;
}

class StreamTest : public ::testing::Test {
 protected:
  std::vector<Commit> advance(Stream& stream, MatrixView frames, bool last) {
    std::vector<Commit> commits;
    const StreamInput input{&stream, frames, last};
    backend_.advance({&input, 1}, {&commits, 1});
    return commits;
  }

  Decided decode(const Case& c, const Problem& problem, std::size_t chunk) {
    const auto stream = backend_.open(backend_.load(problem.transitions), nullptr, c.stream);
    std::vector<Commit> all;
    for (std::size_t t = 0; t < problem.frames.rows(); t += chunk) {
      const std::size_t count = std::min(chunk, problem.frames.rows() - t);
      for (Commit& commit : advance(*stream, problem.frames.view().slice(t, count), false)) {
        all.push_back(std::move(commit));
      }
    }
    for (Commit& commit : advance(*stream, {}, true)) all.push_back(std::move(commit));
    return join(all);
  }

  std::string error_of(Stream& stream, MatrixView frames, bool last = false) {
    try {
      advance(stream, frames, last);
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  }

  Backend& backend_ = cpu_backend();
};

TEST_F(StreamTest, ChunksDoNotMatter) {
  for (const int lag : {0, 5, 17}) {
    const Case c = stream_case(Chain::kPhoneLoop, 12, 150, {.lag = lag, .posterior_scale = 0.5F});
    const Problem problem = make_problem(c);
    const Decided whole = decode(c, problem, 150);
    EXPECT_EQ(whole.states.size(), 150u);
    for (const std::size_t chunk : {1, 7, 64}) EXPECT_EQ(decode(c, problem, chunk), whole);
  }
}

TEST_F(StreamTest, ScoredFramesInChunksAndAmongOthers) {
  const Case scores{.name = "",
                    .operation = Operation::kScoreTied,
                    .lengths = {80},
                    .states = 30,
                    .components = 20,
                    .dimension = 6,
                    .codebooks = 4,
                    .feature_streams = 2};
  const Problem problem = make_problem(scores);
  const auto emissions = backend_.load(problem.tied);
  const auto transitions = backend_.load(make_transitions(Chain::kPhoneLoop, 12, 3));
  const StreamOptions options{.lag = 10};
  const auto whole = backend_.open(transitions, emissions, options);
  const Decided expected = join(advance(*whole, problem.frames, true));

  const auto one = backend_.open(transitions, emissions, options);
  const auto other = backend_.open(transitions, emissions, options);
  std::vector<Commit> all;
  for (std::size_t t = 0; t < 80; ++t) {
    std::vector<StreamInput> inputs = {{one.get(), problem.frames.view().slice(t, 1), t == 79},
                                       {other.get(), problem.frames.view().slice(79 - t, 1)}};
    std::vector<std::vector<Commit>> commits(2);
    backend_.advance(inputs, commits);
    for (Commit& commit : commits[0]) all.push_back(std::move(commit));
  }
  EXPECT_EQ(join(all), expected);
  EXPECT_EQ(one->frames_committed(), 80);
}

TEST_F(StreamTest, UnlimitedLagIsOfflineViterbi) {
  for (const Chain chain : {Chain::kErgodic, Chain::kPhoneLoop, Chain::kSparse}) {
    const Case c = stream_case(chain, 21, 700, {});
    const Problem problem = make_problem(c);
    std::vector<int32_t> path(700);
    std::vector<double> score(1);
    backend_.viterbi(*backend_.load(problem.transitions), problem.row_splits, problem.rows(), path,
                     score);
    EXPECT_EQ(decode(c, problem, 9).states, path);
  }
}

TEST_F(StreamTest, NoFrameIsOlderThanTheLag) {
  for (const int interval : {1, 4, 5}) {
    const Case c = stream_case(Chain::kSparse, 40, 400, {.lag = 8, .decision_interval = interval});
    const Problem problem = make_problem(c);
    const auto stream = backend_.open(backend_.load(problem.transitions), nullptr, c.stream);
    bool any_forced = false;
    for (std::size_t t = 0; t < 400; ++t) {
      for (const Commit& commit : advance(*stream, problem.frames.view().slice(t, 1), false)) {
        any_forced |= commit.kind == Commit::Kind::kForced;
      }
      const int64_t newest = stream->frames_seen() - 1;
      EXPECT_LT(newest - stream->frames_committed(), 8);
    }
    EXPECT_TRUE(any_forced);
  }
}

TEST_F(StreamTest, ForcedPathIsPossible) {
  const Case c = stream_case(Chain::kSkip, 60, 90, {.lag = 5});
  Problem problem = make_problem(c);
  problem.transitions.log_final.assign(60, 0);
  const std::vector<int32_t> path = decode(c, problem, 90).states;
  EXPECT_NE(score_of_path(problem.transitions, problem.frames, path), kLogZero<double>);
}

TEST_F(StreamTest, LikelihoodsOfFramesSumToThatOfTheSequence) {
  const Case c = stream_case(Chain::kErgodic, 7, 300, {.lag = 20, .posterior_scale = 0.2F});
  const Problem problem = make_problem(c);
  double sum = 0;
  for (const float value : decode(c, problem, 300).log_likelihood) sum += value;
  std::vector<double> expected(1);
  backend_.forward_backward(*backend_.load(problem.transitions), problem.row_splits, problem.rows(),
                            {expected, {}, {}});
  EXPECT_NEAR(sum, expected[0], 1e-5 * std::abs(expected[0]));
}

TEST_F(StreamTest, BadFrameIsNamedAndEndsTheStream) {
  const Case c = stream_case(Chain::kErgodic, 4, 30, {});
  Problem problem = make_problem(c);
  const auto transitions = backend_.load(problem.transitions);
  for (const float bad : {NAN, INFINITY}) {
    const auto stream = backend_.open(transitions, nullptr, {});
    advance(*stream, problem.frames.view().slice(0, 12), false);
    Matrix frames(3, 4, -1);
    frames(2, 1) = bad;
    EXPECT_THAT(error_of(*stream, frames), HasSubstr("frame 14 "));
    EXPECT_THAT(error_of(*stream, problem.frames), HasSubstr("opened again"));
  }
  const auto again = backend_.open(transitions, nullptr, {});
  EXPECT_EQ(join(advance(*again, problem.frames, true)).states.size(), 30u);
}

TEST_F(StreamTest, FrameWithoutAnyStateIsNamed) {
  const Case c = stream_case(Chain::kErgodic, 4, 30, {});
  const Problem problem = make_problem(c);
  const auto stream = backend_.open(backend_.load(problem.transitions), nullptr, {});
  advance(*stream, problem.frames, false);
  EXPECT_THAT(error_of(*stream, Matrix(1, 4, kLogZero<float>)), HasSubstr("frame 30 "));
}

TEST_F(StreamTest, EndWhereNoStateMayBeTheLast) {
  const auto transitions = make_transitions(Chain::kLeftToRight, 10, 1);
  const auto stream = backend_.open(backend_.load(transitions), nullptr, {});
  EXPECT_THAT(error_of(*stream, Matrix(5, 10, -1), true), HasSubstr("frame 4 "));
}

TEST_F(StreamTest, NothingAfterTheEnd) {
  const auto transitions = make_transitions(Chain::kErgodic, 3, 1);
  const auto stream = backend_.open(backend_.load(transitions), nullptr, {});
  EXPECT_TRUE(advance(*stream, {}, true).empty());
  EXPECT_THAT(error_of(*stream, Matrix(1, 3)), HasSubstr("ended"));
}

TEST_F(StreamTest, WrongDimension) {
  const auto transitions = make_transitions(Chain::kErgodic, 3, 1);
  const auto stream = backend_.open(backend_.load(transitions), nullptr, {});
  EXPECT_THAT(error_of(*stream, Matrix(1, 2)), HasSubstr("2 values where the model reads 3"));
}

TEST_F(StreamTest, ContradictingOptions) {
  const auto transitions = backend_.load(make_transitions(Chain::kErgodic, 3, 1));
  const auto message = [&](const StreamOptions& options) -> std::string {
    try {
      backend_.open(transitions, nullptr, options);
    } catch (const SettingsError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(message({.lag = 4, .decision_interval = 5}), HasSubstr("shorter than the decision"));
  EXPECT_THAT(message({.lag = -1}), HasSubstr("negative"));
  EXPECT_THAT(message({.decision_interval = 0}), HasSubstr("at least 1 frame"));
  EXPECT_THAT(message({.posterior_scale = 0}), HasSubstr("above 0"));
  EXPECT_THAT(message({.posterior_scale = NAN}), HasSubstr("above 0"));
  EXPECT_THAT(message({.label_of = {0, 1}}), HasSubstr("2 states of 3"));
}

TEST_F(StreamTest, OtherBackendsHandlesAreRefused) {
  const auto foreign = reference_backend().load(make_transitions(Chain::kErgodic, 3, 1));
  EXPECT_THROW(backend_.open(foreign, nullptr, {}), SettingsError);
  EXPECT_THROW(backend_.open(nullptr, nullptr, {}), SettingsError);
}

TEST_F(StreamTest, LongSilenceOfDecisionsStaysCheap) {
  // Two chains that never meet: nothing can be committed before the end.
  Transitions apart;
  apart.states = 2;
  apart.log_initial = {std::log(0.5F), std::log(0.5F)};
  apart.log_final = {0, 0};
  apart.arcs = {{0, 0, 0}, {1, 1, 0}};
  const auto stream = backend_.open(backend_.load(apart), nullptr, {});
  const Matrix frames(20000, 2, -1);
  EXPECT_TRUE(advance(*stream, frames, false).empty());
  const auto commits = advance(*stream, {}, true);
  ASSERT_EQ(commits.size(), 1u);
  EXPECT_EQ(commits[0].states, std::vector<int32_t>(20000, 0));  // ties: the lowest state
  EXPECT_NEAR(commits[0].confidence[0], 0.5, 1e-5);
}

}  // namespace
}  // namespace hmm::compute::testing
