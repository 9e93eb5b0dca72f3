// From the phones of one set to those of another.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/language_data.h"

namespace hmm {

/// A table "phones-FROM-TO.txt". English has timit61-timit48, timit48-timit39, timit61-cmu,
/// cmu-timit39, cmu-hts and hts-cmu.
class PhoneMap {
 public:
  using Phones = std::vector<std::string>;

  /// Throws NotFoundError for sets between which the language has no table, and ParseError.
  PhoneMap(const LanguageData& language, const std::string& from, const std::string& to);

  /// What a phone becomes: one, several ("el" is "AH L") or none (the closure of a stop). Throws
  /// DataError for what is no phone of the set.
  const Phones& map(std::string_view phone) const;
  Phones map(const Phones& phones) const;

  /// All phones of the set that is mapped from, sorted.
  Phones phones() const;

 private:
  std::string from_;
  std::map<std::string, Phones, std::less<>> table_;
};

}  // namespace hmm
