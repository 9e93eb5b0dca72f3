// Models of every format that can be read, as one.
#pragma once

#include <filesystem>
#include <string>

#include "core/model/hmm.h"
#include "core/model/io/pytorch_hmm.h"

namespace hmm {

/// A model and the format that it was found in: "hmm-model", "pytorch_hmm", "htk" or "sphinx".
struct FoundModel {
  Model model;
  std::string format;
};

/// Reads a native file, a pytorch_hmm state dict, an HTK text file (as a loop of its phones) or a
/// CMU Sphinx folder (as a loop of its context-independent phones), whichever `path` is.
/// Throws NotFoundError, ParseError or DataError.
FoundModel load_any_model(const std::filesystem::path& path, const PytorchHmmOptions& options = {});

}  // namespace hmm
