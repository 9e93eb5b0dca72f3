// Numbers, money, dates, times and fractions as they are read out.
#pragma once

#include <optional>
#include <string_view>

#include "core/language/reading_tables.h"
#include "core/language/written_number.h"

namespace hmm {

/// What stands around a number matters for how it is read.
struct NumberContext {
  bool after_month = false;      // "July 4"
  bool before_month = false;     // "4 July"
  bool before_unit = false;      // "3:00 pm"
  bool after_number = false;     // "2 1/2"
  std::string_view magnitude{};  // "million" of "$5 million"
};

/// Every function takes a whole written form and gives none when it is not of its kind.
class NumberReading {
 public:
  explicit NumberReading(const ReadingTables& tables) : tables_(tables) {}

  std::optional<Words> money(std::string_view text, const NumberContext& context) const;
  std::optional<Words> date(std::string_view text) const;
  std::optional<Words> time(std::string_view text, const NumberContext& context) const;
  std::optional<Words> telephone(std::string_view text) const;
  std::optional<Words> fraction(std::string_view text, const NumberContext& context) const;
  /// A number with what may follow it directly: a unit, an ordinal's ending, "s" of a decade.
  std::optional<Words> quantity(std::string_view text, const NumberContext& context) const;

  /// Digits one by one.
  Words digits(std::string_view text) const;
  Words cardinal(const WrittenNumber& number) const;
  /// The words of a unit or a currency behind a number; none when it is neither.
  std::optional<Words> unit(std::string_view text, bool singular, bool attached) const;

 private:
  Words in_set(std::string_view set, uint64_t number) const;
  bool is_year(const WrittenNumber& number) const;
  Words day(uint64_t number, const NumberContext& context) const;
  std::optional<Words> with_suffix(const WrittenNumber& number, std::string_view suffix,
                                   const NumberContext& context) const;
  std::optional<Words> month_and_day(uint64_t month, uint64_t day) const;

  const ReadingTables& tables_;
};

void append(Words& words, const Words& more);

}  // namespace hmm
