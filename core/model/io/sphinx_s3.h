// The S3 files of a CMU Sphinx acoustic model: means, variances, mixture_weights and
// transition_matrices. Both byte orders; the checksum is verified where there is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/model/acoustic_model.h"

namespace hmm {

/// Means or variances: per codebook, stream and density one vector of the stream's dimension.
struct SphinxGaussians {
  int codebooks = 0;
  int densities = 0;
  std::vector<int> stream_dimensions;
  std::vector<float> values;
};

/// Means. Throws ParseError, also for values that are not finite.
SphinxGaussians parse_sphinx_means(std::span<const std::byte> bytes, const std::string& file);
/// Variances, at least 1e-4 each as in the original decoders. Refuses negative ones.
SphinxGaussians parse_sphinx_variances(std::span<const std::byte> bytes, const std::string& file);

/// Probabilities of the densities of a codebook for each senone.
struct SphinxMixtureWeights {
  int senones = 0;
  int streams = 0;
  int densities = 0;
  std::vector<float> values;  // [senones x streams x densities], each row sums to 1
};

/// Normalises the counts of the file, raises what is below 1e-7, normalises again. Keeps the first
/// `senones` only; -1 keeps all.
SphinxMixtureWeights parse_sphinx_mixture_weights(std::span<const std::byte> bytes,
                                                  const std::string& file, int senones = -1);

/// Normalises the counts of the file, raises those that are neither 0 nor 1e-4 at least,
/// normalises again. Refuses transitions backwards. A state that was never left in training has
/// no way out: its row is -infinity.
PhoneTransitions parse_sphinx_transition_matrices(std::span<const std::byte> bytes,
                                                  const std::string& file);

}  // namespace hmm
