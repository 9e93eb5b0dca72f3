#include "core/model/duration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/model/distribution.h"

namespace hmm {
namespace {

constexpr int kLongestDuration = 100'000;

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

void require_parameter(bool good, const std::string& family, const char* what) {
  if (!good) throw SettingsError("a " + family + " duration needs " + what);
}

bool positive(double value) { return std::isfinite(value) && value > 0; }

bool is_probability(double value) { return value > 0 && value <= 1; }

void check_parameters(const DurationDensity& density) {
  const std::string family = family_of(density);
  std::visit(
      Overload{
          [&](const HistogramDuration& h) {
            double sum = 0;
            bool good = true;
            for (const double w : h.weights) {
              good = good && w >= 0;
              sum += w;
            }
            require_parameter(good && positive(sum), family, "weights of at least 0, not all 0");
          },
          [&](const GaussianDuration& g) {
            require_parameter(std::isfinite(g.mean) && positive(g.deviation), family,
                              "a finite mean and a standard deviation above 0");
          },
          [&](const LogNormalDuration& l) {
            require_parameter(std::isfinite(l.log_mean) && positive(l.log_deviation), family,
                              "a finite log mean and a log standard deviation above 0");
          },
          [&](const GammaDuration& g) {
            require_parameter(positive(g.shape) && g.shape <= 1e6 && positive(g.scale), family,
                              "a shape above 0 and at most 1e6 and a scale above 0");
          },
          [&](const PoissonDuration& p) {
            require_parameter(positive(p.rate), family, "a rate above 0");
          },
          [&](const WeibullDuration& w) {
            require_parameter(positive(w.shape) && positive(w.scale), family,
                              "a shape and a scale above 0");
          },
          [&](const NegativeBinomialDuration& n) {
            require_parameter(positive(n.successes) && is_probability(n.probability), family,
                              "a number of successes above 0 and a probability in (0, 1]");
          },
          [&](const GeometricDuration& g) {
            require_parameter(is_probability(g.leave), family, "a leaving probability in (0, 1]");
          },
          [&](const FixedDuration& f) {
            require_parameter(f.frames >= 1, family, "at least 1 frame");
          },
      },
      density);
}

/// log P(d) before truncation, up to a factor that does not depend on d.
double log_mass(const DurationDensity& density, int frames) {
  const double d = frames;
  return std::visit(
      Overload{
          [&](const HistogramDuration& h) {
            const auto index = static_cast<std::size_t>(frames - 1);
            return index < h.weights.size() ? std::log(h.weights[index]) : kLogZero<double>;
          },
          [&](const GaussianDuration& g) {
            return log_normal_mass((d - 0.5 - g.mean) / g.deviation,
                                   (d + 0.5 - g.mean) / g.deviation);
          },
          [&](const LogNormalDuration& l) {
            return log_normal_mass((std::log(d - 0.5) - l.log_mean) / l.log_deviation,
                                   (std::log(d + 0.5) - l.log_mean) / l.log_deviation);
          },
          [&](const GammaDuration& g) {
            return log_gamma_mass(g.shape, (d - 0.5) / g.scale, (d + 0.5) / g.scale);
          },
          [&](const PoissonDuration& p) {
            return d * std::log(p.rate) - p.rate - log_gamma(d + 1);
          },
          [&](const WeibullDuration& w) {
            const double from = -std::pow((d - 0.5) / w.scale, w.shape);  // log P(D > d - 1/2)
            const double to = -std::pow((d + 0.5) / w.scale, w.shape);
            return from == to ? kLogZero<double> : from + std::log(-std::expm1(to - from));
          },
          [&](const NegativeBinomialDuration& n) {
            const double failures = frames == 1 ? 0 : (d - 1) * std::log1p(-n.probability);
            return log_gamma(d - 1 + n.successes) - log_gamma(n.successes) - log_gamma(d) +
                   n.successes * std::log(n.probability) + failures;
          },
          [&](const GeometricDuration& g) {
            return std::log(g.leave) + (frames == 1 ? 0 : (d - 1) * std::log1p(-g.leave));
          },
          [&](const FixedDuration& f) { return frames == f.frames ? 0 : kLogZero<double>; },
      },
      density);
}

void check_limits(const Duration& duration) {
  if (duration.shortest >= 1 && duration.longest >= duration.shortest &&
      duration.longest <= kLongestDuration) {
    return;
  }
  throw SettingsError(
      "the limits of a duration must satisfy 1 <= shortest <= longest <= 100000, "
      "not " +
      std::to_string(duration.shortest) + " and " + std::to_string(duration.longest));
}

double moment(const Duration& duration, int order, double center) {
  const std::vector<double> log_p = log_probabilities(duration);
  double sum = 0;
  for (std::size_t i = 0; i < log_p.size(); ++i) {
    sum += std::exp(log_p[i]) * std::pow(static_cast<double>(i + 1) - center, order);
  }
  return sum;
}

/// The distribution function of a histogram, a line within each frame, read at d / factor.
HistogramDuration stretched_histogram(const HistogramDuration& histogram, double factor,
                                      int longest) {
  std::vector<double> cumulative = {0};
  for (const double w : histogram.weights) cumulative.push_back(cumulative.back() + w);
  const auto at = [&](double frames) {  // mass of durations below `frames` + 1/2
    const double position = std::clamp(frames, 0.0, static_cast<double>(histogram.weights.size()));
    const auto whole = static_cast<std::size_t>(position);
    if (whole == histogram.weights.size()) return cumulative.back();
    return cumulative[whole] + (position - static_cast<double>(whole)) * histogram.weights[whole];
  };
  HistogramDuration result;
  for (int d = 1; d <= longest; ++d) {
    result.weights.push_back(at((d + 0.5) / factor - 0.5) -
                             at(d == 1 ? 0 : (d - 0.5) / factor - 0.5));
  }
  return result;
}

}  // namespace

std::string family_of(const DurationDensity& density) {
  static constexpr const char* kNames[] = {
      "histogram", "gaussian",          "log-normal", "gamma", "poisson",
      "weibull",   "negative-binomial", "geometric",  "fixed"};
  static_assert(std::size(kNames) == std::variant_size_v<DurationDensity>);
  return kNames[density.index()];
}

void Duration::validate() const { log_probabilities(*this); }

std::vector<double> log_probabilities(const Duration& duration) {
  check_limits(duration);
  check_parameters(duration.density);
  std::vector<double> result(static_cast<std::size_t>(duration.longest), kLogZero<double>);
  for (int d = duration.shortest; d <= duration.longest; ++d) {
    result[static_cast<std::size_t>(d - 1)] = log_mass(duration.density, d);
  }
  const double total = log_sum_exp(std::span<const double>(result));
  if (!std::isfinite(total)) {
    throw SettingsError("the " + family_of(duration.density) +
                        " duration has no probability from " + std::to_string(duration.shortest) +
                        " to " + std::to_string(duration.longest) + " frames");
  }
  for (double& p : result) p -= total;
  return result;
}

std::vector<double> log_survival(std::span<const double> log_probabilities) {
  std::vector<double> result(log_probabilities.begin(), log_probabilities.end());
  for (std::size_t d = result.size(); d-- > 1;) result[d - 1] = log_add(result[d - 1], result[d]);
  return result;
}

compute::Durations duration_table(std::span<const Duration> durations, bool last_unfinished) {
  compute::Durations table;
  table.states = static_cast<int>(durations.size());
  table.last_unfinished = last_unfinished;
  for (const Duration& duration : durations) {
    table.longest = std::max(table.longest, duration.longest);
  }
  for (const Duration& duration : durations) {
    std::vector<double> row = log_probabilities(duration);
    row.resize(static_cast<std::size_t>(table.longest), kLogZero<double>);
    table.log_pmf.insert(table.log_pmf.end(), row.begin(), row.end());
  }
  table.validate();
  return table;
}

double expected_duration(const Duration& duration) { return moment(duration, 1, 0); }

double duration_deviation(const Duration& duration) {
  return std::sqrt(moment(duration, 2, expected_duration(duration)));
}

int sample_duration(std::span<const double> log_probabilities, Random& random) {
  return static_cast<int>(random.draw(log_probabilities)) + 1;
}

Duration stretched(const Duration& duration, double factor) {
  duration.validate();
  if (!positive(factor)) {
    throw SettingsError("durations can only be stretched by a factor above 0, not " +
                        std::to_string(factor));
  }
  Duration result = duration;
  std::visit(
      Overload{
          [&](HistogramDuration& h) { h = stretched_histogram(h, factor, duration.longest); },
          [&](GaussianDuration& g) {
            g.mean *= factor;
            g.deviation *= factor;
          },
          [&](LogNormalDuration& l) { l.log_mean += std::log(factor); },
          [&](GammaDuration& g) { g.scale *= factor; },
          [&](PoissonDuration& p) { p.rate *= factor; },
          [&](WeibullDuration& w) { w.scale *= factor; },
          [&](NegativeBinomialDuration& n) {
            const double failures = n.successes * (1 / n.probability - 1);
            const double longer = std::max((failures + 1) * factor - 1, 0.0);
            n.probability = n.successes / (n.successes + longer);
          },
          [&](GeometricDuration& g) { g.leave = std::min(g.leave / factor, 1.0); },
          [&](FixedDuration& f) {
            f.frames = std::clamp(static_cast<int>(std::lround(std::min(f.frames * factor, 1e6))),
                                  duration.shortest, duration.longest);
          },
      },
      result.density);
  result.validate();
  return result;
}

}  // namespace hmm
