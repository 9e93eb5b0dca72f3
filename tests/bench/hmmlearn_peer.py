#!/usr/bin/env python3
"""Times hmmlearn and compute_bench in one run, each on one core, and prints the ratios.

    hmmlearn_peer.py BUILD/tests/bench/compute_bench

Needs hmmlearn (pip install hmmlearn). Times are user CPU time, the best of several runs: what
another process takes of the machine counts little. hmmlearn is given log b as we are, so that only
the recursions are timed; its forward-backward ends with posteriors, as ours does (ours also counts
the transitions).
"""
import json
import resource
import subprocess
import sys

import numpy as np
from hmmlearn import _hmmc

FRAMES = 1000


def user_seconds(work, repeats=15):
    best = float("inf")
    work()
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        for _ in range(10):
            work()
        best = min(best, (resource.getrusage(resource.RUSAGE_SELF).ru_utime - before) / 10)
    return best


def hmmlearn_times(states):
    random = np.random.default_rng(1)
    initial = np.full(states, 1 / states)
    transitions = random.dirichlet(np.ones(states), size=states)
    log_b = -60 + 3 * random.normal(size=(FRAMES, states))

    def forward_backward():
        # What score_samples() does for implementation="scaling", scaling of log b included.
        scaled = np.exp(log_b - log_b.max(axis=1, keepdims=True))
        _, alpha, scaling = _hmmc.forward_scaling(initial, transitions, scaled)
        beta = _hmmc.backward_scaling(initial, transitions, scaled, scaling)
        gamma = alpha * beta
        return gamma / gamma.sum(axis=1, keepdims=True)

    def viterbi():
        return _hmmc.viterbi(initial, transitions, log_b)

    return {"forward_backward": user_seconds(forward_backward), "viterbi": user_seconds(viterbi)}


def our_times(program):
    result = subprocess.run(
        [program, "--benchmark_filter=(forward_backward|viterbi)/ergodic_(12|32)$",
         "--benchmark_repetitions=9", "--benchmark_min_time=0.1", "--benchmark_format=json"],
        check=True, capture_output=True, text=True)
    times = {}
    for run in json.loads(result.stdout)["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"]
            times[name] = min(times.get(name, float("inf")), run["per_frame"])
    return times


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    ours = our_times(sys.argv[1])
    print(f"{'':32} {'hmmlearn':>10} {'ours':>10}   ns a frame")
    for states in (12, 32):
        for operation, seconds in hmmlearn_times(states).items():
            theirs = seconds / FRAMES
            mine = ours[f"{operation}/ergodic_{states}"]
            print(f"{operation + ', N = ' + str(states):32} {theirs * 1e9:10.1f} "
                  f"{mine * 1e9:10.1f}   {theirs / mine:.1f} x")


if __name__ == "__main__":
    main()
