#include "core/language/labels/label_lines.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace hmm {
namespace {

uint64_t line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<uint64_t>(std::count(text.begin(), text.begin() + offset, '\n'));
}

std::string from_utf16(std::string_view bytes, bool big_endian, const std::string& file) {
  std::string text;
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto first = static_cast<uint8_t>(bytes[at]);
    const auto second = static_cast<uint8_t>(bytes[at + 1]);
    return big_endian ? char32_t{first} << 8 | second : char32_t{second} << 8 | first;
  };
  for (std::size_t at = 2; at < bytes.size(); at += 2) {
    char32_t value = at + 1 < bytes.size() ? unit(at) : 0xDC00;
    if (value >= 0xD800 && value < 0xDC00 && at + 3 < bytes.size()) {
      const char32_t low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    if (value >= 0xD800 && value < 0xE000) {
      throw ParseError::at_line(file, line_at(text, text.size()), "the UTF-16 text is damaged");
    }
    append_utf8(text, value);
  }
  return text;
}

}  // namespace

std::string decode_text(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE")) {
    return from_utf16(bytes, bytes[0] == '\xFE', file);
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t invalid = find_invalid_utf8(bytes);
  if (invalid != std::string_view::npos) {
    throw ParseError::at_line(file, line_at(bytes, invalid), "the text is not valid UTF-8");
  }
  return std::string(bytes);
}

double LabelLines::number(std::string_view field, std::string_view what) const {
  const auto value = parse_number(field);
  if (!value) fail(std::string(what) + " is " + quoted(field) + ", which is no number");
  return *value;
}

int64_t LabelLines::integer(std::string_view field, std::string_view what) const {
  const auto value = parse_integer(field, INT64_MIN, INT64_MAX);
  if (!value) fail(std::string(what) + " is " + quoted(field) + ", which is no whole number");
  return *value;
}

int64_t LabelLines::seconds(std::string_view field, std::string_view what) const {
  const double value = number(field, what);
  if (value < 0) fail(std::string(what) + " is " + std::string(field) + ", before 0");
  if (value > kLongestRecording) {
    fail(std::string(what) + " is " + std::string(field) + ", more than any recording lasts");
  }
  return nanoseconds(value);
}

double LabelLines::confidence(std::string_view field) const {
  const double value = number(field, "the confidence");
  if (value < 0 || value > 1) {
    fail("the confidence is " + std::string(field) + ", not from 0 to 1");
  }
  return value;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

std::string format_seconds(int64_t nanoseconds, int decimals) {
  int64_t unit = 1;
  for (int i = decimals; i < 9; ++i) unit *= 10;
  const bool negative = nanoseconds < 0;
  const int64_t rounded = ((negative ? -nanoseconds : nanoseconds) + unit / 2) / unit;
  const int64_t units_a_second = 1'000'000'000 / unit;
  std::string text(negative && rounded != 0 ? 1 : 0, '-');
  text += std::to_string(rounded / units_a_second);
  if (decimals > 0) {
    const std::string fraction = std::to_string(rounded % units_a_second);
    text += '.';
    text.append(static_cast<std::size_t>(decimals) - fraction.size(), '0').append(fraction);
  }
  return text;
}

std::string format_seconds(int64_t nanoseconds) {
  std::string text = format_seconds(nanoseconds, 9);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace hmm
