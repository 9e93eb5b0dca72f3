// How numbers are said, by rules that are data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/language_data.h"

namespace hmm {

/// Rule-based number names, in the manner of ICU's RuleBasedNumberFormat. A line of "numbers.txt"
/// is `SET  BASE[/DIVISOR]  WORDS  [WORDS]`: of a set the rule with the largest base up to the
/// number applies, with the first words when the divisor (else the largest power of ten up to the
/// base) divides it, else the second, else the first. In the words, `<SET` stands for the quotient,
/// `>SET` for the remainder and `=SET` for the number itself in that set; the set's name may be
/// left out after < and >. A rule with no words says that the set has none for these numbers.
class NumberWords {
 public:
  /// Throws ParseError with the line for rules that cannot work.
  explicit NumberWords(const LanguageData& language);

  bool has(std::string_view set) const { return sets_.contains(set); }
  /// Appends the words of `number`. False, with nothing appended, when the set has no rule for it.
  bool append(std::string_view set, uint64_t number, std::vector<std::string>& words) const;

 private:
  struct Part {
    char kind;         // '<', '>', '=', or 0 for a word
    std::string text;  // the set, or the word
  };
  struct Rule {
    uint64_t base, divisor;
    std::vector<Part> even, uneven;
  };
  static std::vector<Part> parts_of(std::string_view set, std::string_view words);
  bool append(std::string_view set, uint64_t number, int& steps,
              std::vector<std::string>& words) const;

  std::map<std::string, std::vector<Rule>, std::less<>> sets_;  // each sorted by base
};

}  // namespace hmm
