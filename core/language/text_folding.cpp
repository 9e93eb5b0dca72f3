#include "core/language/text_folding.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace hmm {
namespace {

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<uint8_t>(character[0]);
  if (character.size() == 1) return lead;
  char32_t value = lead & (0xFFU >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) {
    value = value << 6 | (static_cast<uint8_t>(character[i]) & 0x3FU);
  }
  return value;
}

bool in_any(char32_t value, const std::vector<std::pair<char32_t, char32_t>>& ranges) {
  return std::ranges::any_of(
      ranges, [&](const auto& range) { return value >= range.first && value <= range.second; });
}

bool is_mark(char32_t value) {
  static const std::vector<std::pair<char32_t, char32_t>> kMarks = {
      {0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
  return value >= 0x300 && in_any(value, kMarks);
}

}  // namespace

TextFolding::TextFolding(const LanguageData& language) {
  constexpr const char* kTable = "folding.txt";
  for (const auto& row : language.table(kTable, 2, 2)) {
    if (utf8_characters(row.fields[0]).size() != 1) {
      language.fail(kTable, row, "the first field is not one character");
    }
    replacements_[std::string(row.fields[0])] = row.fields[1];
  }
}

FoldedText TextFolding::fold(std::string_view text) const {
  if (text.size() >= std::numeric_limits<uint32_t>::max()) {
    throw DataError("the text is larger than 4 GB");
  }
  if (const std::size_t invalid = find_invalid_utf8(text); invalid != std::string_view::npos) {
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(invalid), '\n');
    throw DataError("the text is not UTF-8 at byte " + std::to_string(invalid) + " (line " +
                    std::to_string(line + 1) + ")");
  }
  FoldedText folded;
  folded.text.reserve(text.size());
  folded.begins.reserve(text.size());
  folded.ends.reserve(text.size());
  const auto add = [&](std::string_view characters, std::size_t begin, std::size_t size) {
    folded.text += characters;
    folded.begins.insert(folded.begins.end(), characters.size(), static_cast<uint32_t>(begin));
    folded.ends.insert(folded.ends.end(), characters.size(), static_cast<uint32_t>(begin + size));
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<uint8_t>(text[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    const std::string_view character = text.substr(at, size);
    if (size == 1) {
      add(lead < 0x20 || lead == 0x7F ? std::string_view(" ") : character, at, size);
    } else if (const auto found = replacements_.find(std::string(character));
               found != replacements_.end()) {
      add(found->second, at, size);
    } else if (!is_mark(code_point(character))) {
      add(lead == 0xC2 && static_cast<uint8_t>(text[at + 1]) < 0xA0 ? " " : character, at, size);
    } else if (!folded.ends.empty()) {
      folded.ends.back() = static_cast<uint32_t>(at + size);
    }
    at += size;
  }
  return folded;
}

bool is_letter(std::string_view character) {
  const char32_t value = code_point(character);
  if (value < 0x80) return (value | 0x20U) >= 'a' && (value | 0x20U) <= 'z';
  // Latin-1 signs; punctuation, arrows, mathematics, boxes, dingbats; CJK punctuation; private use;
  // pictures.
  static const std::vector<std::pair<char32_t, char32_t>> kSigns = {
      {0x80, 0xBF},     {0xD7, 0xD7},       {0xF7, 0xF7},       {0x2000, 0x2BFF},
      {0x2E00, 0x2E7F}, {0x3000, 0x303F},   {0xE000, 0xF8FF},   {0xFE10, 0xFE6F},
      {0xFFF0, 0xFFFF}, {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF}};
  return !in_any(value, kSigns);
}

}  // namespace hmm
