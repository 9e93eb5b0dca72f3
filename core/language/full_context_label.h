// HTS full-context labels: a phone with its neighbours, syllable, word, phrase and utterance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// One line of a label file: `context`, or `start end context` with times in units of 100 ns.
struct FullContextLabel {
  std::string context;
  std::optional<int64_t> start;
  std::optional<int64_t> end;

  bool operator==(const FullContextLabel&) const = default;
};

/// Which front end a label comes from, by its shape.
enum class LabelFormat { kUnknown, kEnglish, kJapanese };

/// English labels read `p1^p2-p3+p4=p5@p6_p7/A:...`, Japanese ones `p1^p2-p3+p4=p5/A:...`.
LabelFormat label_format(std::string_view context);

/// p3, the phone that the label is for; the whole context when it has no `-...+`.
std::string_view label_phone(std::string_view context);

/// The labels of an utterance. Empty lines are passed over; a time of -1 means "not given"; an end
/// that is not given is taken from the next label's start. Throws ParseError, naming the line, when
/// there is no label, a line is not a label, or times run backwards.
std::vector<FullContextLabel> parse_full_context_labels(std::string_view text,
                                                        const std::string& file);

}  // namespace hmm
