#include "core/language/number_words.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr const char* kTable = "numbers.txt";
constexpr int kMostSteps = 500;  // the longest 64-bit number takes about 50

uint64_t power_of_ten_up_to(uint64_t number) {
  uint64_t power = 1;
  while (power <= number / 10) power *= 10;
  return power;
}

}  // namespace

std::vector<NumberWords::Part> NumberWords::parts_of(std::string_view set, std::string_view words) {
  std::vector<Part> parts;
  for (const std::string_view word : split_words(words)) {
    const bool is_rule = word[0] == '<' || word[0] == '>' || word[0] == '=';
    if (!is_rule) {
      parts.push_back({0, std::string(word)});
    } else {
      parts.push_back({word[0], std::string(word.size() > 1 ? word.substr(1) : set)});
    }
  }
  return parts;
}

NumberWords::NumberWords(const LanguageData& language) {
  const auto rows = language.table(kTable, 3, 4);
  for (const auto& row : rows) {
    const std::string_view bounds = row.fields[1];
    const std::size_t slash = bounds.find('/');
    constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
    const auto base = parse_integer(bounds.substr(0, slash), 0, kMost);
    if (!base) language.fail(kTable, row, quoted(bounds) + " is no number");
    const auto divisor =
        slash == std::string_view::npos
            ? static_cast<int64_t>(power_of_ten_up_to(static_cast<uint64_t>(*base)))
            : parse_integer(bounds.substr(slash + 1), 2, kMost).value_or(0);
    if (divisor == 0) language.fail(kTable, row, quoted(bounds) + " has no divisor above 1");
    auto& rules = sets_[std::string(row.fields[0])];
    if (!rules.empty() && rules.back().base >= static_cast<uint64_t>(*base)) {
      language.fail(kTable, row, "the bases of a set must rise");
    }
    Rule rule{static_cast<uint64_t>(*base),
              static_cast<uint64_t>(divisor),
              parts_of(row.fields[0], row.fields[2]),
              {}};
    rule.uneven = row.fields.size() > 3 ? parts_of(row.fields[0], row.fields[3]) : rule.even;
    rules.push_back(std::move(rule));
  }
  for (const auto& row : rows) {
    for (std::size_t field = 2; field < row.fields.size(); ++field) {
      for (const Part& part : parts_of(row.fields[0], row.fields[field])) {
        if (part.kind != 0 && !has(part.text)) {
          language.fail(kTable, row, "there is no set " + quoted(std::string_view(part.text)));
        }
      }
    }
  }
}

bool NumberWords::append(std::string_view set, uint64_t number,
                         std::vector<std::string>& words) const {
  const std::size_t before = words.size();
  int steps = 0;
  if (append(set, number, steps, words)) return true;
  words.resize(before);
  return false;
}

bool NumberWords::append(std::string_view set, uint64_t number, int& steps,
                         std::vector<std::string>& words) const {
  const auto rules = sets_.find(set);
  if (rules == sets_.end()) return false;
  const auto above = std::ranges::upper_bound(rules->second, number, {}, &Rule::base);
  if (above == rules->second.begin()) return false;
  if (++steps > kMostSteps) {
    throw DataError("the number rules of the set " + std::string(set) + " never end for " +
                    std::to_string(number));
  }
  const Rule& rule = *(above - 1);
  const auto& parts = number % rule.divisor == 0 ? rule.even : rule.uneven;
  if (parts.empty()) return false;
  for (const Part& part : parts) {
    if (part.kind == 0) {
      words.push_back(part.text);
      continue;
    }
    const uint64_t value = part.kind == '<'   ? number / rule.divisor
                           : part.kind == '>' ? number % rule.divisor
                                              : number;
    if (!append(part.text, value, steps, words)) return false;
  }
  return true;
}

}  // namespace hmm
