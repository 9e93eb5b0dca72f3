// A CMU Sphinx acoustic model: a folder of files.
#pragma once

#include <filesystem>

#include "core/model/acoustic_model.h"

namespace hmm {

struct SphinxModelOptions {
  /// Without triphones a model keeps only the phones without context and their senones: a
  /// fraction of the memory, enough for a phone loop.
  bool triphones = true;
};

/// Reads mdef, means, variances, sendump or mixture_weights, transition_matrices, feat.params, and
/// noisedict where there is one. Continuous, semi-continuous and phonetically tied models.
/// Throws NotFoundError for a file that is absent, ParseError for one that breaks its format,
/// DataError, which names both, for two that do not fit each other.
AcousticModel load_sphinx_model(const std::filesystem::path& folder,
                                const SphinxModelOptions& options = {});

}  // namespace hmm
