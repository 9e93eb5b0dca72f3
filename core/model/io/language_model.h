// Language models from files.
#pragma once

#include <filesystem>

#include "core/model/ngram_model.h"

namespace hmm {

/// Reads an ARPA file or CMU's .lm.bin, told apart by the first bytes; the latter stays in the
/// file, mapped, and takes memory only where it is looked at. Throws NotFoundError and ParseError.
NgramModel load_language_model(const std::filesystem::path& path);

}  // namespace hmm
