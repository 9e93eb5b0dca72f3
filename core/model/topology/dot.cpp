#include "core/model/topology/dot.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "core/base/log_math.h"

namespace hmm::topology {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

std::string three_digits(float log_probability) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", std::exp(double{log_probability}));
  return text.data();
}

}  // namespace

std::string to_dot(const DecodingGraph& graph) {
  const compute::Transitions& chain = graph.transitions;
  std::string dot = "digraph topology {\n  rankdir=LR;\n  node [shape=circle];\n";
  for (int n = 0; n < chain.states; ++n) {
    const auto i = static_cast<std::size_t>(n);
    const std::string number = std::to_string(n);
    const std::string& label = graph.labels[static_cast<std::size_t>(graph.label_of[i])];
    dot += "  " + number + " [label=\"" + escaped(label);
    if (label != number) dot += "\\n" + number;
    dot += chain.log_final[i] != kLogZero<float> ? "\", shape=doublecircle];\n" : "\"];\n";
    if (chain.log_initial[i] == kLogZero<float>) continue;
    dot += "  start" + number + " [shape=point];\n  start" + number + " -> " + number +
           " [label=\"" + three_digits(chain.log_initial[i]) + "\"];\n";
  }
  for (const auto& arc : chain.arcs) {
    if (arc.log_probability == kLogZero<float>) continue;
    dot += "  " + std::to_string(arc.source) + " -> " + std::to_string(arc.target) + " [label=\"" +
           three_digits(arc.log_probability) + "\"];\n";
  }
  return dot + "}\n";
}

}  // namespace hmm::topology
