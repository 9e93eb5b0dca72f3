#include "core/language/written_number.h"

#include <algorithm>

#include "core/model/io/text_lines.h"

namespace hmm {

std::size_t leading_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

std::optional<uint64_t> WrittenNumber::whole() const {
  constexpr std::size_t kMostDigits = 18;
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  return static_cast<uint64_t>(*parse_integer(digits, 0, 999'999'999'999'999'999));
}

std::optional<WrittenNumber> written_number(std::string_view text) {
  WrittenNumber number;
  if (text.starts_with('-') || text.starts_with('+')) {
    number.negative = text[0] == '-';
    number.size = 1;
  }
  const auto rest = [&] { return text.substr(number.size); };
  std::size_t count = leading_digits(rest());
  number.digits = rest().substr(0, count);
  number.size += count;
  if (count >= 1 && count <= 3) {
    while (rest().starts_with(',') && leading_digits(rest().substr(1)) == 3) {
      number.digits += rest().substr(1, 3);
      number.size += 4;
      number.grouped = true;
    }
  }
  if (rest().starts_with('.')) {
    count = leading_digits(rest().substr(1));
    if (count > 0) {
      number.decimals = rest().substr(1, count);
      number.size += 1 + count;
    }
  }
  if (number.digits.empty() && number.decimals.empty()) return std::nullopt;
  return number;
}

std::optional<uint64_t> roman_numeral(std::string_view text) {
  struct Digit {
    std::string_view written;
    uint64_t value;
  };
  constexpr Digit kDigits[] = {{"M", 1000}, {"CM", 900}, {"D", 500}, {"CD", 400}, {"C", 100},
                               {"XC", 90},  {"L", 50},   {"XL", 40}, {"X", 10},   {"IX", 9},
                               {"V", 5},    {"IV", 4},   {"I", 1}};
  constexpr uint64_t kMost = 3999;
  uint64_t value = 0;
  std::string_view rest = text;
  for (const auto& [written, worth] : kDigits) {
    for (; rest.starts_with(written); rest.remove_prefix(written.size())) value += worth;
  }
  if (text.empty() || !rest.empty() || value > kMost) return std::nullopt;
  // Only the usual form of the value will do: VIII, not IIX or IIIIIIII.
  std::string usual;
  uint64_t left = value;
  for (const auto& [written, worth] : kDigits) {
    for (; left >= worth; left -= worth) usual += written;
  }
  return usual == text ? std::optional(value) : std::nullopt;
}

}  // namespace hmm
