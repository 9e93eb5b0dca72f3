#include "core/model/topology/dot.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model/hmm.h"
#include "core/model/topology/chains.h"

namespace hmm::topology {
namespace {

TEST(Dot, DrawsStatesArcsAndEnds) {
  const DecodingGraph graph = state_graph(left_to_right(2, 0.75), {"say \"a\"", "1"});
  EXPECT_EQ(to_dot(graph),
            "digraph topology {\n  rankdir=LR;\n  node [shape=circle];\n"
            "  0 [label=\"say \\\"a\\\"\\n0\"];\n"
            "  start0 [shape=point];\n  start0 -> 0 [label=\"1\"];\n"
            "  1 [label=\"1\", shape=doublecircle];\n"
            "  0 -> 0 [label=\"0.75\"];\n  0 -> 1 [label=\"0.25\"];\n  1 -> 1 [label=\"1\"];\n}\n");
}

TEST(Dot, TheImpossibleIsNotDrawn) {
  DecodingGraph graph = state_graph(ergodic(2));
  for (auto& arc : graph.transitions.arcs) arc.log_probability = -INFINITY;
  EXPECT_EQ(to_dot(graph).find("0 -> 1"), std::string::npos);
}

}  // namespace
}  // namespace hmm::topology
