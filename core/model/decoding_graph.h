// What a decoder runs over: states with transitions, and the units (phones, words, any label) that
// they spell.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/compute/parameters.h"

namespace hmm {

struct DecodingGraph {
  compute::Transitions transitions;

  std::vector<std::string> labels;   // [L] names of the units
  std::vector<uint8_t> filler;       // [L] 1: silence or noise, which is no text
  std::vector<int32_t> label_of;     // [N] the unit that a state belongs to
  std::vector<uint8_t> starts_unit;  // [N] 1: coming here from another state begins a new unit

  /// Throws SettingsError when the parts do not fit each other.
  void validate() const;
};

}  // namespace hmm
