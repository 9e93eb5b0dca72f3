#include "core/model/ngram_trie.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/base/log_math.h"

namespace hmm {
namespace {

// Packed records lie in files in this order; so do the tables that they point to.
static_assert(std::endian::native == std::endian::little);

// ARPA files write -99 for log10(0), and CMU's programs a back-off of 99.999 for a context after
// which every word is listed: nothing is left for others.
constexpr double kLogTen = 2.302585092994046;
constexpr double kNever = -98.99 * kLogTen;
constexpr double kNothingLeft = 98.99 * kLogTen;

template <class T>
T load(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// At most 32 bits.
uint32_t load_bits(std::span<const std::byte> bytes, std::size_t bit, int width) {
  const auto word = load<uint64_t>(bytes, bit / 8) >> (bit % 8);
  return static_cast<uint32_t>(word & ((uint64_t{1} << width) - 1));
}

float load_value(const NgramLevel& level, std::span<const std::byte> table, uint32_t index,
                 std::size_t code_bit) {
  const uint32_t place =
      level.code_bits == 0 ? index : load_bits(level.records, code_bit, level.code_bits);
  return load<float>(table, std::size_t{place} * sizeof(float));
}

}  // namespace

NgramTrie::NgramTrie(std::span<const std::byte> unigrams, std::vector<NgramLevel> levels,
                     double log_unit)
    : unigrams_(unigrams),
      levels_(std::move(levels)),
      log_unit_(log_unit),
      words_(static_cast<uint32_t>(unigrams.size() / kUnigramBytes - 1)) {}

NgramTrie::Node NgramTrie::unigram(uint32_t word) const {
  const std::size_t offset = std::size_t{word} * kUnigramBytes;
  return {load<float>(unigrams_, offset), load<float>(unigrams_, offset + 4),
          load<uint32_t>(unigrams_, offset + 8),
          load<uint32_t>(unigrams_, offset + kUnigramBytes + 8)};
}

std::optional<NgramTrie::Node> NgramTrie::child(std::size_t depth, const Node& parent,
                                                int word) const {
  if (word < 0) return std::nullopt;
  const NgramLevel& level = levels_[depth];
  const auto record_bits = static_cast<std::size_t>(level.record_bits());
  uint32_t end = std::min(parent.end_child, level.entries);
  uint32_t begin = std::min(parent.first_child, end);
  const uint32_t end_child = end;
  const auto wanted = static_cast<uint32_t>(word);
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (load_bits(level.records, middle * record_bits, level.word_bits) < wanted) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  std::size_t bit = begin * record_bits;
  if (begin == end_child || load_bits(level.records, bit, level.word_bits) != wanted) {
    return std::nullopt;
  }
  bit += static_cast<std::size_t>(level.word_bits);
  Node node{};
  if (!level.longest) node.backoff = load_value(level, level.backoffs, begin, bit);
  bit += static_cast<std::size_t>(level.backoff_bits());
  node.probability = load_value(level, level.probabilities, begin, bit);
  bit += static_cast<std::size_t>(level.code_bits);
  node.first_child = load_bits(level.records, bit, level.child_bits);
  node.end_child =
      level.longest ? 0 : load_bits(level.records, bit + record_bits, level.child_bits);
  return node;
}

double NgramTrie::natural_probability(float stored) const {
  const double value = stored * log_unit_;
  return value <= kNever ? kLogZero<double> : value;
}

double NgramTrie::natural_backoff(float stored) const {
  const double value = stored * log_unit_;
  return value <= kNever || value >= kNothingLeft ? kLogZero<double> : value;
}

double NgramTrie::backoffs(std::span<const int> history, std::size_t listed) const {
  if (listed >= history.size() || !contains(history[0])) return 0;
  Node node = unigram(static_cast<uint32_t>(history[0]));
  double sum = listed == 0 ? natural_backoff(node.backoff) : 0;
  for (std::size_t length = 2; length <= history.size(); ++length) {
    const auto next = child(length - 2, node, history[length - 1]);
    if (!next) break;
    node = *next;
    if (length > listed) sum += natural_backoff(node.backoff);
  }
  return sum;
}

float NgramTrie::log_probability(int word, std::span<const int> history) const {
  if (!contains(word)) return kLogZero<float>;
  history = history.first(std::min(history.size(), levels_.size()));
  Node node = unigram(static_cast<uint32_t>(word));
  std::size_t listed = 0;
  while (listed < history.size()) {
    const auto next = child(listed, node, history[listed]);
    if (!next) break;
    node = *next;
    ++listed;
  }
  return static_cast<float>(natural_probability(node.probability) + backoffs(history, listed));
}

float NgramTrie::log_backoff(std::span<const int> context) const {
  if (context.empty() || context.size() > levels_.size()) return 0;
  return static_cast<float>(backoffs(context, context.size() - 1));
}

}  // namespace hmm
