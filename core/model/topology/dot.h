// Topologies as pictures.
#pragma once

#include <string>

#include "core/model/decoding_graph.h"

namespace hmm::topology {

/// Graphviz text: a node for each state, named by its label, an arrow for each possible arc with
/// its probability; initial states have a wedge, final ones a double ring.
std::string to_dot(const DecodingGraph& graph);

}  // namespace hmm::topology
