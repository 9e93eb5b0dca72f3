// Which label of one tier is which of another, when some were left out or put in.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/language/labels/labels.h"

namespace hmm {

/// A place of the alignment: a label of the reference, of the hypothesis or of both.
struct LabelPair {
  std::optional<std::size_t> reference;
  std::optional<std::size_t> hypothesis;

  bool operator==(const LabelPair&) const = default;
};

/// Fewest insertions, deletions and substitutions (Levenshtein 1966); of equally few the pairs
/// whose starts lie closer together. Throws DataError above 1e8 pairs of labels.
std::vector<LabelPair> align_labels(const Tier& reference, const Tier& hypothesis);

}  // namespace hmm
