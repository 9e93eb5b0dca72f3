#include "core/model/lexicon.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"

namespace hmm {

std::optional<std::size_t> Lexicon::find(std::string_view word) const {
  std::size_t begin = 0;
  std::size_t end = words();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (this->word(middle) < word) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == words() || this->word(begin) != word) return std::nullopt;
  return begin;
}

std::string Lexicon::phone_string(std::size_t word, std::size_t alternate) const {
  std::string text;
  for (const uint8_t phone : pronunciation(word, alternate)) {
    if (!text.empty()) text += ' ';
    text += phone_names_[phone];
  }
  return text;
}

std::vector<int> Lexicon::phones_in(const PhoneSet& model) const {
  std::vector<int> numbers;
  std::string missing;
  for (const std::string& name : phone_names_) {
    const std::optional<int> found = model.find(name);
    if (!found) missing += " " + name;
    numbers.push_back(found.value_or(-1));
  }
  if (!missing.empty()) {
    throw DataError("the dictionary uses phones that the acoustic model lacks:" + missing);
  }
  return numbers;
}

std::size_t Lexicon::bytes() const {
  const auto numbers =
      word_starts_.capacity() + first_pronunciations_.capacity() + phone_starts_.capacity();
  return text_.capacity() + phones_of_.capacity() + numbers * sizeof(uint32_t);
}

uint8_t Lexicon::Builder::phone(std::string_view name) {
  // Dictionaries name the same few phones a million times: look first where the last one with such
  // a hash was.
  uint8_t hash = 0;
  for (const char c : name) hash = static_cast<uint8_t>(hash * 31 + c);
  uint8_t& hint = hints_[hash];
  if (hint < phone_names_.size() && phone_names_[hint] == name) return hint;
  const auto known = std::find(phone_names_.begin(), phone_names_.end(), name);
  if (known == phone_names_.end() && phone_names_.size() == kMaximalPhones) {
    throw DataError("there are more than " + std::to_string(kMaximalPhones) + " phones");
  }
  hint = static_cast<uint8_t>(known - phone_names_.begin());
  if (known == phone_names_.end()) phone_names_.emplace_back(name);
  return hint;
}

void Lexicon::Builder::add(std::string_view word, std::span<const uint8_t> phones) {
  if (word.empty()) throw DataError("a word of the lexicon is empty");
  if (phones.empty()) throw DataError("the word " + std::string(word) + " has no phones");
  constexpr std::size_t kMost = std::numeric_limits<uint32_t>::max();
  if (word.size() > kMost - text_.size() || phones.size() > kMost - phones_.size()) {
    throw DataError("the lexicon is larger than 4 GB");
  }
  entries_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(word.size()),
                      static_cast<uint32_t>(phones_.size()), static_cast<uint32_t>(phones.size())});
  text_ += word;
  phones_.insert(phones_.end(), phones.begin(), phones.end());
}

Lexicon Lexicon::Builder::build() {
  const auto less = [&](const Entry& a, const Entry& b) { return spelling(a) < spelling(b); };
  // Dictionaries come sorted, or nearly.
  if (!std::is_sorted(entries_.begin(), entries_.end(), less)) {
    std::stable_sort(entries_.begin(), entries_.end(), less);
  }
  Lexicon lexicon;
  lexicon.phone_names_ = std::move(phone_names_);
  lexicon.phones_of_.reserve(phones_.size());
  lexicon.phone_starts_.reserve(entries_.size() + 1);
  std::string_view last;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (spelling(entry) != last) {
      if (i > 0) lexicon.first_pronunciations_.push_back(static_cast<uint32_t>(i));
      lexicon.text_ += spelling(entry);
      lexicon.word_starts_.push_back(static_cast<uint32_t>(lexicon.text_.size()));
      last = spelling(entry);
    }
    const auto first = phones_.begin() + entry.first_phone;
    lexicon.phones_of_.insert(lexicon.phones_of_.end(), first, first + entry.phones);
    lexicon.phone_starts_.push_back(static_cast<uint32_t>(lexicon.phones_of_.size()));
  }
  if (!entries_.empty()) {
    lexicon.first_pronunciations_.push_back(static_cast<uint32_t>(entries_.size()));
  }
  lexicon.text_.shrink_to_fit();
  lexicon.word_starts_.shrink_to_fit();
  lexicon.first_pronunciations_.shrink_to_fit();
  return lexicon;
}

}  // namespace hmm
