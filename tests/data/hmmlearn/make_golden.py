#!/usr/bin/env python3
"""Writes golden.json beside this file: models, frames and what hmmlearn (float64) says of them.

Needs hmmlearn (pip install hmmlearn); written with version 0.3.3. Optional: the numbers are
committed. All numbers of a model, probabilities as logs, are rounded to float32 first, so that both
sides compute the same model.
"""
import json
import pathlib

import numpy as np
from hmmlearn import hmm

random = np.random.default_rng(5)


def as_float32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def log_stochastic(*shape):
    return as_float32(np.log(random.dirichlet(np.ones(shape[-1]), size=shape[:-1])))


def unchecked(model_class):
    """float32 rows sum to 1 only to 1e-7, which hmmlearn refuses."""
    return type(model_class.__name__, (model_class,), {"_check": lambda self: None})


def golden(name, states, components, dimension, frames):
    log_initial, log_transitions = log_stochastic(states), log_stochastic(states, states)
    log_weights = log_stochastic(states, components)
    means = as_float32(2 * random.normal(size=(states, components, dimension)))
    variances = as_float32(0.5 + random.random((states, components, dimension)))
    x = as_float32(2 * random.normal(size=(frames, dimension)))
    if components == 1:
        model = unchecked(hmm.GaussianHMM)(n_components=states, covariance_type="diag")
        model.means_, model._covars_ = means[:, 0], variances[:, 0]
    else:
        model = unchecked(hmm.GMMHMM)(n_components=states, n_mix=components,
                                      covariance_type="diag")
        model.means_, model.covars_, model.weights_ = means, variances, np.exp(log_weights)
    model.n_features = dimension
    model.startprob_, model.transmat_ = np.exp(log_initial), np.exp(log_transitions)
    log_likelihood, posteriors = model.score_samples(x)
    path_score, path = model.decode(x)
    return {
        "name": name, "states": states, "components": components, "dimension": dimension,
        "log_initial": log_initial.tolist(), "log_transitions": log_transitions.ravel().tolist(),
        "log_weights": log_weights.ravel().tolist(), "means": means.ravel().tolist(),
        "variances": variances.ravel().tolist(), "frames": x.ravel().tolist(),
        "log_b": model._compute_log_likelihood(x).ravel().tolist(),
        "log_likelihood": log_likelihood, "posteriors": posteriors.ravel().tolist(),
        "path_score": path_score, "path": path.tolist(),
    }


goldens = [golden("gaussian", 4, 1, 3, 40), golden("gmm", 5, 3, 6, 60)]
target = pathlib.Path(__file__).with_name("golden.json")
target.write_text(json.dumps(goldens) + "\n")
