// The tables by which text is read out, as the normaliser looks them up.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/language_data.h"
#include "core/language/number_words.h"

namespace hmm {

using Words = std::vector<std::string>;

/// See the comment on top of each file in core/language/data/en for what its fields mean.
struct ReadingTables {
  enum class Condition { kAlways, kBeforeNumber, kBeforeName, kAfterName };
  struct Abbreviation {
    Words words;
    Condition condition;
  };
  struct Unit {
    Words singular, plural;
    bool attached;
  };
  struct Currency {
    Words singular, plural, minor_singular, minor_plural;
  };
  enum class Place { kApart, kAttached, kMoney };
  struct Magnitude {
    std::string word;
    Place place;
  };
  struct Month {
    uint64_t number;
    std::string word;
  };
  template <class T>
  using Table = std::map<std::string, T, std::less<>>;

  explicit ReadingTables(const LanguageData& language);

  const Words& phrase(std::string_view name) const;
  /// The name of a letter, or the letter itself when it has none.
  std::string letter(std::string_view letter) const;

  NumberWords numbers;
  Table<Words> phrases, symbols;
  Table<std::vector<Abbreviation>> abbreviations;
  Table<Unit> units;
  Table<Currency> currencies;
  Table<Magnitude> magnitudes;
  Table<Month> months;
  Table<bool> acronyms;          // whether read as letters
  Table<bool> numeral_contexts;  // whether the numeral is an ordinal
  Table<std::string> letters;
  std::set<std::string, std::less<>> contractions, domains;
};

}  // namespace hmm
