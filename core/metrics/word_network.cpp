#include "core/metrics/word_network.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace hmm {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::size_t kDeepestNesting = 100;

/// The part in front of the first unescaped semicolon, without the escapes.
std::string without_tags(std::string_view written) {
  std::string text;
  for (std::size_t i = 0; i < written.size() && written[i] != ';'; ++i) {
    if (written[i] == '\\' && i + 1 < written.size()) ++i;
    text += written[i];
  }
  return text;
}

bool is_ascii(std::string_view character) { return character.size() == 1; }

/// The parts of a word that are scored as words of their own.
std::vector<std::string> split_characters(const std::string& text, const WordOptions& options) {
  std::vector<std::string> parts;
  bool last_was_ascii = false;
  for (const std::string_view character : utf8_characters(text)) {
    if (options.delete_hyphens && character == "-") continue;
    const bool joins = options.characters == WordOptions::Characters::kNonAscii && last_was_ascii &&
                       is_ascii(character);
    if (joins) {
      parts.back() += character;
    } else {
      parts.emplace_back(character);
    }
    last_was_ascii = is_ascii(character);
  }
  return parts;
}

}  // namespace

void WordNetwork::append(TranscriptWord word) {
  arcs_.push_back({std::move(word), open_});
  open_ = {static_cast<int>(arcs_.size()) - 1};
}

void WordNetwork::add_word(std::string_view written, std::optional<double> confidence) {
  TranscriptWord word;
  word.text = without_tags(written);
  word.text = fold_case(word.text, options_);
  if (word.text.size() > 1 && word.text.ends_with('*')) word.text.pop_back();
  word.confidence = confidence;
  if (options_.optional_words && word.text.size() > 2 && word.text.starts_with('(') &&
      word.text.ends_with(')')) {
    word.optional = true;
    word.text = word.text.substr(1, word.text.size() - 2);
  }
  word.fragment = options_.fragments && (word.text.starts_with('-') || word.text.ends_with('-'));
  if (options_.characters == WordOptions::Characters::kNone || word.text.size() <= 1) {
    append(std::move(word));
    return;
  }
  for (std::string& part : split_characters(word.text, options_)) {
    append({std::move(part), word.optional, false, confidence});
  }
}

void WordNetwork::begin_alternatives() {
  if (choices_.size() == kDeepestNesting) throw DataError("alternatives nest too deeply");
  choices_.push_back({open_, {}, arcs_.size()});
}

void WordNetwork::close_alternative() {
  Choice& choice = choices_.back();
  if (arcs_.size() == choice.arcs_before) append({"@", false, false, {}});
  choice.exits.insert(choice.exits.end(), open_.begin(), open_.end());
  choice.arcs_before = arcs_.size();
}

void WordNetwork::next_alternative() {
  close_alternative();
  open_ = choices_.back().entry;
}

void WordNetwork::end_alternatives() {
  close_alternative();
  open_ = std::move(choices_.back().exits);
  choices_.pop_back();
}

std::string fold_case(std::string_view text, const WordOptions& options) {
  if (options.letter_case == WordOptions::LetterCase::kFold) return lower_case_utf8(text);
  std::string folded(text);
  if (options.letter_case == WordOptions::LetterCase::kFoldAscii) {
    for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

WordNetwork parse_transcript(std::string_view text, const WordOptions& options) {
  WordNetwork network(options);
  std::size_t depth = 0;
  for (std::size_t at = text.find_first_not_of(kBlank); at != std::string_view::npos;
       at = text.find_first_not_of(kBlank, at)) {
    if (text[at] == '{') {
      network.begin_alternatives();
      ++depth;
      ++at;
    } else if (depth > 0 && text[at] == '}') {
      network.end_alternatives();
      --depth;
      ++at;
    } else if (depth > 0 && text[at] == '/') {
      network.next_alternative();
      ++at;
    } else {
      const std::size_t end =
          std::min(text.find_first_of(depth > 0 ? " \t\r\n/{}" : kBlank, at), text.size());
      network.add_word(text.substr(at, end - at));
      at = end;
    }
  }
  if (depth > 0) throw DataError("a \"{\" is never closed");
  return network;
}

}  // namespace hmm
