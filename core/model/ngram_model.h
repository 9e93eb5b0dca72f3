// How likely a word is after others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/ngram_trie.h"

namespace hmm {

/// An n-gram model with back-off (Katz): P(w | h) is the listed probability of "h w", else the
/// back-off weight of h times P(w | h without its oldest word). Words are numbers; histories and
/// contexts have the most recent word first. All logarithms are natural; log 0 is -infinity.
class NgramModel {
 public:
  NgramModel() = default;
  /// `text`: the words, each ended by a NUL. `owner` keeps the memory of `text` and `trie` alive.
  /// Throws DataError when there are not as many words as unigrams, or one of them is empty.
  NgramModel(std::string_view text, NgramTrie trie, std::shared_ptr<const void> owner);

  int order() const { return trie_.order(); }
  int words() const { return static_cast<int>(trie_.words()); }
  uint32_t entries(int order) const { return trie_.entries(order); }
  std::string_view word(int index) const;
  /// The number of a word, case-sensitive.
  std::optional<int> find(std::string_view word) const;

  /// log P(word | history). A history word outside the vocabulary (-1, say) ends the history; a
  /// word outside it has the probability 0.
  float log_probability(int word, std::span<const int> history = {}) const {
    return trie_.log_probability(word, history);
  }
  /// The weight by which probabilities after a shorter context are multiplied when the word is not
  /// listed after this one; 0 for a context that is not listed.
  float log_backoff(std::span<const int> context) const { return trie_.log_backoff(context); }

 private:
  std::string_view text_;
  std::vector<uint32_t> starts_;  // of each word in the text
  std::vector<uint32_t> by_spelling_;
  NgramTrie trie_;
  std::shared_ptr<const void> owner_;
};

}  // namespace hmm
