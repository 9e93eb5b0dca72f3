#include "core/language/number_reading.h"

#include <algorithm>
#include <vector>

#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

std::vector<std::string_view> split_at(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool all_digits(std::string_view text) {
  return !text.empty() && leading_digits(text) == text.size();
}

uint64_t value_of(std::string_view digits) {
  return static_cast<uint64_t>(parse_integer(digits, 0, 999'999'999).value_or(0));
}

}  // namespace

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

Words NumberReading::in_set(std::string_view set, uint64_t number) const {
  Words words;
  tables_.numbers.append(set, number, words);
  return words;
}

Words NumberReading::digits(std::string_view text) const {
  Words words;
  for (const char digit : text) append(words, in_set("digit", static_cast<uint64_t>(digit - '0')));
  return words;
}

Words NumberReading::cardinal(const WrittenNumber& number) const {
  Words words;
  if (number.negative) append(words, tables_.phrase("minus"));
  if (const auto whole = number.whole()) {
    const Words spelled = in_set("cardinal", *whole);
    append(words, spelled.empty() ? digits(number.digits) : spelled);
  } else {
    append(words, digits(number.digits));
  }
  if (!number.decimals.empty()) {
    append(words, tables_.phrase("decimal-point"));
    append(words, digits(number.decimals));
  }
  return words;
}

std::optional<Words> NumberReading::unit(std::string_view text, bool singular,
                                         bool attached) const {
  if (const auto unit = tables_.units.find(text); unit != tables_.units.end()) {
    if (unit->second.attached && !attached) return std::nullopt;
    return singular ? unit->second.singular : unit->second.plural;
  }
  if (const auto money = tables_.currencies.find(text); money != tables_.currencies.end()) {
    return singular ? money->second.singular : money->second.plural;
  }
  return std::nullopt;
}

std::optional<Words> NumberReading::money(std::string_view text,
                                          const NumberContext& context) const {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const ReadingTables::Currency* currency = nullptr;
  std::size_t sign = 0;
  for (const auto& [written, value] : tables_.currencies) {
    if (text.starts_with(written) && written.size() > sign) {
      currency = &value;
      sign = written.size();
    }
  }
  if (currency == nullptr) return std::nullopt;
  text.remove_prefix(sign);
  if (text.empty() || text[0] == '-' || text[0] == '+') return std::nullopt;
  auto amount = written_number(text);
  if (!amount) return std::nullopt;
  amount->negative = negative;
  const std::string_view suffix = text.substr(amount->size);
  const auto scale = tables_.magnitudes.find(suffix);
  if (!suffix.empty() && scale == tables_.magnitudes.end()) return std::nullopt;
  const bool scaled = !suffix.empty() || !context.magnitude.empty();
  if (scaled || amount->decimals.size() != 2 || currency->minor_plural.empty()) {
    Words words = cardinal(*amount);
    if (!suffix.empty()) words.push_back(scale->second.word);
    if (!context.magnitude.empty()) return words;  // the currency follows the magnitude
    const bool one = !scaled && amount->digits == "1" && amount->decimals.empty();
    append(words, one ? currency->singular : currency->plural);
    return words;
  }
  const std::string minor = std::string(amount->decimals);
  amount->decimals = {};
  const bool has_minor = minor != "00";
  const bool has_major = amount->whole().value_or(1) != 0 || !has_minor;
  Words words;
  if (has_major && !amount->digits.empty()) {
    words = cardinal(*amount);
    append(words, amount->digits == "1" ? currency->singular : currency->plural);
    if (has_minor) append(words, tables_.phrase("money-minor"));
  } else if (negative) {
    append(words, tables_.phrase("minus"));
  }
  if (has_minor) {
    append(words, in_set("cardinal", value_of(minor)));
    append(words, minor == "01" ? currency->minor_singular : currency->minor_plural);
  }
  return words;
}

std::optional<Words> NumberReading::month_and_day(uint64_t month, uint64_t day) const {
  for (const auto& [written, value] : tables_.months) {
    if (value.number != month || day < 1 || day > 31) continue;
    Words words = {value.word};
    append(words, in_set("ordinal", day));
    return words;
  }
  return std::nullopt;
}

std::optional<Words> NumberReading::date(std::string_view text) const {
  for (const char mark : {'-', '/', '.'}) {
    const auto parts = split_at(text, mark);
    if (parts.size() != 3 || !std::ranges::all_of(parts, all_digits)) continue;
    std::optional<Words> words;
    std::string_view year = parts[2];
    if (parts[0].size() == 4 && parts[1].size() <= 2 && parts[2].size() <= 2) {
      year = parts[0];
      words = month_and_day(value_of(parts[1]), value_of(parts[2]));
    } else if (parts[0].size() <= 2 && parts[1].size() <= 2 && mark != '.' &&
               (parts[2].size() == 4 || (parts[2].size() == 2 && mark == '/'))) {
      words = month_and_day(value_of(parts[0]), value_of(parts[1]));
      if (!words) words = month_and_day(value_of(parts[1]), value_of(parts[0]));
    }
    if (!words) continue;
    append(*words, in_set(year.size() == 4 ? "year" : "pair", value_of(year)));
    return words;
  }
  return std::nullopt;
}

std::optional<Words> NumberReading::time(std::string_view text,
                                         const NumberContext& context) const {
  const std::size_t end = std::min(text.find_first_not_of("0123456789:"), text.size());
  const auto parts = split_at(text.substr(0, end), ':');
  if (parts.size() < 2 || parts.size() > 3 || !std::ranges::all_of(parts, all_digits)) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].size() != 2 || value_of(parts[i]) > 59) return std::nullopt;
  }
  const uint64_t hour = value_of(parts[0]);
  if (parts[0].size() > 2 || hour > 24) return std::nullopt;
  const std::string_view suffix = text.substr(end);
  const auto after = unit(suffix, false, true);
  if (!suffix.empty() && !after) return std::nullopt;
  Words words = in_set("cardinal", hour);
  if (parts.size() == 2 && parts[1] == "00") {
    const bool on_clock = hour >= 1 && hour <= 12;
    if (!on_clock) append(words, tables_.phrase("full-hour-24"));
    if (on_clock && !after && !context.before_unit) append(words, tables_.phrase("full-hour"));
  } else {
    for (std::size_t i = 1; i < parts.size(); ++i)
      append(words, in_set("pair", value_of(parts[i])));
  }
  if (after) append(words, *after);
  return words;
}

std::optional<Words> NumberReading::telephone(std::string_view text) const {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto parts = split_at(text, text.find('-') == std::string_view::npos ? '.' : '-');
  if (!std::ranges::all_of(parts, all_digits)) return std::nullopt;
  const std::size_t count = parts.size();
  const bool local = count >= 2 && parts[count - 1].size() == 4 && parts[count - 2].size() == 3;
  const bool area = count < 3 || parts[count - 3].size() == 3;
  const bool country = count < 4 || parts[0].size() <= 3;
  if (!local || !area || !country || count > 4) return std::nullopt;
  Words words;
  for (const std::string_view part : parts) append(words, digits(part));
  return words;
}

std::optional<Words> NumberReading::fraction(std::string_view text,
                                             const NumberContext& context) const {
  const auto parts = split_at(text, '/');
  if (parts.size() != 2 || !std::ranges::all_of(parts, all_digits)) return std::nullopt;
  const auto above = written_number(parts[0]);
  const auto below = written_number(parts[1]);
  Words words;
  const auto denominator = below->whole();
  const Words many = denominator ? in_set("fractions", *denominator) : Words();
  if (!above->whole() || many.empty()) {
    words = cardinal(*above);
    append(words, tables_.phrase("fraction-bar"));
    append(words, cardinal(*below));
    return words;
  }
  if (context.after_number) append(words, tables_.phrase("mixed-fraction"));
  append(words, cardinal(*above));
  append(words, *above->whole() == 1 ? in_set("fraction", *denominator) : many);
  return words;
}

bool NumberReading::is_year(const WrittenNumber& number) const {
  const Words& years = tables_.phrase("years");
  const auto whole = number.whole();
  return number.is_plain() && whole && number.digits.size() == 4 && years.size() == 2 &&
         *whole >= value_of(years[0]) && *whole <= value_of(years[1]);
}

Words NumberReading::day(uint64_t number, const NumberContext& context) const {
  const Words ordinal = in_set("ordinal", number);
  if (!context.before_month) return ordinal;
  Words words;
  for (const std::string& word : tables_.phrase("day-before-month")) {
    append(words, word == "{}" ? ordinal : Words{word});
  }
  return words;
}

std::optional<Words> NumberReading::quantity(std::string_view text,
                                             const NumberContext& context) const {
  const auto number = written_number(text);
  if (!number) return std::nullopt;
  const std::string_view suffix = text.substr(number->size);
  if (!suffix.empty()) return with_suffix(*number, suffix, context);
  const auto whole = number->whole();
  const bool is_day = number->is_plain() && whole && *whole >= 1 && *whole <= 31;
  if (is_day && (context.after_month || context.before_month)) return day(*whole, context);
  if (is_year(*number) && !context.before_unit) return in_set("year", *whole);
  return cardinal(*number);
}

std::optional<Words> NumberReading::with_suffix(const WrittenNumber& number,
                                                std::string_view suffix,
                                                const NumberContext& context) const {
  const auto whole = number.whole();
  const bool is_whole = whole && number.decimals.empty() && !number.negative;
  const auto& endings = tables_.phrase("ordinal-suffixes");
  if (is_whole && std::ranges::find(endings, suffix) != endings.end()) {
    const bool is_day = *whole <= 31 && !number.grouped;
    return is_day ? day(*whole, context) : in_set("ordinal", *whole);
  }
  const auto& decades = tables_.phrase("decade-endings");
  if (is_whole && std::ranges::find(decades, suffix) != decades.end() && *whole % 10 == 0 &&
      (number.digits.size() == 2 || is_year(number))) {
    return in_set("decade", *whole);
  }
  if (suffix.starts_with('.') && leading_digits(suffix.substr(1)) > 0) {  // 1.2.3
    const auto rest = quantity(suffix, {});
    if (!rest) return std::nullopt;
    Words words = cardinal(number);
    append(words, *rest);
    return words;
  }
  Words words = cardinal(number);
  const bool one = number.digits == "1" && number.decimals.empty();
  if (const auto words_of_unit = unit(suffix, one, true)) {
    append(words, *words_of_unit);
    return words;
  }
  const auto scale = tables_.magnitudes.find(suffix);
  if (scale == tables_.magnitudes.end() || scale->second.place == ReadingTables::Place::kMoney) {
    return std::nullopt;
  }
  words.push_back(scale->second.word);
  return words;
}

}  // namespace hmm
