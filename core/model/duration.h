// How long a state of a hidden semi-Markov model lasts.
//
// A duration is a whole number of frames d from `shortest` to `longest`. A continuous density gives
// d the probability of [d - 1/2, d + 1/2]; the probabilities are normalised after truncation to
// the limits. All arithmetic is in double and in logarithms, so that limits far out in a tail
// still give the exact truncated density.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/base/random.h"
#include "core/compute/parameters.h"

namespace hmm {

/// P(d) in proportion to weights[d - 1].
struct HistogramDuration {
  std::vector<double> weights;
  bool operator==(const HistogramDuration&) const = default;
};
struct GaussianDuration {
  double mean = 0;  // frames
  double deviation = 1;
  bool operator==(const GaussianDuration&) const = default;
};
/// log d is Gaussian.
struct LogNormalDuration {
  double log_mean = 0;
  double log_deviation = 1;
  bool operator==(const LogNormalDuration&) const = default;
};
/// Mean shape * scale.
struct GammaDuration {
  double shape = 1;
  double scale = 1;
  bool operator==(const GammaDuration&) const = default;
};
/// P(d) = rate^d exp(-rate) / d!, of which d = 0 is always cut off.
struct PoissonDuration {
  double rate = 1;
  bool operator==(const PoissonDuration&) const = default;
};
/// P(D > d) = exp(-(d / scale)^shape).
struct WeibullDuration {
  double shape = 1;
  double scale = 1;
  bool operator==(const WeibullDuration&) const = default;
};
/// d - 1 failures before `successes` (any number above 0) successes of this probability:
/// P(d) = Gamma(d - 1 + r) / (Gamma(r) (d - 1)!) p^r (1 - p)^(d - 1). With r = 1 it is geometric.
struct NegativeBinomialDuration {
  double successes = 1;
  double probability = 0.5;
  bool operator==(const NegativeBinomialDuration&) const = default;
};
/// What a self-loop gives: P(d) = leave (1 - leave)^(d - 1).
struct GeometricDuration {
  double leave = 0.5;
  bool operator==(const GeometricDuration&) const = default;
};
struct FixedDuration {
  int frames = 1;
  bool operator==(const FixedDuration&) const = default;
};

using DurationDensity = std::variant<HistogramDuration, GaussianDuration, LogNormalDuration,
                                     GammaDuration, PoissonDuration, WeibullDuration,
                                     NegativeBinomialDuration, GeometricDuration, FixedDuration>;

struct Duration {
  DurationDensity density;
  int shortest = 1;
  int longest = 50;

  bool operator==(const Duration&) const = default;

  /// SettingsError for parameters out of range, limits that are not 1 <= shortest <= longest <=
  /// 100,000, and a density with nothing between the limits.
  void validate() const;
};

/// "gamma", "log-normal", ... as files and messages name the family.
std::string family_of(const DurationDensity& density);

/// log P(D = d) at [d - 1], d = 1 .. longest: -infinity below `shortest`, summing to 1.
std::vector<double> log_probabilities(const Duration& duration);

/// log P(D >= d) at [d - 1], from what log_probabilities() gives: the weight of a last segment
/// that has lasted d frames so far and may go on.
std::vector<double> log_survival(std::span<const double> log_probabilities);

/// What a backend takes: one row for each state, as long as the longest duration of any.
compute::Durations duration_table(std::span<const Duration> durations,
                                  bool last_unfinished = false);

/// E[D] in frames, truncation included.
double expected_duration(const Duration& duration);
/// Standard deviation of D in frames, truncation included.
double duration_deviation(const Duration& duration);

/// A duration drawn by inverting the distribution function.
int sample_duration(std::span<const double> log_probabilities, Random& random);

/// The same family with durations `factor` times as long (speech that much slower), its relative
/// spread kept; the limits stay. A geometric or negative binomial duration cannot have a mean below
/// one frame and stops there. A histogram is stretched by interpolating its distribution function.
Duration stretched(const Duration& duration, double factor);

}  // namespace hmm
