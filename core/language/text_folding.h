// Text in the characters that a language's rules know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/language/language_data.h"

namespace hmm {

/// Folded text with, for each of its bytes, the bytes of the source that it stands for.
struct FoldedText {
  std::string text;
  std::vector<uint32_t> begins;  // [text bytes]
  std::vector<uint32_t> ends;    // [text bytes]
};

/// Replaces characters as the table "folding.txt" says (curly quotes, dashes, accents, full-width
/// forms), and drops combining marks and variation selectors. Control characters become spaces.
class TextFolding {
 public:
  explicit TextFolding(const LanguageData& language);

  /// Throws DataError that names the offset for text that is not UTF-8 or of 4 GB or more.
  FoldedText fold(std::string_view text) const;

 private:
  std::unordered_map<std::string, std::string> replacements_;
};

/// Whether the character is written inside words, by its place in Unicode: ASCII letters and what
/// is not ASCII, no symbol, no punctuation and no picture.
bool is_letter(std::string_view character);

}  // namespace hmm
