// CMU Sphinx model definition (mdef), text 0.3 and binary BMDF 1: which phones there are and which
// senones and transition matrix each has. Layouts as in sphinxbase's and pocketsphinx's bin_mdef.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/model/phone_set.h"

namespace hmm {

struct SphinxModelDefinition {
  PhoneSet phones;
  int senones = 0;
  int context_independent_senones = 0;  // the first ones
  int transition_matrices = 0;
};

/// Reads either form, told apart by the first bytes. Without `triphones` only phones without
/// context are kept. `file` names the file in errors. Throws ParseError.
SphinxModelDefinition parse_sphinx_mdef(std::span<const std::byte> bytes, const std::string& file,
                                        bool triphones = true);

SphinxModelDefinition parse_sphinx_mdef_text(std::span<const std::byte> bytes,
                                             const std::string& file, bool triphones = true);
SphinxModelDefinition parse_sphinx_mdef_binary(std::span<const std::byte> bytes,
                                               const std::string& file, bool triphones = true);

}  // namespace hmm
