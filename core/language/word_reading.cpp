#include "core/language/word_reading.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/language/text_folding.h"

namespace hmm {
namespace {

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

bool contains(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view first_character(std::string_view text) {
  return utf8_characters(text.substr(0, std::min<std::size_t>(text.size(), 4)))[0];
}

}  // namespace

std::size_t WordReading::run_length(std::string_view text) const {
  if (const std::size_t digits = leading_digits(text); digits > 0) return digits;
  std::size_t length = 0;
  while (length < text.size()) {
    const std::string_view character = first_character(text.substr(length));
    if (is_letter(character)) {
      length += character.size();
      continue;
    }
    const std::string_view rest = text.substr(length + 1);
    const bool apostrophe = character == "'" && !rest.empty() && is_letter(first_character(rest)) &&
                            (length > 0 || starts_with_contraction(text));
    if (!apostrophe) break;
    ++length;
  }
  return length;
}

bool WordReading::starts_with_contraction(std::string_view text) const {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t end = std::min(text.find_first_not_of(kLetters, 1), text.size());
  constexpr std::size_t kLongest = 16;
  return end <= kLongest && tables_.contractions.contains(lower_case_utf8(text.substr(0, end)));
}

Words WordReading::run(std::string_view run, bool alone, const NumberReading& numbers) const {
  if (leading_digits(run) == 0) return letters(run, alone);
  return numbers.cardinal(*written_number(run));
}

bool WordReading::is_word(std::string_view letter) const {
  return contains(tables_.phrase("letter-words"), lower_case_utf8(letter));
}

std::pair<std::string_view, std::string> WordReading::split_possessive(
    std::string_view text) const {
  for (const std::string& ending : tables_.phrase("possessive")) {
    if (text.size() > ending.size() && text.ends_with(ending)) {
      return {text.substr(0, text.size() - ending.size()), ending};
    }
  }
  return {text, {}};
}

bool WordReading::is_spelled(std::string_view capitals) const {
  const auto listed = tables_.acronyms.find(capitals);
  if (listed != tables_.acronyms.end()) return listed->second;
  const Words& vowels = tables_.phrase("vowels");
  const std::string lower = lower_case_utf8(capitals);
  return std::ranges::none_of(utf8_characters(lower),
                              [&](std::string_view letter) { return contains(vowels, letter); });
}

Words WordReading::spelled(std::string_view word) const {
  Words words;
  const std::string lower = lower_case_utf8(word);
  for (const std::string_view letter : utf8_characters(lower)) {
    words.push_back(tables_.letter(letter));
  }
  return words;
}

Words WordReading::letters(std::string_view word, bool alone) const {
  auto [stem, ending] = split_possessive(word);
  const auto all_capitals = [](std::string_view text) {
    return text.size() > 1 && std::ranges::all_of(text, is_capital);
  };
  if (ending.empty() && tables_.phrase("possessive").size() == 1 && stem.size() > 2 &&
      contains(tables_.phrase("plural-letters"), stem.substr(stem.size() - 1)) &&
      all_capitals(stem.substr(0, stem.size() - 1)) &&
      is_spelled(stem.substr(0, stem.size() - 1))) {
    stem.remove_suffix(1);  // "DVDs": the dictionary writes the plural of a letter's name "d.'s"
    ending = tables_.phrase("possessive")[0];
  }
  const bool one_letter = utf8_characters(stem).size() == 1;
  const bool letter_name = one_letter && !(is_word(stem) && (alone || !is_capital(stem[0])));
  if (letter_name || (all_capitals(stem) && is_spelled(stem))) {
    Words words = spelled(stem);
    words.back() += ending;
    return words;
  }
  return {lower_case_utf8(word)};
}

std::optional<Words> WordReading::address(std::string_view text,
                                          const NumberReading& numbers) const {
  const std::size_t scheme = text.find("://");
  const bool named = scheme != std::string_view::npos && scheme > 0;
  if (named) text.remove_prefix(scheme + 3);
  const std::string_view host = text.substr(0, text.find_first_of("/?#"));
  const std::size_t dot = host.rfind('.');
  const bool has_domain = dot != std::string_view::npos && dot > 0 && dot + 1 < host.size();
  const bool known = has_domain &&
                     tables_.domains.contains(lower_case_utf8(host.substr(dot + 1))) &&
                     std::ranges::none_of(host.substr(0, dot), is_capital);
  const std::size_t at = host.find('@');
  const bool mail = at != std::string_view::npos && at > 0 && has_domain && at < dot;
  if (!named && !known && !mail && !(host.starts_with("www.") && has_domain)) return std::nullopt;
  constexpr std::pair<char, const char*> kMarks[] = {
      {'.', "address-dot"},  {'@', "address-at"},         {'/', "address-slash"},
      {'-', "address-dash"}, {'_', "address-underscore"}, {':', "address-colon"}};
  Words words;
  while (text.ends_with('/')) text.remove_suffix(1);
  while (!text.empty()) {
    if (const std::size_t run = run_length(text); run > 0) {
      const std::string_view label = text.substr(0, run);
      const bool is_number = leading_digits(label) > 0;
      const std::string lower = lower_case_utf8(label);
      const bool no_vowel = std::ranges::none_of(utf8_characters(lower), [&](auto letter) {
        return contains(tables_.phrase("vowels"), letter);
      });
      append(words, is_number  ? this->run(label, true, numbers)
                    : no_vowel ? spelled(lower)
                               : Words{lower});
      text.remove_prefix(run);
      continue;
    }
    for (const auto& [mark, phrase] : kMarks) {
      if (text[0] == mark) append(words, tables_.phrase(phrase));
    }
    text.remove_prefix(first_character(text).size());
  }
  if (words.empty()) return std::nullopt;
  return words;
}

}  // namespace hmm
