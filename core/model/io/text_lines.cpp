#include "core/model/io/text_lines.h"

#include <charconv>
#include <cmath>

#include "core/base/error.h"

namespace hmm {

bool TextLines::next() {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  return true;
}

void TextLines::fail(const std::string& reason) const {
  throw ParseError::at_line(file_, number_, reason);
}

std::vector<std::string_view> split_words(std::string_view line) {
  constexpr std::string_view kBlank = " \t";
  std::vector<std::string_view> words;
  for (std::size_t start = line.find_first_not_of(kBlank); start != std::string_view::npos;) {
    const std::size_t end = line.find_first_of(kBlank, start);
    words.push_back(line.substr(start, end - start));
    start = line.find_first_not_of(kBlank, end);
  }
  return words;
}

std::optional<double> parse_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> parse_integer(std::string_view word, int64_t minimum, int64_t maximum) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < minimum ||
      value > maximum) {
    return std::nullopt;
  }
  return value;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown)) {
    const bool printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    shown += printable ? c : '?';
  }
  return shown + (text.size() > kShown ? "...\"" : "\"");
}

}  // namespace hmm
