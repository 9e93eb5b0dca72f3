#include "core/model/duration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

DurationDensity density_named(const std::string& family, const std::vector<double>& p) {
  if (family == "gaussian") return GaussianDuration{p[0], p[1]};
  if (family == "log-normal") return LogNormalDuration{p[0], p[1]};
  if (family == "gamma") return GammaDuration{p[0], p[1]};
  if (family == "weibull") return WeibullDuration{p[0], p[1]};
  if (family == "poisson") return PoissonDuration{p[0]};
  if (family == "negative-binomial") return NegativeBinomialDuration{p[0], p[1]};
  return GeometricDuration{p[0]};
}

std::string message_of(const Duration& duration) {
  try {
    duration.validate();
  } catch (const SettingsError& error) {
    return error.what();
  }
  return "no error";
}

const std::vector<Duration>& one_of_each_family() {
  static const std::vector<Duration> durations = {{HistogramDuration{{0, 1, 5, 2, 0, 1}}, 1, 10},
                                                  {GaussianDuration{8, 2}, 2, 20},
                                                  {LogNormalDuration{2, 0.4}, 1, 40},
                                                  {GammaDuration{3, 2.5}, 3, 30},
                                                  {PoissonDuration{6}, 1, 25},
                                                  {WeibullDuration{1.8, 9}, 2, 35},
                                                  {NegativeBinomialDuration{2.5, 0.3}, 1, 40},
                                                  {GeometricDuration{0.25}, 4, 30},
                                                  {FixedDuration{5}, 1, 9}};
  return durations;
}

TEST(Duration, AgreesWithScipyAndMpmath) {
  std::ifstream golden(testing::source_file("tests/data/duration/durations.txt"));
  ASSERT_TRUE(golden);
  int cases = 0;
  for (std::string line; std::getline(golden, line); ++cases) {
    std::istringstream head(line);
    std::string family;
    int shortest = 0, longest = 0;
    head >> family >> shortest >> longest;
    std::vector<double> parameters;
    for (double value; head >> value;) parameters.push_back(value);
    ASSERT_TRUE(std::getline(golden, line));
    std::istringstream row(line);

    const auto log_p = log_probabilities({density_named(family, parameters), shortest, longest});
    ASSERT_EQ(log_p.size(), static_cast<std::size_t>(longest));
    for (int d = 1; d < shortest; ++d) {
      EXPECT_EQ(log_p[static_cast<std::size_t>(d - 1)], kLogZero<double>);
    }
    std::string word;
    for (int d = shortest; row >> word; ++d) {
      const double expected = std::strtod(word.c_str(), nullptr);
      const double actual = log_p[static_cast<std::size_t>(d - 1)];
      // A probability below 1e-15 may keep fewer digits: the interval is cut from a tail.
      const double tolerance = 1e-9 * std::max(1.0, std::abs(expected));
      if (std::isinf(expected)) {
        EXPECT_EQ(actual, expected) << family << " " << d;
      } else {
        EXPECT_NEAR(actual, expected, tolerance) << head.str() << ", d = " << d;
      }
    }
  }
  EXPECT_EQ(cases, 18);
}

TEST(Duration, EveryFamilyIsNormalisedAfterTruncation) {
  for (const Duration& duration : one_of_each_family()) {
    const auto log_p = log_probabilities(duration);
    double sum = 0, mean = 0;
    for (std::size_t i = 0; i < log_p.size(); ++i) {
      const double p = std::exp(log_p[i]);
      sum += p;
      mean += p * static_cast<double>(i + 1);
      if (static_cast<int>(i) + 1 < duration.shortest) {
        EXPECT_EQ(log_p[i], kLogZero<double>);
      }
    }
    EXPECT_NEAR(sum, 1, 1e-12) << family_of(duration.density);
    EXPECT_NEAR(expected_duration(duration), mean, 1e-12) << family_of(duration.density);
  }
}

TEST(Duration, MinimumDoesNotShiftTheDensity) {
  // The trap: a table that starts at the minimum read with an index that starts at 1.
  const Duration whole{GammaDuration{4, 2}, 1, 30};
  const Duration cut{GammaDuration{4, 2}, 5, 30};
  const auto p = log_probabilities(whole);
  const auto q = log_probabilities(cut);
  const double kept = log_sum_exp(std::span<const double>(p).subspan(4));
  for (std::size_t i = 4; i < p.size(); ++i) EXPECT_NEAR(q[i], p[i] - kept, 1e-12);
  EXPECT_EQ(log_probabilities({FixedDuration{7}, 7, 7})[6], 0);
}

TEST(Duration, SurvivalIsTheMassNotYetSpent) {
  for (const Duration& duration : one_of_each_family()) {
    const auto log_p = log_probabilities(duration);
    const auto survival = log_survival(log_p);
    for (std::size_t i = 0; i < log_p.size(); ++i) {
      double rest = 0;
      for (std::size_t k = i; k < log_p.size(); ++k) rest += std::exp(log_p[k]);
      EXPECT_NEAR(std::exp(survival[i]), rest, 1e-12);
    }
    EXPECT_NEAR(survival[static_cast<std::size_t>(duration.shortest - 1)], 0, 1e-12);
  }
}

TEST(Duration, TableForABackendIsPaddedWithTheImpossible) {
  const auto table = duration_table(
      std::vector<Duration>{{FixedDuration{2}, 1, 3}, {FixedDuration{1}, 1, 2}}, true);
  EXPECT_EQ(table.states, 2);
  EXPECT_EQ(table.longest, 3);
  EXPECT_TRUE(table.last_unfinished);
  const float no = kLogZero<float>;
  EXPECT_EQ(table.log_pmf, (std::vector<float>{no, 0, no, 0, no, no}));
  EXPECT_THROW(duration_table({}), SettingsError);
}

TEST(Duration, SamplesFollowTheDensityWithinItsLimits) {
  Random random(11);
  for (const Duration& duration : one_of_each_family()) {
    const auto log_p = log_probabilities(duration);
    constexpr int kDraws = 20000;
    double sum = 0;
    for (int i = 0; i < kDraws; ++i) {
      const int d = sample_duration(log_p, random);
      ASSERT_GE(d, duration.shortest);
      ASSERT_LE(d, duration.longest);
      sum += d;
    }
    const double error = duration_deviation(duration) / std::sqrt(kDraws);
    EXPECT_NEAR(sum / kDraws, expected_duration(duration), 4 * error + 1e-9)
        << family_of(duration.density);
  }
}

TEST(Duration, StretchedScalesTheMeanOfEveryFamily) {
  for (Duration duration : one_of_each_family()) {
    duration.shortest = 1;
    duration.longest = 400;
    const double mean = expected_duration(duration);
    const double slower = expected_duration(stretched(duration, 2));
    EXPECT_NEAR(slower, 2 * mean, 0.06 * mean) << family_of(duration.density);
    const double same = expected_duration(stretched(duration, 1));
    EXPECT_NEAR(same, mean, 1e-9) << family_of(duration.density);
  }
  const Duration limited = stretched({GaussianDuration{10, 2}, 1, 15}, 5);
  EXPECT_EQ(limited.longest, 15);
  EXPECT_LE(expected_duration(limited), 15);
  EXPECT_THROW(stretched({GaussianDuration{10, 2}, 1, 15}, 0), SettingsError);
  EXPECT_THROW(stretched({GaussianDuration{10, 2}, 1, 15}, NAN), SettingsError);
}

TEST(Duration, WrongParametersAreNamed) {
  EXPECT_THAT(message_of({GammaDuration{0, 1}, 1, 10}), HasSubstr("gamma duration needs a shape"));
  EXPECT_THAT(message_of({GammaDuration{1, NAN}, 1, 10}), HasSubstr("gamma"));
  EXPECT_THAT(message_of({GaussianDuration{INFINITY, 1}, 1, 10}), HasSubstr("gaussian"));
  EXPECT_THAT(message_of({LogNormalDuration{1, -1}, 1, 10}), HasSubstr("log-normal"));
  EXPECT_THAT(message_of({PoissonDuration{-3}, 1, 10}), HasSubstr("poisson"));
  EXPECT_THAT(message_of({WeibullDuration{1, 0}, 1, 10}), HasSubstr("weibull"));
  EXPECT_THAT(message_of({NegativeBinomialDuration{1, 1.5}, 1, 10}), HasSubstr("(0, 1]"));
  EXPECT_THAT(message_of({GeometricDuration{0}, 1, 10}), HasSubstr("geometric"));
  EXPECT_THAT(message_of({FixedDuration{0}, 1, 10}), HasSubstr("at least 1 frame"));
  EXPECT_THAT(message_of({HistogramDuration{{0, 0}}, 1, 10}), HasSubstr("not all 0"));
  EXPECT_THAT(message_of({HistogramDuration{{1, NAN}}, 1, 10}), HasSubstr("histogram"));
}

TEST(Duration, WrongLimitsAreNamed) {
  const DurationDensity density = PoissonDuration{5};
  EXPECT_THAT(message_of({density, 0, 10}), HasSubstr("not 0 and 10"));
  EXPECT_THAT(message_of({density, 5, 4}), HasSubstr("not 5 and 4"));
  EXPECT_THAT(message_of({density, 1, 2000000000}), HasSubstr("100000"));
  EXPECT_THAT(message_of({FixedDuration{20}, 1, 10}),
              HasSubstr("no probability from 1 to 10 frames"));
  EXPECT_THAT(message_of({HistogramDuration{{1, 1}}, 3, 10}), HasSubstr("no probability"));
}

TEST(Duration, CertainParametersAreNoTrap) {
  EXPECT_EQ(expected_duration({GeometricDuration{1}, 1, 10}), 1);
  EXPECT_EQ(expected_duration({NegativeBinomialDuration{2, 1}, 1, 10}), 1);
  EXPECT_NEAR(expected_duration({GaussianDuration{4, 1e-9}, 1, 10}), 4, 1e-12);
  EXPECT_NEAR(expected_duration({GammaDuration{1e4, 1e-3}, 1, 50}), 10, 1e-3);
}

}  // namespace
}  // namespace hmm
