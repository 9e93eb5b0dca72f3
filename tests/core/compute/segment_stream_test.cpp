// Streams of semi-Markov chains: the same promises as other streams, against whole sequences.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/compute/backend.h"
#include "tests/core/compute/cases.h"

namespace hmm::compute::testing {
namespace {

using ::testing::HasSubstr;

class SegmentStreamTest : public ::testing::Test {
 protected:
  // A random chain and `length` frames for it.
  void make(Chain chain, int states, int longest, bool unfinished, int length) {
    problem_ = make_problem({.name = "",
                             .operation = Operation::kHsmmViterbi,
                             .lengths = {length},
                             .states = states,
                             .chain = chain,
                             .spread = 2,
                             .longest = longest,
                             .shortest = 2,
                             .unfinished = unfinished});
    transitions_ = backend_.load(problem_.transitions);
    durations_ = backend_.load(problem_.durations);
  }

  std::vector<Commit> advance(Stream& stream, std::size_t first, std::size_t count, bool last) {
    std::vector<Commit> commits;
    const StreamInput input{&stream, problem_.frames.view().slice(first, count), last};
    backend_.advance({&input, 1}, {&commits, 1});
    return commits;
  }

  std::vector<Commit> decode(const StreamOptions& options, std::size_t chunk) {
    const auto stream = backend_.open(transitions_, durations_, nullptr, options);
    std::vector<Commit> all;
    for (std::size_t t = 0; t < problem_.frames.rows(); t += chunk) {
      const std::size_t count = std::min(chunk, problem_.frames.rows() - t);
      for (Commit& commit : advance(*stream, t, count, t + count == problem_.frames.rows())) {
        all.push_back(std::move(commit));
      }
    }
    return all;
  }

  static std::vector<int32_t> states_of(const std::vector<Commit>& commits) {
    std::vector<int32_t> states;
    for (const Commit& commit : commits) {
      EXPECT_EQ(commit.first_frame, static_cast<int64_t>(states.size()));
      states.insert(states.end(), commit.states.begin(), commit.states.end());
    }
    return states;
  }

  Backend& backend_ = cpu_backend();
  Problem problem_;
  std::shared_ptr<const LoadedTransitions> transitions_;
  std::shared_ptr<const LoadedDurations> durations_;
};

TEST_F(SegmentStreamTest, UnlimitedLagIsOfflineViterbi) {
  for (const bool unfinished : {false, true}) {
    make(Chain::kErgodic, 6, 9, unfinished, 400);
    std::vector<int32_t> path(400);
    std::vector<double> score(1);
    backend_.hsmm_viterbi(*transitions_, *durations_, problem_.row_splits, problem_.rows(), path,
                          score);
    const auto commits = decode({}, 400);
    EXPECT_GT(commits.size(), 3u);
    EXPECT_EQ(states_of(commits), path);
  }
}

TEST_F(SegmentStreamTest, ChunksDoNotMatter) {
  make(Chain::kSparse, 8, 12, true, 200);
  for (const int lag : {0, 6, 25}) {
    const StreamOptions options{.lag = lag, .posterior_scale = 0.5F};
    const auto whole = decode(options, 200);
    for (const std::size_t chunk : {1, 13}) {
      const auto parts = decode(options, chunk);
      ASSERT_EQ(parts.size(), whole.size());
      for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(parts[i].kind, whole[i].kind);
        EXPECT_EQ(parts[i].frames_seen, whole[i].frames_seen);
        EXPECT_EQ(parts[i].states, whole[i].states);
        EXPECT_EQ(parts[i].confidence, whole[i].confidence);
        EXPECT_EQ(parts[i].log_likelihood, whole[i].log_likelihood);
      }
    }
  }
}

TEST_F(SegmentStreamTest, NoFrameIsOlderThanTheLagAndThePathIsPossible) {
  make(Chain::kErgodic, 7, 15, true, 300);
  const StreamOptions options{.lag = 8, .decision_interval = 4};
  const auto stream = backend_.open(transitions_, durations_, nullptr, options);
  std::vector<Commit> commits;
  for (std::size_t t = 0; t < 300; ++t) {
    for (Commit& commit : advance(*stream, t, 1, t == 299)) commits.push_back(std::move(commit));
    EXPECT_LT(stream->frames_seen() - 1 - stream->frames_committed(), 8);
  }
  EXPECT_TRUE(std::ranges::any_of(commits,
                                  [](const Commit& c) { return c.kind == Commit::Kind::kForced; }));
  EXPECT_NE(score_of_segments(problem_.transitions, problem_.durations, problem_.frames,
                              states_of(commits)),
            kLogZero<double>);
}

TEST_F(SegmentStreamTest, ConfidenceIsThePosteriorOfWhatWasSeen) {
  make(Chain::kErgodic, 5, 8, true, 60);
  const auto commits = decode({.lag = 12}, 60);
  double sum = 0;
  for (const Commit& commit : commits) {
    const std::vector<int64_t> splits = {0, commit.frames_seen};
    const auto seen = static_cast<std::size_t>(commit.frames_seen);
    Matrix posteriors(seen, 5);
    std::vector<double> log_likelihood(1);
    backend_.hsmm_forward_backward(
        *transitions_, *durations_, splits, {problem_.frames.data(), seen, 5},
        {log_likelihood, {posteriors.data(), seen, 5, Place::kHost}, {}, {}, {}});
    for (std::size_t i = 0; i < commit.states.size(); ++i) {
      const auto t = static_cast<std::size_t>(commit.first_frame) + i;
      EXPECT_NEAR(commit.confidence[i], posteriors(t, static_cast<std::size_t>(commit.states[i])),
                  1e-5);
      sum += commit.log_likelihood[i];
    }
    if (commit.frames_seen == 60 && &commit == &commits.back()) {
      EXPECT_NEAR(sum, log_likelihood[0], 1e-5 * std::abs(sum));
    }
  }
}

TEST_F(SegmentStreamTest, LastFrameMustCompleteItsSegment) {
  make(Chain::kLeftToRight, 5, 3, false, 30);
  const auto stream = backend_.open(transitions_, durations_, nullptr, {});
  try {
    advance(*stream, 0, 30, true);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("frame "));
  }
  EXPECT_THROW(advance(*stream, 0, 1, false), DataError);
}

TEST_F(SegmentStreamTest, SegmentsThatDoNotFit) {
  make(Chain::kErgodic, 5, 3, false, 3);
  const auto looping = backend_.load(make_transitions(Chain::kErgodic, 5, 1));
  EXPECT_THROW(backend_.open(looping, durations_, nullptr, {}), SettingsError);
  EXPECT_THROW(backend_.open(transitions_, std::shared_ptr<const LoadedDurations>(), nullptr, {}),
               SettingsError);
}

TEST_F(SegmentStreamTest, ManyFramesWithABoundedLag) {
  make(Chain::kErgodic, 5, 20, true, 5000);
  const auto stream = backend_.open(transitions_, durations_, nullptr, {.lag = 20});
  std::size_t committed = 0;
  for (const Commit& commit : advance(*stream, 0, 5000, true)) committed += commit.states.size();
  EXPECT_EQ(committed, 5000u);
}

}  // namespace
}  // namespace hmm::compute::testing
