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
enum class ContextFormat { kUnknown, kEnglish, kJapanese };

/// English labels read `p1^p2-p3+p4=p5@p6_p7/A:...`, Japanese ones `p1^p2-p3+p4=p5/A:...`.
ContextFormat label_format(std::string_view context);

/// p3, the phone that the label is for; the whole context when it has no `-...+`.
std::string_view label_phone(std::string_view context);

/// Reads the labels of an utterance one at a time. Empty lines are passed over; a time of -1 means
/// "not given"; an end that is not given is taken from the next label's start.
class FullContextLabelReader {
 public:
  /// `text` must outlive the reader; `file` names it in messages.
  FullContextLabelReader(std::string_view text, std::string file);

  /// The next label, none at the end. Throws ParseError, naming the line, when there is no label at
  /// all, a line is not a label, or times run backwards.
  std::optional<FullContextLabel> next();

 private:
  std::optional<FullContextLabel> read();
  FullContextLabel parse(std::string_view line);
  std::optional<int64_t> parse_time(std::string_view word) const;
  void check(const FullContextLabel& label);
  [[noreturn]] void fail(const std::string& reason) const;

  std::string_view text_;
  std::string file_;
  uint64_t line_ = 0;
  int64_t latest_ = 0;                     // The last time seen.
  std::optional<FullContextLabel> ahead_;  // Already read; its start may end the one before.
};

/// All labels of an utterance; throws as the reader does.
std::vector<FullContextLabel> parse_full_context_labels(std::string_view text,
                                                        const std::string& file);

}  // namespace hmm
