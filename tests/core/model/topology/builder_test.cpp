#include "core/model/topology/builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/base/error.h"

namespace hmm::topology {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Transitions two_states() {
  Builder builder(2);
  builder.initial(0, 1);
  builder.arc(0, 1, 0.4);
  builder.arc(0, 0, 0.6);
  builder.arc(1, 1, 1);
  builder.final(1);
  return builder.build();
}

TEST(TopologyBuilder, SortsMergesAndLeavesOutTheImpossible) {
  Builder builder(3);
  builder.initial(1, 0.25);
  builder.initial(0, 0.25);
  builder.arc(2, 0, 0.5);
  builder.arc(0, 2, 0.2);
  builder.arc(0, 1, 0);
  builder.arc(0, 2, 0.2);
  const Transitions built = builder.build();
  ASSERT_EQ(built.arcs.size(), 2u);
  EXPECT_EQ(built.arcs[0].source, 2);
  EXPECT_EQ(built.arcs[1].target, 2);
  EXPECT_FLOAT_EQ(built.arcs[1].log_probability, 0);
  EXPECT_FLOAT_EQ(built.log_initial[0], std::log(0.5F));
  EXPECT_EQ(built.log_initial[2], -std::numeric_limits<float>::infinity());
  EXPECT_EQ(built.log_final[0], -std::numeric_limits<float>::infinity());
  EXPECT_NO_THROW(built.validate());
}

TEST(TopologyBuilder, RefusesWhatIsNoProbability) {
  Builder builder(2);
  EXPECT_THROW(builder.arc(0, 1, -0.1), SettingsError);
  EXPECT_THROW(builder.arc(0, 1, NAN), SettingsError);
  EXPECT_THROW(builder.arc(0, 2, 0.1), SettingsError);
  EXPECT_THROW(builder.arc(-1, 0, 0.1), SettingsError);
  EXPECT_THROW(builder.initial(0, 2), SettingsError);
  EXPECT_THROW(builder.build(), SettingsError) << "nothing to start in";
  EXPECT_THROW(Builder(0), SettingsError);
  EXPECT_THROW(Builder(2'000'000'000), SettingsError);
}

TEST(TopologyFaults, NoneInARightOne) {
  EXPECT_THAT(faults_of(two_states()), IsEmpty());
  EXPECT_TRUE(is_left_to_right(two_states()));
}

TEST(TopologyFaults, RowsThatDoNotSumToOne) {
  Transitions broken = two_states();
  broken.arcs[0].log_probability = std::log(0.3F);
  EXPECT_THAT(faults_of(broken), Contains(HasSubstr("state 0 sum to 0.7")));
}

TEST(TopologyFaults, EndingMayBeOneOfTheWaysOn) {
  Transitions with_exit = two_states();
  with_exit.arcs.back().log_probability = std::log(0.9F);
  EXPECT_THAT(faults_of(with_exit), Contains(HasSubstr("state 1")));
  with_exit.log_final[1] = std::log(0.1F);
  EXPECT_THAT(faults_of(with_exit), IsEmpty());
}

TEST(TopologyFaults, UnreachableAndEndlessStates) {
  Builder builder(3);
  builder.initial(0, 1);
  builder.final(0);
  builder.arc(0, 0, 0.5);
  builder.arc(0, 1, 0.5);
  builder.arc(1, 1, 1);
  builder.arc(2, 0, 1);
  const Transitions transitions = builder.build();
  const auto faults = faults_of(transitions);
  EXPECT_THAT(faults, Contains("state 2 cannot be reached from any initial state"));
  EXPECT_THAT(faults, Contains("state 1 cannot reach any final state"));
  EXPECT_FALSE(is_left_to_right(transitions));
}

TEST(TopologyFaults, WhatValidateRefusesIsTheOnlyFault) {
  Transitions broken = two_states();
  broken.arcs[0].target = 7;
  EXPECT_EQ(faults_of(broken).size(), 1u);
  broken = two_states();
  broken.log_initial.pop_back();
  EXPECT_EQ(faults_of(broken).size(), 1u);
}

}  // namespace
}  // namespace hmm::topology
