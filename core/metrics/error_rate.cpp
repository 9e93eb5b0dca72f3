#include "core/metrics/error_rate.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/metrics/calibration.h"

namespace hmm {
namespace {

ErrorSummary summarize(std::string speaker, const std::vector<const ScoredUtterance*>& utterances) {
  ErrorSummary summary;
  summary.speaker = std::move(speaker);
  std::vector<ScoredDecision> decisions;
  bool has_confidences = true;
  for (const ScoredUtterance* utterance : utterances) {
    ++summary.utterances;
    summary.wrong_utterances += utterance->alignment.errors.errors() > 0 ? 1 : 0;
    summary.words += utterance->alignment.errors;
    for (const AlignedWord& word : utterance->alignment.words) {
      if (!word.hypothesis) continue;
      has_confidences = has_confidences && word.hypothesis->confidence.has_value();
      decisions.push_back(
          {word.hypothesis->confidence.value_or(0), word.kind == AlignedWord::Kind::kCorrect});
    }
  }
  if (has_confidences) summary.normalized_cross_entropy = normalized_cross_entropy(decisions);
  return summary;
}

}  // namespace

std::vector<ScoredUtterance> score_utterances(const std::vector<UtterancePair>& pairs) {
  std::vector<ScoredUtterance> scored;
  for (const UtterancePair& pair : pairs) {
    try {
      scored.push_back({pair.id, pair.speaker, align_words(pair.reference, pair.hypothesis)});
    } catch (const DataError& error) {
      throw DataError("utterance \"" + pair.id + "\": " + error.what());
    }
  }
  return scored;
}

std::vector<ErrorSummary> summarize_speakers(const std::vector<ScoredUtterance>& utterances) {
  std::vector<std::string> speakers;
  for (const ScoredUtterance& utterance : utterances) {
    if (std::find(speakers.begin(), speakers.end(), utterance.speaker) == speakers.end()) {
      speakers.push_back(utterance.speaker);
    }
  }
  std::vector<ErrorSummary> summaries;
  for (const std::string& speaker : speakers) {
    std::vector<const ScoredUtterance*> theirs;
    for (const ScoredUtterance& utterance : utterances) {
      if (utterance.speaker == speaker) theirs.push_back(&utterance);
    }
    summaries.push_back(summarize(speaker, theirs));
  }
  return summaries;
}

ErrorSummary summarize_all(const std::vector<ScoredUtterance>& utterances) {
  std::vector<const ScoredUtterance*> all;
  for (const ScoredUtterance& utterance : utterances) all.push_back(&utterance);
  return summarize("all", all);
}

}  // namespace hmm
