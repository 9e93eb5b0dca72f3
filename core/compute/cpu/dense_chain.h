// Forward-backward over a chain whose states all follow each other, Graph::mixes(): scaled
// probabilities (Rabiner 1989, section V.A) instead of logs.
#pragma once

#include <span>

#include "core/base/matrix.h"
#include "core/compute/cpu/graph.h"

namespace hmm::compute::cpu {

/// As forward_backward() in sequence.h, for at least one frame.
double dense_forward_backward(const Graph& graph, MatrixView log_b, MutableMatrixView posteriors,
                              std::span<double> arc_counts);

}  // namespace hmm::compute::cpu
