#include "core/model/hmm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/model/state_sequence.h"
#include "core/model/topology/chains.h"
#include "core/model/topology/composed.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Hmm small_hmm() {
  Hmm model;
  model.graph = state_graph(topology::left_to_right(3, 0.75), {"a", "b", "c"});
  model.emission = compute::GaussianMixtures{3, 1, 1, {0, 10, 20}, {1, 1, 1}, {0, 0, 0}};
  return model;
}

Hsmm small_hsmm() {
  Hsmm model;
  model.hmm = small_hmm();
  model.hmm.graph = state_graph(topology::ergodic(3, 0), {"a", "b", "c"});
  model.durations = {
      {GammaDuration{4, 2}, 3, 20}, {FixedDuration{5}, 1, 9}, {PoissonDuration{4}, 2, 9}};
  return model;
}

TEST(Hmm, SamplesFollowTopologyAndEmissions) {
  Random random(1);
  const Sample drawn = sample(small_hmm(), 20000, random);
  ASSERT_EQ(drawn.states.size(), 20000u);
  ASSERT_EQ(drawn.frames.rows(), 20000u);
  EXPECT_EQ(drawn.states.front(), 0);
  EXPECT_EQ(drawn.states.back(), 2) << "left-to-right ends in the final state and stays";
  for (std::size_t t = 0; t < drawn.states.size(); ++t) {
    EXPECT_NEAR(drawn.frames(t, 0), 10.0F * static_cast<float>(drawn.states[t]), 6.0);
    if (t > 0) {
      EXPECT_GE(drawn.states[t], drawn.states[t - 1]);
    }
  }
}

TEST(Hmm, SameSeedSameSample) {
  Random a(5), b(5), c(6);
  const Sample first = sample(small_hsmm(), 300, a);
  const Sample second = sample(small_hsmm(), 300, b);
  EXPECT_EQ(first.states, second.states);
  EXPECT_EQ(first.frames, second.frames);
  EXPECT_NE(sample(small_hsmm(), 300, c).states, first.states);
}

TEST(Hmm, AModelThatEndsGivesFewerFrames) {
  Hmm model = small_hmm();
  model.graph = state_graph(topology::duration_constrained(1, 2, 4), {});
  model.graph.transitions.emission_of.assign(4, 0);
  Random random(2);
  for (int i = 0; i < 50; ++i) {
    const std::size_t frames = sample(model, 100, random).states.size();
    EXPECT_GE(frames, 2u);
    EXPECT_LE(frames, 4u);
  }
  EXPECT_TRUE(sample(model, 0, random).states.empty());
}

TEST(Hsmm, SampledDurationsFollowTheirDensity) {
  const Hsmm model = small_hsmm();
  Random random(3);
  const Sample drawn = sample(model, 60000, random);
  auto segments = segments_of(drawn.states);
  segments.pop_back();  // cut off
  std::vector<double> sum(3), count(3);
  for (const Segment& segment : segments) {
    const auto n = static_cast<std::size_t>(segment.state);
    ASSERT_GE(segment.frames, model.durations[n].shortest);
    ASSERT_LE(segment.frames, model.durations[n].longest);
    sum[n] += static_cast<double>(segment.frames);
    ++count[n];
  }
  for (std::size_t n = 0; n < 3; ++n) {
    EXPECT_NEAR(sum[n] / count[n], expected_duration(model.durations[n]), 0.15);
  }
}

/// The best segmentation's score by enumeration over all paths of the written-out model.
std::vector<int32_t> best_path(const compute::Transitions& transitions, const Matrix& log_b) {
  const auto states = static_cast<std::size_t>(transitions.states);
  BasicMatrix<double> score(log_b.rows(), states, kLogZero<double>);
  BasicMatrix<int32_t> before(log_b.rows(), states);
  const auto emission = [&](std::size_t t, std::size_t n) {
    return log_b(t, static_cast<std::size_t>(transitions.emission_of[n]));
  };
  for (std::size_t n = 0; n < states; ++n)
    score(0, n) = transitions.log_initial[n] + emission(0, n);
  for (std::size_t t = 1; t < log_b.rows(); ++t) {
    for (const auto& arc : transitions.arcs) {
      const auto i = static_cast<std::size_t>(arc.source);
      const auto j = static_cast<std::size_t>(arc.target);
      const double path = score(t - 1, i) + arc.log_probability + emission(t, j);
      if (path > score(t, j)) {
        score(t, j) = path;
        before(t, j) = arc.source;
      }
    }
  }
  std::size_t best = 0;
  for (std::size_t n = 0; n < states; ++n) {
    if (score(log_b.rows() - 1, n) + transitions.log_final[n] >
        score(log_b.rows() - 1, best) + transitions.log_final[best]) {
      best = n;
    }
  }
  std::vector<int32_t> path(log_b.rows());
  for (std::size_t t = log_b.rows(); t-- > 0;) {
    path[t] = transitions.emission_of[best];
    best = static_cast<std::size_t>(before(t, best));
  }
  return path;
}

TEST(Hsmm, ContextDependentDurationsChangeTheDecoding) {
  // The trap: a network computes durations that the decoder never looks at. Frames that say nothing
  // leave the division to the durations alone.
  Hsmm model = small_hsmm();
  topology::Builder segments(3);
  segments.initial(0, 1);
  segments.arc(0, 1, 1);
  segments.arc(1, 2, 1);
  segments.final(2);
  model.hmm.graph = state_graph(segments.build(), {"a", "b", "c"});
  model.durations = {{GaussianDuration{8, 1}, 1, 30},
                     {GaussianDuration{8, 1}, 1, 30},
                     {GaussianDuration{8, 1}, 1, 30}};
  model.context.weights = Matrix(3, 1);
  model.context.weights(0, 0) = 0.4F;
  model.context.weights(2, 0) = -0.4F;
  EXPECT_NO_THROW(model.validate());

  const auto decode = [&](float context) {
    std::vector<std::vector<double>> log_durations;
    for (const Duration& duration : model.durations_in(std::vector{context})) {
      log_durations.push_back(log_probabilities(duration));
    }
    const auto written_out = topology::with_durations(model.hmm.graph.transitions, log_durations);
    return segments_of(best_path(written_out, Matrix(24, 3)));
  };
  const auto neutral = decode(0);
  ASSERT_EQ(neutral.size(), 3u);
  EXPECT_EQ(neutral[0].frames, 8);
  const auto stretched_start = decode(1);
  ASSERT_EQ(stretched_start.size(), 3u);
  EXPECT_EQ(stretched_start[0].frames, 11);
  EXPECT_EQ(stretched_start[2].frames, 5);
}

TEST(Hsmm, WrongContextsAreRefused) {
  Hsmm model = small_hsmm();
  EXPECT_EQ(model.durations_in({}), model.durations);
  EXPECT_THROW(model.durations_in(std::vector{1.0F}), DataError);
  model.context.weights = Matrix(3, 1, 1.0F);
  EXPECT_THROW(model.durations_in(std::vector{NAN}), DataError);
  EXPECT_THROW(model.durations_in(std::vector{1e9F}), DataError);
  model.context.weights = Matrix(2, 1, 1.0F);
  EXPECT_THROW(model.validate(), SettingsError);
}

TEST(Hmm, PartsThatDoNotFitAreNamed) {
  Hmm model = small_hmm();
  EXPECT_NO_THROW(model.validate());
  model.emission = compute::GaussianMixtures{2, 1, 1, {0, 10}, {1, 1}, {0, 0}};
  EXPECT_THAT(message_of([&] { model.validate(); }),
              HasSubstr("reads 3 emissions; the model has 2"));
  model = small_hmm();
  model.graph.transitions.arcs[0].log_probability = -5;
  EXPECT_THAT(message_of([&] { model.validate(); }), HasSubstr("state 0 sum to"));
  EXPECT_THAT(message_of([] { state_graph(topology::ergodic(3), {"one"}); }),
              HasSubstr("not for all 3"));
  Hsmm semi = small_hsmm();
  semi.durations[1] = {FixedDuration{20}, 1, 9};
  EXPECT_THAT(message_of([&] { semi.validate(); }), HasSubstr("state 1: the fixed duration"));
  semi.durations.pop_back();
  EXPECT_THAT(message_of([&] { semi.validate(); }), HasSubstr("for 2 states of 3"));
  semi = small_hsmm();
  semi.hmm.graph = state_graph(topology::ergodic(3, 0.5));
  EXPECT_THAT(message_of([&] { semi.validate(); }), HasSubstr("state 0 follows itself"));
  Random random(1);
  EXPECT_THAT(message_of([&] { sample(small_hmm(), -1, random); }), HasSubstr("-1"));
  EXPECT_THAT(message_of([&] { sample(small_hmm(), 2'000'000'000, random); }),
              HasSubstr("2000000000"));
}

}  // namespace
}  // namespace hmm
