#include "core/model/decoding_graph.h"

#include <algorithm>

#include "core/base/error.h"

namespace hmm {

void DecodingGraph::validate() const {
  transitions.validate();
  const auto states = static_cast<std::size_t>(transitions.states);
  if (label_of.size() != states || starts_unit.size() != states) {
    throw SettingsError("a decoding graph needs a label for each of its " + std::to_string(states) +
                        " states");
  }
  if (filler.size() != labels.size() ||
      !std::all_of(label_of.begin(), label_of.end(), [this](int32_t label) {
        return label >= 0 && static_cast<std::size_t>(label) < labels.size();
      })) {
    throw SettingsError("a state of the decoding graph names a label that does not exist");
  }
}

}  // namespace hmm
