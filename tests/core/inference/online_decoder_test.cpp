#include "core/inference/online_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm {
namespace {

/// Three units of two states in a loop: A (states 0, 1), B (2, 3) and silence (4, 5), any unit
/// after any, itself included.
DecodingGraph three_units() {
  DecodingGraph graph;
  graph.labels = {"A", "B", "SIL"};
  graph.filler = {0, 0, 1};
  compute::Transitions& chain = graph.transitions;
  chain.states = 6;
  chain.log_initial.assign(6, kLogZero<float>);
  chain.log_final.assign(6, 0);
  const float half = std::log(0.5F), sixth = std::log(1 / 6.0F);
  for (int target = 0; target < 6; ++target) {
    const bool entry = target % 2 == 0;
    if (entry) chain.log_initial[static_cast<std::size_t>(target)] = std::log(1 / 3.0F);
    for (int source = 0; source < 6; ++source) {
      if (source == target) {
        chain.arcs.push_back({source, target, half});
      } else if (entry ? source % 2 == 1 : source + 1 == target) {
        chain.arcs.push_back({source, target, entry ? sixth : half});
      }
    }
    graph.label_of.push_back(target / 2);
    graph.starts_unit.push_back(entry ? 1 : 0);
  }
  return graph;
}

std::shared_ptr<const LoadedGraph> loaded() {
  return std::make_shared<const LoadedGraph>(compute::cpu_backend(), three_units(), nullptr);
}

/// Scores [T x 6] that follow a path with noise, the same for the same seed.
Matrix noisy_scores(std::size_t frames, unsigned seed, float sharpness = 3) {
  std::mt19937 random(seed);
  std::normal_distribution<float> noise(0, 1);
  Matrix scores(frames, 6);
  for (std::size_t t = 0; t < frames; ++t) {
    const std::size_t state = (t / 4) % 6;
    for (std::size_t n = 0; n < 6; ++n) {
      scores(t, n) = -50 + noise(random) + (n == state ? sharpness : 0);
    }
  }
  return scores;
}

/// Scores that leave no doubt about a path.
Matrix certain_scores(const std::vector<int>& path) {
  Matrix scores(path.size(), 6, -100);
  for (std::size_t t = 0; t < path.size(); ++t) {
    scores(t, static_cast<std::size_t>(path[t])) = 0;
  }
  return scores;
}

std::vector<int32_t> states_of(const std::vector<DecodedRun>& runs) {
  std::vector<int32_t> states;
  for (const DecodedRun& run : runs) {
    EXPECT_EQ(run.first_frame, static_cast<int64_t>(states.size()));
    states.insert(states.end(), static_cast<std::size_t>(run.frames), run.id);
  }
  return states;
}

std::vector<int32_t> offline_path(const LoadedGraph& graph, const Matrix& scores) {
  std::vector<int32_t> path(scores.rows());
  double score = 0;
  const std::vector<int64_t> splits = {0, static_cast<int64_t>(scores.rows())};
  graph.backend.viterbi(*graph.transitions, splits,
                        {scores.data(), scores.rows(), scores.columns()}, path, {&score, 1});
  return path;
}

TEST(OnlineDecoder, UnlimitedLagEqualsOfflineViterbi) {
  const auto graph = loaded();
  OnlineDecoder::Options options;
  options.lag = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Matrix scores = noisy_scores(500, seed, 1);
    OnlineDecoder decoder(graph, options);
    decoder.push(scores);
    decoder.finish();
    EXPECT_EQ(states_of(decoder.take_states()), offline_path(*graph, scores)) << seed;
  }
}

TEST(OnlineDecoder, GroupsStatesIntoUnits) {
  OnlineDecoder decoder(loaded(), {});
  // A A' A A' (twice the same unit), silence, B.
  decoder.push(certain_scores({0, 0, 1, 0, 1, 1, 4, 5, 5, 2, 3}));
  decoder.finish();
  std::vector<std::tuple<int32_t, int64_t, int64_t>> units;
  for (const DecodedRun& unit : decoder.take_units()) {
    units.emplace_back(unit.id, unit.first_frame, unit.frames);
    EXPECT_NEAR(unit.confidence, 1, 1e-5);
  }
  // Silence is given out as it is decided, in pieces.
  using Unit = std::tuple<int32_t, int64_t, int64_t>;
  EXPECT_EQ(units, (std::vector<Unit>{{0, 0, 3}, {0, 3, 3}, {2, 6, 2}, {2, 8, 1}, {1, 9, 2}}));
}

TEST(OnlineDecoder, AnyDivisionOfTheFramesGivesTheSame) {
  const auto graph = loaded();
  const Matrix scores = noisy_scores(400, 7);
  OnlineDecoder::Options options;
  options.lag = 20;
  options.longest_state_run = 3;
  options.oldest_unit = 12;
  std::vector<DecodedRun> expected_states, expected_units;
  for (const std::size_t size : {std::size_t{400}, std::size_t{1}, std::size_t{3}}) {
    OnlineDecoder decoder(graph, options);
    for (std::size_t t = 0; t < 400; t += size) {
      decoder.push(scores.view().slice(t, std::min(size, 400 - t)));
    }
    decoder.finish();
    const auto states = decoder.take_states(), units = decoder.take_units();
    if (expected_states.empty()) {
      expected_states = states;
      expected_units = units;
    }
    EXPECT_EQ(states, expected_states);
    EXPECT_EQ(units, expected_units);
  }
}

TEST(OnlineDecoder, LimitsHowLongARunIsHeldBack) {
  OnlineDecoder::Options options;
  options.longest_state_run = 8;
  options.oldest_unit = 15;
  OnlineDecoder decoder(loaded(), options);
  std::vector<int> held(60, 0);
  int64_t given_out = 0;
  for (std::size_t t = 0; t < held.size(); ++t) {
    decoder.push(certain_scores({held[t]}));
    for (const DecodedRun& run : decoder.take_states()) EXPECT_LE(run.frames, 8);
    for (const DecodedRun& unit : decoder.take_units()) {
      EXPECT_EQ(unit.first_frame, given_out);
      EXPECT_EQ(unit.continues, given_out > 0);
      given_out += unit.frames;
    }
    // A decision comes every 5 frames, and what it leaves open is less than 5 frames more.
    EXPECT_LE(static_cast<int64_t>(t) + 1 - given_out, 15 + 5);
  }
  EXPECT_GT(given_out, 0);
}

TEST(OnlineDecoder, ForcedDecisionsAreMarked) {
  // Both paths fit equally well until the very end.
  Matrix scores(100, 6, -100);
  for (std::size_t t = 0; t < 100; ++t) scores(t, 0) = scores(t, 2) = -1;
  scores(99, 2) = 0;
  OnlineDecoder::Options options;
  options.lag = 10;
  OnlineDecoder decoder(loaded(), options);
  decoder.push(scores);
  decoder.finish();
  const auto runs = decoder.take_states();
  ASSERT_FALSE(runs.empty());
  EXPECT_EQ(runs.front().commit, compute::Commit::Kind::kForced);
  EXPECT_NEAR(runs.front().confidence, 0.5, 0.05);
}

TEST(OnlineDecoder, NormalizesTheStaticPart) {
  // Scores that are all too high by the initial mean give what the right scores give.
  const auto graph = loaded();
  const Matrix scores = noisy_scores(300, 3);
  OnlineDecoder::Options options;
  options.front_end = preset("sphinx");
  options.front_end.coefficients = 6;
  options.front_end.deltas = DeltaKind::none;
  OnlineDecoder plain(graph, options);
  plain.push(scores);
  plain.finish();

  options.front_end.normalization = NormalizationKind::live;
  options.front_end.initial_mean.assign(6, 1);
  Matrix shifted = scores;
  for (std::size_t t = 0; t < shifted.rows(); ++t) {
    for (float& value : shifted.row(t)) value += 1;
  }
  OnlineDecoder normalizing(graph, options);
  normalizing.push(shifted);
  normalizing.finish();
  EXPECT_EQ(states_of(normalizing.take_states()), states_of(plain.take_states()));
}

TEST(OnlineDecoder, BatchNormalizationIsRefused) {
  OnlineDecoder::Options options;
  options.front_end.normalization = NormalizationKind::batch;
  EXPECT_THROW(OnlineDecoder(loaded(), options), SettingsError);
}

TEST(OnlineDecoder, NothingInNothingOut) {
  OnlineDecoder decoder(loaded(), {});
  decoder.push(Matrix(0, 6));
  decoder.finish();
  EXPECT_TRUE(decoder.take_states().empty());
  EXPECT_TRUE(decoder.take_units().empty());
}

TEST(OnlineDecoder, ABadFrameIsAnErrorAndResetGoesOn) {
  const auto graph = loaded();
  const Matrix scores = noisy_scores(50, 1);
  Matrix bad = scores;
  bad(20, 3) = std::numeric_limits<float>::quiet_NaN();
  OnlineDecoder decoder(graph, {});
  EXPECT_THROW(decoder.push(bad), DataError);
  decoder.reset();
  decoder.push(scores);
  decoder.finish();
  OnlineDecoder fresh(graph, {});
  fresh.push(scores);
  fresh.finish();
  EXPECT_EQ(decoder.take_states(), fresh.take_states());
}

TEST(OnlineDecoder, FramesOfAnotherWidthAreRefused) {
  OnlineDecoder decoder(loaded(), {});
  EXPECT_THROW(decoder.push(Matrix(3, 5)), DataError);
}

TEST(LoadedGraph, LabelsMustFitTheStates) {
  DecodingGraph graph = three_units();
  graph.label_of[2] = 3;
  EXPECT_THROW(LoadedGraph(compute::cpu_backend(), graph, nullptr), SettingsError);
  graph = three_units();
  graph.starts_unit.pop_back();
  EXPECT_THROW(LoadedGraph(compute::cpu_backend(), graph, nullptr), SettingsError);
}

}  // namespace
}  // namespace hmm
