// Probabilities of intervals, exact far into the tails.
#pragma once

namespace hmm {

/// log Gamma(x) for x > 0; unlike std::lgamma it writes to no global.
double log_gamma(double x);

/// log P(a < X < b) of a standard normal X. Relative error of the probability below 1e-11 for
/// b - a >= 1e-3; -infinity for an empty interval.
double log_normal_mass(double a, double b);

/// log P(a < X < b) of a gamma-distributed X with this shape and scale 1, 0 <= a < b, by the series
/// and the continued fraction of the incomplete gamma function (Abramowitz and Stegun 6.5.29,
/// 6.5.31). Relative error of the probability below 1e-9 for shapes up to 1e4.
double log_gamma_mass(double shape, double a, double b);

}  // namespace hmm
