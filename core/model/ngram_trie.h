// Probabilities of word sequences, packed: the n-grams of all orders in one trie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hmm {

/// All n-grams of one order above 1, as a view of memory that somebody else owns.
///
/// Records of `word | back-off code | probability code | first child`, lowest bit first, without
/// gaps; one more record ends the list. The children of record i are those of the next order from
/// its first child up to the one of record i + 1, sorted by word. A code is an index into a table
/// of float32; without codes (code_bits 0) the tables hold a value for each record. The longest
/// order has neither back-off nor children.
struct NgramLevel {
  static constexpr std::size_t kPadding = 8;  // bytes after the records, so that a read may overlap

  uint32_t entries = 0;
  int word_bits = 0;
  int code_bits = 0;
  int child_bits = 0;
  bool longest = false;
  std::span<const std::byte> records;
  std::span<const std::byte> backoffs;
  std::span<const std::byte> probabilities;

  int backoff_bits() const { return longest ? 0 : code_bits; }
  int record_bits() const { return word_bits + backoff_bits() + code_bits + child_bits; }
  std::size_t record_bytes() const {
    return ((std::size_t{entries} + 1) * static_cast<std::size_t>(record_bits()) + 7) / 8 +
           kPadding;
  }
};

/// The trie is read from the last word of an n-gram back: the children of "c" are the "b c", those
/// of "b c" the "a b c". So one walk finds the longest listed n-gram that ends a history.
///
/// Memory may come straight from a file: whatever its bits say, no look-up leaves it.
class NgramTrie {
 public:
  static constexpr int kMaximalOrder = 5;
  static constexpr std::size_t kUnigramBytes = 12;

  NgramTrie() = default;
  /// `unigrams`: words + 1 times {f32 probability, f32 back-off, u32 first child}. `log_unit`: the
  /// natural logarithm of the base that the stored logarithms have.
  NgramTrie(std::span<const std::byte> unigrams, std::vector<NgramLevel> levels, double log_unit);

  int order() const { return static_cast<int>(levels_.size()) + 1; }
  uint32_t words() const { return words_; }
  /// Entries of an order, which include those that only connect longer ones.
  uint32_t entries(int order) const { return order == 1 ? words_ : levels_[order - 2].entries; }

  /// See NgramModel.
  float log_probability(int word, std::span<const int> history) const;
  float log_backoff(std::span<const int> context) const;

 private:
  struct Node {
    float probability, backoff;  // as stored
    uint32_t first_child, end_child;
  };
  Node unigram(uint32_t word) const;
  /// The record of `word` among the children of a node; `depth` counts the words before it.
  std::optional<Node> child(std::size_t depth, const Node& parent, int word) const;
  bool contains(int word) const { return word >= 0 && static_cast<uint32_t>(word) < words_; }
  /// Sum of the back-offs of the contexts that are longer than `listed` words.
  double backoffs(std::span<const int> history, std::size_t listed) const;
  double natural_probability(float stored) const;
  double natural_backoff(float stored) const;

  std::span<const std::byte> unigrams_;
  std::vector<NgramLevel> levels_;
  double log_unit_ = 1;
  uint32_t words_ = 0;
};

}  // namespace hmm
