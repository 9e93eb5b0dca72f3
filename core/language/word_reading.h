// Words, acronyms and internet addresses as they are read out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/language/number_reading.h"
#include "core/language/reading_tables.h"

namespace hmm {

class WordReading {
 public:
  explicit WordReading(const ReadingTables& tables) : tables_(tables) {}

  /// How many bytes from the start of `text` form a run of letters and apostrophes or of digits.
  std::size_t run_length(std::string_view text) const;
  /// Reads such a run. `alone`: nothing else is written together with it, as in "A" but not "Q&A".
  Words run(std::string_view run, bool alone, const NumberReading& numbers) const;

  /// Whether the apostrophe that `text` starts with belongs to a word ('tis), not to a quotation.
  bool starts_with_contraction(std::string_view text) const;

  /// An internet address or an e-mail address; none for what is neither.
  std::optional<Words> address(std::string_view text, const NumberReading& numbers) const;

  /// "FBI's" as "FBI" and "'s".
  std::pair<std::string_view, std::string> split_possessive(std::string_view text) const;
  /// Whether a single letter is a word of its own, as "a" and "I" are.
  bool is_word(std::string_view letter) const;

 private:
  Words letters(std::string_view word, bool alone) const;
  Words spelled(std::string_view word) const;
  bool is_spelled(std::string_view capitals) const;

  const ReadingTables& tables_;
};

}  // namespace hmm
