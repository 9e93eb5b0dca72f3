// CMU Sphinx noisedict: the filler words of a model, one a line with its phones.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/model/acoustic_model.h"

namespace hmm {

/// Reads `WORD PHONE...` lines; the phones must be in `phones`. Lines that start with ## or ;; are
/// comments. Throws ParseError.
std::vector<FillerWord> parse_sphinx_noisedict(std::span<const std::byte> bytes,
                                               const std::string& file, const PhoneSet& phones);

}  // namespace hmm
