// The words that can be recognised or spoken and how they are pronounced.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/phone_set.h"

namespace hmm {

/// Words with their pronunciations, sorted by spelling (bytes) and packed: about 30 bytes for a
/// word of a CMU dictionary. Phones are numbers into the lexicon's own list of names, so that one
/// lexicon serves any acoustic model.
class Lexicon {
 public:
  class Builder;

  std::size_t words() const { return word_starts_.size() - 1; }
  std::string_view word(std::size_t word) const {
    return std::string_view(text_).substr(word_starts_[word],
                                          word_starts_[word + 1] - word_starts_[word]);
  }
  /// The number of a word, case-sensitive.
  std::optional<std::size_t> find(std::string_view word) const;

  /// Every word has at least one; the first is the preferred one.
  std::size_t pronunciations(std::size_t word) const {
    return first_pronunciations_[word + 1] - first_pronunciations_[word];
  }
  std::size_t pronunciations() const { return first_pronunciations_.back(); }
  /// Numbers into phones(), at least one.
  std::span<const uint8_t> pronunciation(std::size_t word, std::size_t alternate) const {
    const std::size_t index = first_pronunciations_[word] + alternate;
    return std::span(phones_of_)
        .subspan(phone_starts_[index], phone_starts_[index + 1] - phone_starts_[index]);
  }
  /// The names of the phones of a pronunciation, separated by spaces.
  std::string phone_string(std::size_t word, std::size_t alternate) const;

  const std::vector<std::string>& phones() const { return phone_names_; }
  /// For each of phones() its number in an acoustic model. Throws DataError that names all that the
  /// model lacks.
  std::vector<int> phones_in(const PhoneSet& model) const;

  /// What it occupies in memory.
  std::size_t bytes() const;

 private:
  std::string text_;                               // all words, one behind the other
  std::vector<uint32_t> word_starts_{0};           // [words + 1]
  std::vector<uint32_t> first_pronunciations_{0};  // [words + 1]
  std::vector<uint32_t> phone_starts_{0};          // [pronunciations + 1]
  std::vector<uint8_t> phones_of_;                 // of all pronunciations
  std::vector<std::string> phone_names_;
};

/// Collects pronunciations in any order; those of one word keep the order in which they come.
class Lexicon::Builder {
 public:
  static constexpr std::size_t kMaximalPhones = 256;

  /// The number of a phone, new or known. Throws DataError for one phone too many.
  uint8_t phone(std::string_view name);
  /// `word` is not empty and `phones` (numbers from phone()) neither; throws DataError.
  void add(std::string_view word, std::span<const uint8_t> phones);

  Lexicon build();

 private:
  struct Entry {
    uint32_t start, size;  // of the word, in text_
    uint32_t first_phone, phones;
  };
  std::string_view spelling(const Entry& entry) const {
    return std::string_view(text_).substr(entry.start, entry.size);
  }

  std::string text_;
  std::vector<uint8_t> phones_;
  std::vector<Entry> entries_;
  std::vector<std::string> phone_names_;
  std::array<uint8_t, 256> hints_{};  // a phone for each hash of a name
};

}  // namespace hmm
