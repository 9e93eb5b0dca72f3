#!/usr/bin/env python3
"""Writes durations.txt: truncated duration probabilities by scipy, for duration_test.cpp.

Each case is a line "family shortest longest PARAMETER..." and a line of log probabilities of
d = shortest .. longest. Masses of intervals are taken from the nearer tail, as scipy allows, so that
cases far out in a tail are exact as well. Needs mpmath and scipy; not needed to run the tests.
"""
import os

import mpmath as mp
import numpy as np
from scipy import stats

mp.mp.dps = 60


def interval(cdf, survival, middle):
    """P(d - 1/2 < D < d + 1/2), as the difference of the smaller two of the tails' values."""
    def mass(d):
        low, high = mp.mpf(d) - mp.mpf("0.5"), mp.mpf(d) + mp.mpf("0.5")
        return survival(low) - survival(high) if low > middle else cdf(high) - cdf(low)
    return mass


def normal_cdf(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def gaussian(mean, deviation):
    return (interval(lambda x: normal_cdf((x - mean) / deviation),
                     lambda x: normal_cdf((mean - x) / deviation), mean),
            stats.norm(mean, deviation).cdf)


def log_normal(log_mean, log_deviation):
    return (interval(lambda x: normal_cdf((mp.log(x) - log_mean) / log_deviation),
                     lambda x: normal_cdf((log_mean - mp.log(x)) / log_deviation),
                     mp.exp(log_mean)),
            stats.lognorm(log_deviation, scale=np.exp(log_mean)).cdf)


def gamma(shape, scale):
    return (interval(lambda x: mp.gammainc(shape, 0, x / scale, regularized=True),
                     lambda x: mp.gammainc(shape, x / scale, regularized=True), shape * scale),
            stats.gamma(shape, scale=scale).cdf)


def weibull(shape, scale):
    return (interval(lambda x: 1 - mp.exp(-(x / scale) ** shape),
                     lambda x: mp.exp(-(x / scale) ** shape), scale),
            stats.weibull_min(shape, scale=scale).cdf)


def discrete(pmf):
    return (lambda d: mp.mpf(float(pmf(d)))), None


CASES = [
    ("gaussian", gaussian, 1, 40, (10.0, 3.0)),
    ("gaussian", gaussian, 5, 12, (2.0, 0.5)),
    ("gaussian", gaussian, 60, 70, (10.0, 1.0)),
    ("gaussian", gaussian, 1, 20, (7.25, 0.05)),
    ("log-normal", log_normal, 1, 60, (2.3, 0.5)),
    ("log-normal", log_normal, 3, 30, (0.5, 0.25)),
    ("gamma", gamma, 1, 50, (2.0, 5.0)),
    ("gamma", gamma, 4, 30, (0.5, 8.0)),
    ("gamma", gamma, 90, 100, (4.0, 1.0)),
    ("gamma", gamma, 1, 200, (300.0, 0.3)),
    ("weibull", weibull, 1, 50, (2.0, 10.0)),
    ("weibull", weibull, 10, 40, (0.7, 5.0)),
    ("poisson", lambda rate: discrete(stats.poisson(rate).pmf), 1, 40, (10.0,)),
    ("poisson", lambda rate: discrete(stats.poisson(rate).pmf), 3, 9, (0.5,)),
    ("negative-binomial", lambda r, p: discrete(lambda d: stats.nbinom(r, p).pmf(d - 1)), 1, 60,
     (3.0, 0.25)),
    ("negative-binomial", lambda r, p: discrete(lambda d: stats.nbinom(r, p).pmf(d - 1)), 2, 20,
     (0.6, 0.1)),
    ("geometric", lambda p: discrete(stats.geom(p).pmf), 1, 30, (0.2,)),
    ("geometric", lambda p: discrete(stats.geom(p).pmf), 4, 9, (0.01,)),
]

with open(os.path.join(os.path.dirname(__file__), "durations.txt"), "w") as out:
    for name, make, shortest, longest, parameters in CASES:
        mass, cdf = make(*parameters)
        values = [mass(d) for d in range(shortest, longest + 1)]
        total = sum(values)
        if cdf is not None:  # scipy and mpmath agree where scipy has digits
            for d, value in zip(range(shortest, longest + 1), values):
                scipy_mass = cdf(d + 0.5) - cdf(d - 0.5)
                assert abs(scipy_mass - float(value)) < 1e-12, (name, d)
        print(name, shortest, longest, *parameters, file=out)
        print(*(float(mp.log(v / total)).hex() if v > 0 else "-inf" for v in values), file=out)
