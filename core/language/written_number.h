// Numbers as they are written: digits, groups of three, decimals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hmm {

struct WrittenNumber {
  bool negative = false;
  bool grouped = false;       // with commas
  std::string digits;         // without commas; empty in ".5"
  std::string_view decimals;  // after the point
  std::size_t size = 0;       // characters taken

  bool is_plain() const { return !negative && !grouped && decimals.empty(); }
  /// The value of the digits, up to 18 of them and without a leading zero (but "0").
  std::optional<uint64_t> whole() const;
};

/// The number that `text` starts with: "-1,234.5", ".5". None when it does not start with one.
std::optional<WrittenNumber> written_number(std::string_view text);

/// How many digits `text` starts with.
std::size_t leading_digits(std::string_view text);

/// The value of a Roman numeral in capitals, in its usual form; none for what is not.
std::optional<uint64_t> roman_numeral(std::string_view text);

}  // namespace hmm
