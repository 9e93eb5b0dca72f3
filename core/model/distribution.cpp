#include "core/model/distribution.h"

#include <math.h>

#include <cmath>
#include <numbers>

#include "core/base/log_math.h"

namespace hmm {
namespace {

/// log(exp(high) - exp(low)).
double log_subtract(double high, double low) {
  if (!(high > low)) return kLogZero<double>;
  return high + std::log(-std::expm1(low - high));
}

/// log P(X > z) of a standard normal, z >= 0.
double log_normal_tail(double z) {
  if (z < 25) return std::log(0.5 * std::erfc(z / std::numbers::sqrt2));
  // Asymptotic series (Abramowitz and Stegun 26.2.12); its fifth term is below 1e-13 here.
  const double q = 1 / (z * z);
  const double series = 1 - q * (1 - q * (3 - q * (15 - q * 105)));
  return -0.5 * z * z - std::log(z) - 0.5 * std::log(2 * std::numbers::pi) + std::log(series);
}

/// log of the lower incomplete gamma ratio P(shape, x) by its power series, for x < shape + 1.
double log_lower_gamma(double shape, double x) {
  if (x <= 0) return kLogZero<double>;
  double term = 1 / shape;
  double sum = term;
  for (double k = shape + 1; term > sum * 1e-17; ++k) {
    term *= x / k;
    sum += term;
  }
  return shape * std::log(x) - x - log_gamma(shape) + std::log(sum);
}

/// log of the upper ratio Q(shape, x) by Lentz's continued fraction, for x >= shape + 1.
double log_upper_gamma(double shape, double x) {
  if (std::isinf(x)) return kLogZero<double>;
  constexpr double kTiny = 1e-300;
  double b = x + 1 - shape;
  double c = 1 / kTiny;
  double d = 1 / b;
  double fraction = d;
  for (int k = 1; k < 100000; ++k) {
    const double a = k * (shape - k);
    b += 2;
    d = a * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + a / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double change = d * c;
    fraction *= change;
    if (std::abs(change - 1) < 1e-16) break;
  }
  return shape * std::log(x) - x - log_gamma(shape) + std::log(fraction);
}

}  // namespace

double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double log_normal_mass(double a, double b) {
  if (!(b > a)) return kLogZero<double>;
  if (a >= 0) return log_subtract(log_normal_tail(a), log_normal_tail(b));
  if (b <= 0) return log_normal_mass(-b, -a);
  return std::log(0.5 * (std::erf(b / std::numbers::sqrt2) - std::erf(a / std::numbers::sqrt2)));
}

double log_gamma_mass(double shape, double a, double b) {
  // Each end is taken from the tail that it is in, so that the difference keeps its digits.
  const double middle = shape + 1;
  if (!(b > a)) return kLogZero<double>;
  if (b < middle) return log_subtract(log_lower_gamma(shape, b), log_lower_gamma(shape, a));
  if (a >= middle) return log_subtract(log_upper_gamma(shape, a), log_upper_gamma(shape, b));
  return std::log1p(-std::exp(log_lower_gamma(shape, a)) - std::exp(log_upper_gamma(shape, b)));
}

}  // namespace hmm
