#include "core/model/topology/adaptive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/model/topology/chains.h"
#include "tests/core/model/topology/topology_testing.h"

namespace hmm::topology {
namespace {

using testing::dense;
using ::testing::IsEmpty;

TEST(ContextAdaptive, FollowsTheContextAndKeepsWhatIsForbidden) {
  const Transitions base = left_to_right(4, 0.5);
  Matrix weights(base.arcs.size(), 1);
  for (std::size_t a = 0; a < base.arcs.size(); ++a) {
    weights(a, 0) = base.arcs[a].source == base.arcs[a].target ? 1.0F : 0.0F;
  }
  const ContextAdaptive adaptive(base, weights);
  EXPECT_EQ(adaptive.context_dimension(), 1);
  const auto slow = adaptive.transitions(std::vector{2.0F});
  const auto same = adaptive.transitions(std::vector{0.0F});
  EXPECT_THAT(faults_of(slow), IsEmpty());
  EXPECT_TRUE(is_left_to_right(slow));
  EXPECT_NEAR(dense(slow)(1, 1), std::exp(2.0) / (1 + std::exp(2.0)), 1e-6);
  EXPECT_EQ(dense(slow)(3, 3), 1) << "the final state stays";
  for (std::size_t a = 0; a < base.arcs.size(); ++a) {
    EXPECT_NEAR(same.arcs[a].log_probability, base.arcs[a].log_probability, 1e-7);
  }
}

TEST(ContextAdaptive, MassThatEndsIsKept) {
  Builder builder(1);
  builder.initial(0, 1);
  builder.arc(0, 0, 0.8);
  builder.final(0, 0.2);
  const auto result = reweighted(builder.build(false), std::vector{3.0F});
  EXPECT_NEAR(dense(result)(0, 0), 0.8, 1e-6);
  EXPECT_THAT(faults_of(result), IsEmpty());
}

TEST(ContextAdaptive, AnImpossibleArcStaysImpossible) {
  Transitions base = ergodic(2);
  base.arcs[1].log_probability = -INFINITY;
  base.arcs[3].log_probability = 0;
  const auto result = reweighted(base, std::vector{0.0F, 80.0F, 0.0F, 0.0F});
  EXPECT_EQ(result.arcs[1].log_probability, -INFINITY);
  EXPECT_NEAR(result.arcs[3].log_probability, 0, 1e-6);
}

TEST(ContextAdaptive, WrongContextsAreRefused) {
  const Transitions base = left_to_right(3);
  EXPECT_THROW(ContextAdaptive(base, Matrix(2, 1)), SettingsError);
  const ContextAdaptive adaptive(base, Matrix(base.arcs.size(), 2, 1.0F));
  EXPECT_THROW(adaptive.transitions(std::vector{1.0F}), DataError);
  EXPECT_THROW(adaptive.transitions(std::vector{1.0F, NAN}), DataError);
  EXPECT_THROW(adaptive.transitions(std::vector{1.0F, INFINITY}), DataError);
  EXPECT_THROW(reweighted(base, std::vector{1.0F}), SettingsError);
}

TEST(AttentionBased, RowsAreSoftmaxOfScaledDotProducts) {
  Matrix queries(2, 2);
  Matrix keys(2, 2);
  queries(0, 0) = 1;
  queries(1, 1) = -2;
  keys(0, 0) = 3;
  keys(1, 1) = 1;
  const auto p = dense(attention_based(ergodic(2, 0.5), queries, keys));
  const double first = std::exp(3 / std::sqrt(2.0));
  EXPECT_NEAR(p(0, 0), first / (first + 1), 1e-6);
  const double second = std::exp(-2 / std::sqrt(2.0));
  EXPECT_NEAR(p(1, 1), second / (1 + second), 1e-6);
}

TEST(AttentionBased, TheBaseIsAMask) {
  Matrix embedding(5, 3, 0.7F);
  embedding(4, 0) = 9;
  const auto built = attention_based(left_to_right_skip(5), embedding, embedding, 2);
  EXPECT_TRUE(is_left_to_right(built));
  EXPECT_THAT(faults_of(built), IsEmpty());
}

TEST(AttentionBased, WrongShapesAreRefused) {
  const Transitions base = ergodic(3);
  EXPECT_THROW(attention_based(base, Matrix(2, 4), Matrix(3, 4)), SettingsError);
  EXPECT_THROW(attention_based(base, Matrix(3, 4), Matrix(3, 5)), SettingsError);
  EXPECT_THROW(attention_based(base, MatrixView(), MatrixView()), SettingsError);
  EXPECT_THROW(attention_based(base, Matrix(3, 1, NAN), Matrix(3, 1, 1.0F)), DataError);
}

}  // namespace
}  // namespace hmm::topology
