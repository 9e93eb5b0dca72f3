// How words that are in no dictionary are pronounced.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/language_data.h"
#include "core/language/phone_map.h"
#include "core/language/text_folding.h"

namespace hmm {

struct GuessedPronunciation {
  std::vector<std::string> phones;
  double confidence = 0;  // probability that it is right in every phone
};

/// Letter-to-sound rules and the phones that they give, as "letter_to_sound.txt" of the language
/// says. English: flite's rules, mapped to CMU's phones. The confidence is a logistic regression on
/// the letters and phones of a word, fitted on words of CMU's dictionary.
class LetterToSound {
 public:
  /// Throws SettingsError for rules that there are not, ParseError and NotFoundError for tables.
  explicit LetterToSound(const LanguageData& language);

  /// Accents, case, apostrophes and hyphens make no difference. Throws DataError for a word with
  /// other characters than letters that the rules know, or with more than 100 of them.
  GuessedPronunciation pronounce(std::string_view word) const;

 private:
  double weight(std::string_view feature) const;
  double confidence(std::string_view letters, const std::vector<std::string>& phones) const;

  TextFolding folding_;
  std::map<std::string, double, std::less<>> weights_;
  std::unique_ptr<const PhoneMap> phones_;
};

}  // namespace hmm
