#include "core/model/topology/composed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/base/random.h"
#include "core/model/duration.h"
#include "core/model/topology/chains.h"
#include "tests/core/model/topology/topology_testing.h"

namespace hmm::topology {
namespace {

using testing::dense;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::total_probability;

const std::vector<Word> kWords = {{{0, 1}, 0.5}, {{2}, 0.25}, {{1, 0, 1}, 0.25}};

TEST(Hierarchical, WordsOverPhonesOverStates) {
  const Hierarchy built = hierarchical(kWords, 3, {.states_per_phone = 2, .self_loop = 0.6});
  EXPECT_EQ(built.transitions.states, 12);
  EXPECT_THAT(faults_of(built.transitions), IsEmpty());
  EXPECT_THAT(built.word_of, ElementsAre(0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2));
  EXPECT_THAT(built.phone_of, ElementsAre(0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 2, 2));
  EXPECT_THAT(built.transitions.emission_of, ElementsAre(0, 1, 2, 3, 4, 5, 2, 3, 0, 1, 2, 3));
  const auto p = dense(built.transitions);
  EXPECT_NEAR(p(3, 4), 0.4 * 0.25, 1e-6) << "from the end of word 0 to word 1";
  EXPECT_EQ(p(2, 4), 0) << "no word is left in its middle";
  EXPECT_EQ(p(3, 1), 0) << "no word is entered in its middle";
}

TEST(Hierarchical, BigramsAndASingleWord) {
  Matrix bigrams(3, 3);
  bigrams(0, 1) = bigrams(1, 2) = bigrams(2, 0) = 2;
  const auto p = dense(
      hierarchical(kWords, 3, {.states_per_phone = 1, .self_loop = 0.5}, bigrams).transitions);
  EXPECT_NEAR(p(1, 2), 0.5, 1e-6);
  EXPECT_EQ(p(1, 0), 0);
  const auto once = hierarchical(kWords, 3, {.states_per_phone = 1, .repeat = false});
  EXPECT_THAT(faults_of(once.transitions), IsEmpty());
  EXPECT_EQ(dense(once.transitions)(1, 1), 1) << "the final state stays";
}

TEST(Hierarchical, WrongWordsAreRefused) {
  EXPECT_THROW(hierarchical({}, 3), SettingsError);
  EXPECT_THROW(hierarchical(std::vector<Word>{{{}, 1}}, 3), SettingsError);
  EXPECT_THROW(hierarchical(std::vector<Word>{{{3}, 1}}, 3), SettingsError);
  EXPECT_THROW(hierarchical(std::vector<Word>{{{-1}, 1}}, 3), SettingsError);
  EXPECT_THROW(hierarchical(std::vector<Word>{{{0}, NAN}}, 3), SettingsError);
  EXPECT_THROW(hierarchical(std::vector<Word>{{{0}, 0}}, 3), SettingsError);
  EXPECT_THROW(hierarchical(kWords, 3, {.states_per_phone = 0}), SettingsError);
  EXPECT_THROW(hierarchical(kWords, 3, {.self_loop = 1}), SettingsError);
  EXPECT_THROW(hierarchical(kWords, 3, {}, Matrix(2, 3, 1.0F)), SettingsError);
  EXPECT_THROW(hierarchical(kWords, 3, {}, Matrix(3, 3, -1.0F)), SettingsError);
  EXPECT_THROW(hierarchical(kWords, 3, {}, Matrix(3, 3)), SettingsError) << "nothing can follow";
}

/// Sum over all segmentations of their probability, straight from the definition of an HSMM.
double hsmm_probability(const Transitions& segments, const std::vector<std::vector<double>>& log_p,
                        const BasicMatrix<double>& b, LastSegment last) {
  const auto arcs = dense(segments);
  std::function<double(std::size_t, std::size_t)> from = [&](std::size_t t, std::size_t n) {
    double total = 0;
    double scores = 1;
    const double final = std::exp(double{segments.log_final[n]});
    for (std::size_t d = 1; d <= log_p[n].size() && t + d <= b.rows(); ++d) {
      scores *= b(t + d - 1, n);
      const double p = std::exp(log_p[n][d - 1]);
      if (t + d < b.rows()) {
        for (std::size_t m = 0; m < arcs.columns(); ++m) {
          if (arcs(n, m) > 0) total += p * scores * arcs(n, m) * from(t + d, m);
        }
      } else if (last == LastSegment::kComplete) {
        total += p * scores * final;
      } else {
        double survival = 0;
        for (std::size_t k = d; k <= log_p[n].size(); ++k) survival += std::exp(log_p[n][k - 1]);
        total += survival * scores * final;
      }
    }
    return total;
  };
  double total = 0;
  for (std::size_t n = 0; n < arcs.rows(); ++n) {
    total += std::exp(double{segments.log_initial[n]}) * from(0, n);
  }
  return total;
}

TEST(WithDurations, EqualsTheSemiMarkovModelForEveryFamily) {
  const std::vector<DurationDensity> densities = {HistogramDuration{{0.2, 0.5, 0, 0.3}},
                                                  GaussianDuration{2.5, 1},
                                                  LogNormalDuration{0.8, 0.5},
                                                  GammaDuration{2, 1.2},
                                                  PoissonDuration{2},
                                                  WeibullDuration{1.5, 3},
                                                  NegativeBinomialDuration{2, 0.6},
                                                  GeometricDuration{0.4},
                                                  FixedDuration{2}};
  Builder segments(3);
  segments.initial(0, 0.7);
  segments.initial(1, 0.3);
  segments.arc(0, 1, 0.5);
  segments.arc(0, 2, 0.5);
  segments.arc(1, 0, 1);
  segments.arc(2, 2, 0.3);  // a segment may be followed by one of the same state
  segments.arc(2, 0, 0.7);
  segments.final(1);
  segments.final(2);
  const Transitions chain = segments.build();
  Random random(3);
  for (const DurationDensity& density : densities) {
    for (const int shortest : {1, 2}) {
      std::vector<std::vector<double>> log_p;
      for (const int longest : {4, 3, 5})
        log_p.push_back(log_probabilities({density, shortest, longest}));
      BasicMatrix<double> b(7, 3);
      for (std::size_t i = 0; i < 21; ++i) b.data()[i] = random.uniform();
      for (const LastSegment last : {LastSegment::kComplete, LastSegment::kUnfinished}) {
        const double expected = hsmm_probability(chain, log_p, b, last);
        const double actual = total_probability(with_durations(chain, log_p, last), b);
        EXPECT_NEAR(actual, expected, 1e-6 * expected + 1e-30) << family_of(density);
      }
    }
  }
}

TEST(WithDurations, WrongDurationsAreRefused) {
  const Transitions chain = left_to_right(2);
  const std::vector<double> right = {std::log(0.5), std::log(0.5)};
  EXPECT_THROW(with_durations(chain, std::vector<std::vector<double>>{right}), SettingsError);
  EXPECT_THROW(with_durations(chain, std::vector<std::vector<double>>{right, {}}), SettingsError);
  EXPECT_THROW(with_durations(chain, std::vector<std::vector<double>>{right, {0, 0}}),
               SettingsError);
  EXPECT_THROW(with_durations(chain, std::vector<std::vector<double>>{right, {NAN, 0}}),
               SettingsError);
}

TEST(DurationConstrained, OnlyDurationsWithinTheLimitsArePossible) {
  const Transitions built = duration_constrained(2, 2, 4, 0.3);
  EXPECT_THAT(faults_of(built), IsEmpty());
  // Two states of 2 to 4 frames: sequences of 4 to 8 frames, whose probabilities sum to 1.
  double sum = 0;
  for (std::size_t frames = 1; frames <= 10; ++frames) {
    const double p = total_probability(built, BasicMatrix<double>(frames, 2, 1.0));
    if (frames < 4 || frames > 8) {
      EXPECT_EQ(p, 0) << frames;
    } else {
      EXPECT_GT(p, 0) << frames;
    }
    sum += p;
  }
  EXPECT_NEAR(sum, 1, 1e-6);
  BasicMatrix<double> too_short(6, 2, 1.0);
  for (std::size_t t = 1; t < 6; ++t) too_short(t, 0) = 0;  // state 0 for one frame only
  EXPECT_EQ(total_probability(built, too_short), 0);
}

TEST(DurationConstrained, WrongLimitsAreRefused) {
  EXPECT_THROW(duration_constrained(3, 0, 4), SettingsError);
  EXPECT_THROW(duration_constrained(3, 5, 4), SettingsError);
  EXPECT_THROW(duration_constrained(3, 1, 2'000'000), SettingsError);
  EXPECT_THROW(duration_constrained(100, 1, 100'000), SettingsError) << "10 million states";
  EXPECT_THROW(duration_constrained(3, 1, 4, 0), SettingsError);
  EXPECT_THROW(duration_constrained(0, 1, 4), SettingsError);
  EXPECT_NO_THROW(duration_constrained(3, 1, 4, 1));
}

}  // namespace
}  // namespace hmm::topology
