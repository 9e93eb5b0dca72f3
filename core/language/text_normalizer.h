// Written text as the words that a reader says.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/language_data.h"

namespace hmm {

/// A stretch of the original text and how it is read.
struct NormalizedToken {
  std::vector<std::string> words;  // at least one
  std::size_t begin = 0;           // bytes of the original text, end excluded
  std::size_t end = 0;
};

/// Reads text out: numbers, decimals, ordinals, years, dates, times, money, fractions, ranges,
/// units, Roman numerals, initials, acronyms, abbreviations, addresses, hyphens and quotes. What it
/// knows of the language are the tables of its folder. Safe to use from several threads.
class TextNormalizer {
 public:
  /// Throws NotFoundError or ParseError when a table is missing or malformed.
  explicit TextNormalizer(const LanguageData& language);
  ~TextNormalizer();

  /// Words are in lower case and spelled as in the language's dictionary (names of letters in
  /// English: "a."). Tokens come in the order of the text and do not overlap; what lies between two
  /// of them (space, punctuation) is not spoken. So the text from the begin of one token to the
  /// begin of another is what was written for the words between, letter for letter.
  ///
  /// Throws DataError that names the byte when the text is not UTF-8.
  std::vector<NormalizedToken> normalize(std::string_view text) const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

/// All words of the tokens, separated by spaces.
std::string spoken_text(const std::vector<NormalizedToken>& tokens);

}  // namespace hmm
