// The decision trees inside an .htsvoice file.
#pragma once

#include <string>
#include <string_view>

#include "core/model/decision_tree.h"

namespace hmm {

/// Questions (`QS name { "pattern",... }`) and trees (`{*}[state] { index question NO YES ... }`).
/// Densities are left empty. Throws ParseError, naming `section` and its line.
TiedDensities read_hts_trees(std::string_view text, const std::string& file,
                             const std::string& section);

/// Throws ParseError when a leaf refers to a density that the file does not hold.
void check_leaves(const TiedDensities& model, const std::string& file, const std::string& section);

}  // namespace hmm
