// The alignment of a recognised transcript with what was said, and its errors.
//
// The cheapest pair of paths through two word networks by dynamic programming, with the costs and
// the tie rule of NIST's sclite: substitution 4, insertion and deletion 3 (2 for an optional word,
// next to nothing for the null word); of equal costs a substitution (or match) wins, then an
// insertion, then a deletion.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/metrics/word_network.h"

namespace hmm {

struct WordErrors {
  int64_t correct = 0;
  int64_t substitutions = 0;
  int64_t deletions = 0;
  int64_t insertions = 0;

  int64_t reference_words() const { return correct + substitutions + deletions; }
  int64_t errors() const { return substitutions + deletions + insertions; }
  /// Errors per word of the reference; infinite when it has none but there are insertions.
  double rate() const;

  WordErrors& operator+=(const WordErrors& other);
  bool operator==(const WordErrors&) const = default;
};

/// A place of the alignment: a word of the reference, of the hypothesis or of both.
struct AlignedWord {
  enum class Kind { kCorrect, kSubstitution, kDeletion, kInsertion };
  Kind kind = Kind::kCorrect;
  std::optional<TranscriptWord> reference;
  std::optional<TranscriptWord> hypothesis;  // none for an optional word left out, which is correct
};

struct WordAlignment {
  std::vector<AlignedWord> words;
  WordErrors errors;
};

/// Throws DataError when the two are so long that the alignment would need more than 2 GiB.
WordAlignment align_words(const WordNetwork& reference, const WordNetwork& hypothesis);

/// Whether two words count as the same: equal, or one is a fragment of the other.
bool same_word(const TranscriptWord& a, const TranscriptWord& b);

}  // namespace hmm
