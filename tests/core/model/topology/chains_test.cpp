#include "core/model/topology/chains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "tests/core/model/topology/topology_testing.h"

namespace hmm::topology {
namespace {

using testing::dense;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Chains, EveryBuilderGivesARightTopology) {
  const std::vector<float> f0(50, 120.0F);
  const std::vector<double> durations = {3, 8.5, 12};
  for (const int states : {1, 2, 3, 12}) {
    for (const Transitions& built :
         {ergodic(states), circular(states), left_to_right(states), left_to_right_skip(states),
          skip_state(states, 5), prosody_aware(f0, states)}) {
      EXPECT_THAT(faults_of(built), IsEmpty()) << states;
      EXPECT_EQ(built.states, states);
    }
  }
  EXPECT_THAT(faults_of(phone_aware(durations, 3)), IsEmpty());
}

TEST(Chains, ForbiddenIsExactlyImpossibleAndTheFinalStateStays) {
  // The trap: 1e-8 added to zeros makes a step back cost 18 nats instead of being impossible.
  for (const Transitions& built : {left_to_right(6), left_to_right_skip(6), skip_state(6, 3),
                                   phone_aware(std::vector{4., 5.})}) {
    EXPECT_TRUE(is_left_to_right(built));
    const auto p = dense(built);
    const std::size_t last = p.rows() - 1;
    for (std::size_t i = 0; i < p.rows(); ++i) {
      for (std::size_t j = 0; j < i; ++j) EXPECT_EQ(p(i, j), 0);
      EXPECT_EQ(built.log_final[i], i == last ? 0 : kLogZero<float>);
      EXPECT_EQ(built.log_initial[i], i == 0 ? 0 : kLogZero<float>);
    }
    EXPECT_EQ(p(last, last), 1);
  }
}

TEST(Chains, ProbabilitiesAsDocumented) {
  const auto skip = dense(skip_state(6, 3, 0.5, 0.3, 0.2));
  EXPECT_NEAR(skip(0, 0), 0.5, 1e-6);
  EXPECT_NEAR(skip(0, 1), 0.3, 1e-6);
  EXPECT_NEAR(skip(0, 2), 0.12, 1e-6);
  EXPECT_NEAR(skip(0, 3), 0.08, 1e-6);
  EXPECT_EQ(skip(0, 4), 0);
  EXPECT_NEAR(skip(4, 4), 0.625, 1e-6);
  const auto even = dense(ergodic(5, 0.6));
  EXPECT_NEAR(even(2, 2), 0.6, 1e-6);
  EXPECT_NEAR(even(2, 4), 0.1, 1e-6);
  const auto circle = dense(circular(3, 0.5));
  EXPECT_NEAR(circle(2, 0), 0.5, 1e-6);
  EXPECT_EQ(circle(1, 0), 0);
}

TEST(Chains, PhoneAwareGivesTheMeanDuration) {
  const auto p = dense(phone_aware(std::vector{6., 15., 9.}, 3));
  // Three states of mean 2 frames, then three of 5.
  EXPECT_NEAR(1 / (1 - p(0, 0)) + 1 / (1 - p(1, 1)) + 1 / (1 - p(2, 2)), 6, 1e-4);
  EXPECT_NEAR(1 / (1 - p(3, 3)), 5, 1e-4);
  EXPECT_EQ(dense(phone_aware(std::vector{1., 2.}))(0, 0), 0) << "one frame: no self-loop";
}

TEST(Chains, ProsodicStretchesFindTheCorners) {
  std::vector<float> f0;
  for (int t = 0; t < 30; ++t) f0.push_back(100 * std::exp(0.01F * static_cast<float>(t)));
  for (int t = 0; t < 50; ++t) f0.push_back(f0[29] * std::exp(-0.02F * static_cast<float>(t + 1)));
  for (int t = 0; t < 20; ++t) f0.push_back(200);
  for (int t = 10; t < 16; ++t) f0[static_cast<std::size_t>(t)] = 0;  // an unvoiced stretch
  const auto lengths = prosodic_stretches(f0, 3);
  ASSERT_EQ(lengths.size(), 3u);
  EXPECT_NEAR(lengths[0], 30, 1);
  EXPECT_NEAR(lengths[1], 50, 1);
  EXPECT_EQ(std::accumulate(lengths.begin(), lengths.end(), 0), 100);
}

TEST(Chains, ProsodicStretchesWithNothingToGoBy) {
  EXPECT_THAT(prosodic_stretches(std::vector<float>(40, 0.0F), 4), ElementsAre(10, 10, 10, 10));
  EXPECT_THAT(prosodic_stretches(std::vector<float>(3, 90.0F), 3), ElementsAre(1, 1, 1));
  const auto lengths = prosodic_stretches(std::vector<float>(100'003, 90.0F), 4);
  EXPECT_EQ(std::accumulate(lengths.begin(), lengths.end(), 0), 100'003);
}

TEST(Chains, WrongSettingsAreNamed) {
  EXPECT_THAT(message_of([] { left_to_right(0); }), HasSubstr("not 0"));
  EXPECT_THAT(message_of([] { left_to_right(3, 1.5); }), HasSubstr("1.5"));
  EXPECT_THAT(message_of([] { left_to_right(3, 1); }), HasSubstr("no state could be left"));
  EXPECT_THAT(message_of([] { ergodic(-4); }), HasSubstr("-4"));
  EXPECT_THAT(message_of([] { ergodic(1'000'000); }), HasSubstr("4096"));
  EXPECT_THAT(message_of([] { ergodic(4, NAN); }), HasSubstr("nan"));
  EXPECT_THAT(message_of([] { skip_state(4, 0); }), HasSubstr("longest jump"));
  EXPECT_THAT(message_of([] { phone_aware({}); }), HasSubstr("needs durations"));
  EXPECT_THAT(message_of([] {
                phone_aware(std::vector{5., 2.}, 3);
              }),
              HasSubstr("phone 1 lasts 2.0"));
  EXPECT_THAT(message_of([] { phone_aware(std::vector<double>{NAN}); }), HasSubstr("phone 0"));
  EXPECT_THAT(message_of([] { prosody_aware(std::vector<float>(3, 100.0F), 4); }),
              HasSubstr("3 frames cannot be divided into 4"));
  EXPECT_THAT(message_of([] {
                prosody_aware(std::vector<float>{100, NAN}, 1);
              }),
              HasSubstr("frame 1"));
  EXPECT_THAT(message_of([] { prosody_aware({}, 1); }), HasSubstr("0 frames"));
}

}  // namespace
}  // namespace hmm::topology
