#include "core/language/phone_map.h"

#include "core/base/error.h"
#include "core/model/io/text_lines.h"

namespace hmm {

PhoneMap::PhoneMap(const LanguageData& language, const std::string& from, const std::string& to)
    : from_(from) {
  const std::string name = "phones-" + from + "-" + to + ".txt";
  for (const auto& row : language.table(name, 2, 2)) {
    Phones targets;
    for (const std::string_view phone : split_words(row.fields[1])) targets.emplace_back(phone);
    if (row.fields[0].empty()) language.fail(name, row, "the phone has no name");
    if (!table_.emplace(row.fields[0], std::move(targets)).second) {
      language.fail(name, row, "the phone " + quoted(row.fields[0]) + " is listed twice");
    }
  }
}

const PhoneMap::Phones& PhoneMap::map(std::string_view phone) const {
  const auto found = table_.find(phone);
  if (found == table_.end()) {
    throw DataError(quoted(phone) + " is no phone of the set " + from_);
  }
  return found->second;
}

PhoneMap::Phones PhoneMap::map(const Phones& phones) const {
  Phones mapped;
  for (const std::string& phone : phones) {
    const Phones& more = map(std::string_view(phone));
    mapped.insert(mapped.end(), more.begin(), more.end());
  }
  return mapped;
}

PhoneMap::Phones PhoneMap::phones() const {
  Phones names;
  for (const auto& [phone, targets] : table_) names.push_back(phone);
  return names;
}

}  // namespace hmm
