#include "core/language/letter_to_sound.h"

#include <cmath>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/language/flite_rules.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr const char* kTable = "letter_to_sound.txt";
constexpr std::size_t kLongestWord = 100;

}  // namespace

LetterToSound::LetterToSound(const LanguageData& language) : folding_(language) {
  bool has_rules = false;
  for (const auto& row : language.table(kTable, 2, 3)) {
    const auto& fields = row.fields;
    if (fields[0] == "rules") {
      if (fields[1] != "flite-english") {
        throw SettingsError("there are no letter-to-sound rules " + quoted(fields[1]) +
                            "; flite-english are the only ones");
      }
      has_rules = true;
    } else if (fields.size() != 3) {
      language.fail(kTable, row, "the line has 2 fields, not 3");
    } else if (fields[0] == "phones") {
      phones_ =
          std::make_unique<PhoneMap>(language, std::string(fields[1]), std::string(fields[2]));
    } else if (fields[0] == "confidence") {
      const auto value = parse_number(fields[2]);
      if (!value) language.fail(kTable, row, quoted(fields[2]) + " is no number");
      weights_[std::string(fields[1])] = *value;
    } else {
      language.fail(kTable, row, quoted(fields[0]) + " is none of rules, phones, confidence");
    }
  }
  if (!has_rules || !phones_) {
    throw SettingsError(std::string("the language's ") + kTable + " names no rules or no phones");
  }
}

GuessedPronunciation LetterToSound::pronounce(std::string_view word) const {
  std::string letters;
  for (const char c : folding_.fold(word).text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower == '\'' || lower == '-') continue;
    if (lower < 'a' || lower > 'z') {
      throw DataError("the word " + quoted(word) +
                      " has characters that the letter-to-sound rules do not know");
    }
    letters += lower;
  }
  if (letters.empty() || letters.size() > kLongestWord) {
    throw DataError("the word " + quoted(word) + " has " + std::to_string(letters.size()) +
                    " letters; the letter-to-sound rules take 1 to " +
                    std::to_string(kLongestWord));
  }
  std::vector<std::string> sounds = flite_english_rules(letters);
  for (std::string& sound : sounds) {
    if (sound.size() > 1 && sound.back() >= '0' && sound.back() <= '2') sound.pop_back();
  }
  GuessedPronunciation guess{phones_->map(sounds), 0};
  if (guess.phones.empty()) {
    throw DataError("the letter-to-sound rules give no phones for the word " + quoted(word));
  }
  guess.confidence = confidence(letters, guess.phones);
  return guess;
}

double LetterToSound::weight(std::string_view feature) const {
  const auto found = weights_.find(feature);
  return found == weights_.end() ? 0 : found->second;
}

double LetterToSound::confidence(std::string_view letters,
                                 const std::vector<std::string>& phones) const {
  double sum = weight("bias");
  for (std::size_t i = 0; i < letters.size(); ++i) sum += weight(letters.substr(i, 1));
  for (const std::string& phone : phones) sum += weight(phone);
  return 1 / (1 + std::exp(-sum));
}

}  // namespace hmm
