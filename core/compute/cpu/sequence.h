// The recursions over one whole sequence.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/matrix.h"
#include "core/compute/cpu/graph.h"

namespace hmm::compute::cpu {

/// Returns the log-likelihood; fills `posteriors` [T x N] and adds to `arc_counts` [arcs] when they
/// are given.
double forward_backward(const Graph& graph, MatrixView log_b, MutableMatrixView posteriors,
                        std::span<double> arc_counts);

/// Fills `path` [T]; returns its log joint probability, summed in double.
double viterbi(const Graph& graph, MatrixView log_b, std::span<int32_t> path);

}  // namespace hmm::compute::cpu
