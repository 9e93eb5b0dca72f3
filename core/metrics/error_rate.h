// Word (or character) error rates of a test set, by speaker and as a whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/transcripts.h"
#include "core/metrics/word_alignment.h"

namespace hmm {

struct ScoredUtterance {
  std::string id;
  std::string speaker;
  WordAlignment alignment;
};

/// Throws DataError that names the utterance.
std::vector<ScoredUtterance> score_utterances(const std::vector<UtterancePair>& pairs);

/// One line of the table: a speaker, or all of them.
struct ErrorSummary {
  std::string speaker;
  int64_t utterances = 0;
  int64_t wrong_utterances = 0;  // with at least one error
  WordErrors words;
  /// How much the confidences tell of which words are right, at most 1 (normalised cross entropy,
  /// NIST); none when a recognised word has no confidence or all are right or all wrong.
  std::optional<double> normalized_cross_entropy;
};

/// Speakers in order of their first utterance.
std::vector<ErrorSummary> summarize_speakers(const std::vector<ScoredUtterance>& utterances);
ErrorSummary summarize_all(const std::vector<ScoredUtterance>& utterances);

}  // namespace hmm
