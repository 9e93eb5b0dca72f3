#!/usr/bin/env python3
"""Writes full.txt: log densities of full-covariance mixtures by scipy, for full_mixtures_test.cpp.

Each case is a line "full|tied N K D T" and the numbers of means, covariances, log weights, frames
[T x D] and log b [T x N]. Parameters are float32 numbers. Not needed to run the tests.
"""
import os

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

rng = np.random.default_rng(5)


def covariance(d):
    a = rng.normal(size=(d, d))
    return (a @ a.T / d + 0.1 * np.eye(d)).astype(np.float32)


def line(values):
    return " ".join(repr(float(v)) for v in np.asarray(values).ravel())


with open(os.path.join(os.path.dirname(__file__), "full.txt"), "w") as out:
    for kind, n, k, d, t in [("full", 3, 2, 5, 11), ("tied", 3, 2, 4, 9), ("full", 2, 1, 13, 4)]:
        means = (2 * rng.normal(size=(n, k, d))).astype(np.float32)
        shared = covariance(d)
        covariances = [[shared if kind == "tied" else covariance(d) for _ in range(k)]
                       for _ in range(n)]
        log_w = np.log(rng.dirichlet(np.ones(k), size=n)).astype(np.float32)
        frames = (2 * rng.normal(size=(t, d))).astype(np.float32)
        log_b = np.empty((t, n))
        for i in range(n):
            log_b[:, i] = logsumexp(
                [log_w[i, j] + multivariate_normal(means[i, j].astype(float),
                                                   covariances[i][j].astype(float)).logpdf(
                                                       frames.astype(float)) for j in range(k)],
                axis=0)
        print(kind, n, k, d, t, file=out)
        print(line(means), file=out)
        print(line(shared if kind == "tied" else covariances), file=out)
        print(line(log_w), file=out)
        print(line(frames), file=out)
        print(line(log_b), file=out)
