// CMU Sphinx sendump: mixture weights of all senones in 8 bits, or in 4 bits that point to a
// cluster. Value q means the weight 1.0001^(-1024 q).
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/model/io/sphinx_s3.h"

namespace hmm {

/// Reads the weights. The file does not say its whole shape: `streams`, `densities` and
/// `senones_in_file` are those of the other files of the model, and what the file says must agree.
/// Normalises (as stored a row sums to 0.9 to 1). Keeps the first `senones` only. Throws
/// ParseError.
SphinxMixtureWeights parse_sphinx_sendump(std::span<const std::byte> bytes, const std::string& file,
                                          int streams, int densities, int senones_in_file,
                                          int senones);

}  // namespace hmm
