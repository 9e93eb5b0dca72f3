#include "core/metrics/scored_decisions.h"

#include <nlohmann/json.hpp>

#include "core/language/labels/label_lines.h"

namespace hmm {

std::vector<ScoredDecision> read_decisions(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  std::vector<ScoredDecision> decisions;
  while (lines.next()) {
    if (trim(lines.line()).empty()) continue;
    const auto object = nlohmann::json::parse(lines.line(), nullptr, false);
    if (!object.is_object()) lines.fail("the line is no JSON object");
    const auto confidence = object.find("confidence");
    const auto correct = object.find("correct");
    if (confidence == object.end() || !confidence->is_number()) {
      lines.fail("\"confidence\" is missing or no number");
    }
    if (correct == object.end() || !correct->is_boolean()) {
      lines.fail("\"correct\" is missing or neither true nor false");
    }
    const double value = confidence->get<double>();
    if (!(value >= 0 && value <= 1)) lines.fail("\"confidence\" is not from 0 to 1");
    decisions.push_back({value, correct->get<bool>()});
  }
  return decisions;
}

std::vector<ScoredDecision> decisions_of(const std::vector<ScoredUtterance>& utterances) {
  std::vector<ScoredDecision> decisions;
  for (const ScoredUtterance& utterance : utterances) {
    for (const AlignedWord& word : utterance.alignment.words) {
      if (word.hypothesis && word.hypothesis->confidence) {
        decisions.push_back(
            {*word.hypothesis->confidence, word.kind == AlignedWord::Kind::kCorrect});
      }
    }
  }
  return decisions;
}

}  // namespace hmm
