#include "core/language/reading_tables.h"

#include "core/base/error.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

using Row = LanguageData::Row;

Words words_of(std::string_view text) {
  Words words;
  for (const std::string_view word : split_words(text)) words.emplace_back(word);
  return words;
}

/// The index of a field's value among those allowed.
int choose(const LanguageData& language, const std::string& table, const Row& row,
           std::size_t field, const std::vector<std::string_view>& allowed) {
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (row.fields[field] == allowed[i]) return static_cast<int>(i);
  }
  std::string names;
  for (const std::string_view name : allowed) names.append(names.empty() ? "" : ", ").append(name);
  language.fail(table, row, quoted(row.fields[field]) + " is none of " + names);
}

}  // namespace

ReadingTables::ReadingTables(const LanguageData& language) : numbers(language) {
  for (const Row& row : language.table("phrases.txt", 2, 2)) {
    phrases[std::string(row.fields[0])] = words_of(row.fields[1]);
  }
  for (const Row& row : language.table("symbols.txt", 2, 2)) {
    symbols[std::string(row.fields[0])] = words_of(row.fields[1]);
  }
  for (const Row& row : language.table("abbreviations.txt", 2, 3)) {
    const int condition = row.fields.size() < 3
                              ? 0
                              : 1 + choose(language, "abbreviations.txt", row, 2,
                                           {"before-number", "before-name", "after-name"});
    abbreviations[std::string(row.fields[0])].push_back(
        {words_of(row.fields[1]), static_cast<Condition>(condition)});
  }
  for (const Row& row : language.table("units.txt", 3, 4)) {
    const bool attached =
        row.fields.size() > 3 && choose(language, "units.txt", row, 3, {"attached"}) == 0;
    units[std::string(row.fields[0])] = {words_of(row.fields[1]), words_of(row.fields[2]),
                                         attached};
  }
  for (const Row& row : language.table("currencies.txt", 3, 5)) {
    if (row.fields.size() == 4) {
      language.fail("currencies.txt", row, "the hundredth has a singular but no plural");
    }
    Currency& currency = currencies[std::string(row.fields[0])];
    currency.singular = words_of(row.fields[1]);
    currency.plural = words_of(row.fields[2]);
    if (row.fields.size() < 5) continue;
    currency.minor_singular = words_of(row.fields[3]);
    currency.minor_plural = words_of(row.fields[4]);
  }
  for (const Row& row : language.table("magnitudes.txt", 3, 3)) {
    const int place = choose(language, "magnitudes.txt", row, 2, {"apart", "attached", "money"});
    magnitudes[std::string(row.fields[0])] = {std::string(row.fields[1]),
                                              static_cast<Place>(place)};
  }
  for (const Row& row : language.table("months.txt", 3, 3)) {
    const auto number = parse_integer(row.fields[1], 1, 13);
    if (!number) language.fail("months.txt", row, quoted(row.fields[1]) + " is no month");
    months[std::string(row.fields[0])] = {static_cast<uint64_t>(*number),
                                          std::string(row.fields[2])};
  }
  for (const Row& row : language.table("acronyms.txt", 2, 2)) {
    acronyms[std::string(row.fields[0])] =
        choose(language, "acronyms.txt", row, 1, {"word", "letters"}) == 1;
  }
  for (const Row& row : language.table("numerals.txt", 2, 2)) {
    numeral_contexts[std::string(row.fields[0])] =
        choose(language, "numerals.txt", row, 1, {"cardinal", "ordinal"}) == 1;
  }
  for (const Row& row : language.table("letters.txt", 2, 2)) {
    letters[std::string(row.fields[0])] = row.fields[1];
  }
  for (const Row& row : language.table("contractions.txt", 1, 1)) {
    contractions.emplace(row.fields[0]);
  }
  for (const Row& row : language.table("domains.txt", 1, 1)) domains.emplace(row.fields[0]);
}

const Words& ReadingTables::phrase(std::string_view name) const {
  const auto found = phrases.find(name);
  if (found == phrases.end()) {
    throw DataError("the language's phrases.txt has no \"" + std::string(name) + "\"");
  }
  return found->second;
}

std::string ReadingTables::letter(std::string_view letter) const {
  const auto found = letters.find(letter);
  return found == letters.end() ? std::string(letter) : found->second;
}

}  // namespace hmm
