#!/usr/bin/env python3
"""Writes em.txt: Baum-Welch steps by hmmlearn, for expectation_maximisation_test.cpp.

Each case: a line "KIND N D T B ITERATIONS", then lines of numbers: sequence lengths [B], frames
[T x D], initial probabilities, transitions [N x N], means [N x D], covariances (or symbol
probabilities [N x M]) to start from; then the log-likelihood before each step and the transitions,
means and covariances (or symbol probabilities) after the last. Not needed to run the tests.
"""
import os

import numpy as np
from hmmlearn import hmm

STEPS = 3
rng = np.random.default_rng(9)


def line(values):
    return " ".join(repr(float(v)) for v in np.asarray(values).ravel())


def rounded(values):
    return np.asarray(values, dtype=np.float32).astype(float)


with open(os.path.join(os.path.dirname(__file__), "em.txt"), "w") as out:
    for kind in ["diag", "spherical", "full", "tied", "categorical"]:
        n, d, lengths = 3, 2, [40, 25, 35]
        t = sum(lengths)
        start = np.array([0.5, 0.3, 0.2])
        transitions = np.array([[0.8, 0.15, 0.05], [0.1, 0.7, 0.2], [0.25, 0.25, 0.5]])
        if kind == "categorical":
            model = hmm.CategoricalHMM(n, init_params="", n_iter=STEPS, tol=0, n_features=4)
            frames = rng.integers(0, 4, size=(t, 1))
            symbols = rounded(rng.dirichlet(np.ones(4), size=n))
            symbols /= symbols.sum(axis=1, keepdims=True)
            model.emissionprob_ = symbols
            begin = [np.zeros((0,)), symbols]
            d = 4
        else:
            states = rng.integers(0, n, size=t)
            frames = rounded(rng.normal(size=(t, d)) @ np.array([[1, 0.6], [0, 1]]) +
                             np.array([[0, 0], [3, 1], [-1, 4]])[states])
            model = hmm.GaussianHMM(n, covariance_type=kind, init_params="", n_iter=STEPS, tol=0,
                                    covars_prior=0, min_covar=0)
            means = rounded(np.array([[0, 0], [3, 1], [-1, 4]]) + 0.5 * rng.normal(size=(n, d)))
            covars = {"diag": np.full((n, d), 2.0), "spherical": np.full(n, 2.0),
                      "full": np.array([[[2, 0.5], [0.5, 1]]] * n), "tied": np.array(
                          [[2, 0.5], [0.5, 1]])}[kind]
            model.means_, model.covars_ = means, covars
            begin = [means, covars]
        model.startprob_, model.transmat_ = start, transitions
        model.fit(frames, lengths)
        after = ([np.zeros((0,)), model.emissionprob_] if kind == "categorical" else
                 [model.means_, model._covars_[:, 0] if kind == "spherical" else model._covars_])
        print(kind, n, d, t, len(lengths), STEPS, file=out)
        for values in [lengths, frames, start, transitions, *begin, list(model.monitor_.history)[:3],
                       model.transmat_, *after]:
            print(line(values), file=out)
