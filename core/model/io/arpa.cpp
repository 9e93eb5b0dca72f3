#include "core/model/io/arpa.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "core/base/log_math.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr double kLogTen = 2.302585092994046;
constexpr double kLogTenOfZero = -99;
constexpr std::size_t kShortestLine = 4;  // "0 a" and a line end
constexpr double kLargestLog = 1e4;

struct Ngram {
  std::array<uint32_t, NgramTrie::kMaximalOrder> words{};  // last word first
  float probability = 0, backoff = 0;                      // log10
  uint64_t line = 0;  // 0: not listed, only connects a longer n-gram
};

/// Compares the last `length` words of n-grams.
struct ByWords {
  std::size_t length;
  auto key(const Ngram& n) const { return std::span(n.words).first(length); }
  bool operator()(const Ngram& a, const Ngram& b) const {
    return std::ranges::lexicographical_compare(key(a), key(b));
  }
  bool equal(const Ngram& a, const Ngram& b) const { return std::ranges::equal(key(a), key(b)); }
};

struct Contents {
  std::string text;                          // words, each ended by a NUL
  std::vector<std::vector<Ngram>> by_order;  // [order - 1]
};

class ArpaReader {
 public:
  ArpaReader(std::span<const std::byte> bytes, const std::string& file) : lines_(bytes, file) {}

  Contents read() {
    read_counts();
    for (std::size_t order = 1; order <= counts_.size(); ++order) read_section(order);
    if (words_[0] != "\\end\\") lines_.fail("expected \\end\\, found " + quoted(lines_.line()));
    return std::move(contents_);
  }

 private:
  /// Moves to the next line that is not blank.
  void advance(const char* what) {
    do {
      if (!lines_.next()) lines_.fail("the file ends before " + std::string(what));
      words_ = split_words(lines_.line());
    } while (words_.empty());
  }

  void read_counts() {
    do {
      advance("\\data\\");
    } while (words_[0] != "\\data\\");
    for (advance("the first section"); words_[0] == "ngram"; advance("the first section")) {
      std::string count;  // "ngram 1=43", some write "ngram 1 = 43"
      for (std::size_t i = 1; i < words_.size(); ++i) count += words_[i];
      std::string order = std::to_string(counts_.size() + 1);
      order += '=';
      const auto value = count.starts_with(order)
                             ? parse_integer(std::string_view(count).substr(order.size()), 0)
                             : std::nullopt;
      if (!value) {
        lines_.fail("expected \"ngram " + order + "COUNT\", found " + quoted(lines_.line()));
      }
      counts_.push_back(static_cast<std::size_t>(*value));
      if (counts_.size() > NgramTrie::kMaximalOrder) {
        lines_.fail("orders above " + std::to_string(NgramTrie::kMaximalOrder) +
                    " are not supported");
      }
    }
    if (counts_.empty() || counts_[0] == 0) lines_.fail("the file announces no 1-grams");
  }

  void read_section(std::size_t order) {
    std::string head = "\\";
    head += std::to_string(order) + "-grams:";
    if (words_[0] != head) lines_.fail("expected " + head + ", found " + quoted(lines_.line()));
    std::vector<Ngram>& ngrams = contents_.by_order.emplace_back();
    ngrams.reserve(std::min(counts_[order - 1], lines_.remaining() / kShortestLine));
    for (advance("\\end\\"); words_[0][0] != '\\'; advance("\\end\\")) {
      ngrams.push_back(read_ngram(order));
    }
    if (ngrams.size() != counts_[order - 1]) {
      lines_.fail("the file announces " + std::to_string(counts_[order - 1]) + " " +
                  std::to_string(order) + "-grams and lists " + std::to_string(ngrams.size()));
    }
    const ByWords by_words{order};
    std::ranges::stable_sort(ngrams, by_words);
    const auto twice = std::ranges::adjacent_find(
        ngrams, [&](const Ngram& a, const Ngram& b) { return by_words.equal(a, b); });
    if (twice != ngrams.end()) {
      lines_.fail("the " + std::to_string(order) + "-gram of line " + std::to_string(twice->line) +
                  " is listed again in line " + std::to_string((twice + 1)->line));
    }
  }

  float read_log(std::string_view word, double maximum, const char* what) {
    // Some programs write -inf for log 0.
    const std::optional<double> value = word == "-inf" ? kLogTenOfZero : parse_number(word);
    if (!value || *value > maximum || *value < -kLargestLog) {
      lines_.fail(quoted(word) + " is no logarithm of a " + what);
    }
    return static_cast<float>(*value);
  }

  Ngram read_ngram(std::size_t order) {
    const bool has_backoff = words_.size() == order + 2 && order < counts_.size();
    if (words_.size() != order + 1 && !has_backoff) {
      lines_.fail("a " + std::to_string(order) + "-gram takes a probability, " +
                  std::to_string(order) + " words" +
                  (order < counts_.size() ? " and perhaps a back-off" : "") + "; found " +
                  quoted(lines_.line()));
    }
    Ngram ngram;
    ngram.line = lines_.number();
    ngram.probability = read_log(words_[0], 0, "probability");
    if (has_backoff) ngram.backoff = read_log(words_.back(), kLargestLog, "back-off");
    for (std::size_t i = 0; i < order; ++i) {
      ngram.words[order - 1 - i] = number_of(words_[1 + i], order == 1);
    }
    return ngram;
  }

  uint32_t number_of(std::string_view word, bool is_new) {
    if (is_new) {
      const auto number = static_cast<uint32_t>(numbers_.size());
      if (!numbers_.emplace(word, number).second) {
        lines_.fail("the word " + quoted(word) + " is listed twice");
      }
      if (word.find('\0') != std::string_view::npos) lines_.fail("a word contains a NUL");
      contents_.text.append(word).push_back('\0');
      return number;
    }
    const auto known = numbers_.find(word);
    if (known == numbers_.end()) lines_.fail("the word " + quoted(word) + " is no 1-gram");
    return known->second;
  }

  TextLines lines_;
  std::vector<std::string_view> words_;  // of the current line
  std::vector<std::size_t> counts_;
  std::unordered_map<std::string_view, uint32_t> numbers_;
  Contents contents_;
};

/// A pruned model may list "a b c" without "b c"; the trie needs both.
void add_connections(std::vector<std::vector<Ngram>>& by_order) {
  for (std::size_t order = by_order.size(); order > 2; --order) {
    std::vector<Ngram>& shorter = by_order[order - 2];
    const ByWords by_words{order - 1};
    std::vector<Ngram> missing;
    for (const Ngram& ngram : by_order[order - 1]) {
      if (!missing.empty() && by_words.equal(missing.back(), ngram)) continue;
      if (std::ranges::binary_search(shorter, ngram, by_words)) continue;
      missing.push_back({.words = ngram.words, .probability = 0, .backoff = 0, .line = 0});
      missing.back().words[order - 1] = 0;
    }
    const auto old_size = static_cast<std::ptrdiff_t>(shorter.size());
    shorter.insert(shorter.end(), missing.begin(), missing.end());
    std::inplace_merge(shorter.begin(), shorter.begin() + old_size, shorter.end(), by_words);
  }
}

/// The memory of a trie that was built here: what NgramLevel and NgramTrie describe, unpacked.
struct Memory {
  struct Unigram {
    float probability, backoff;
    uint32_t first_child;
  };
  struct Record {
    uint32_t word, first_child;
  };
  struct Level {
    std::vector<Record> records;
    std::vector<float> probabilities, backoffs;
  };

  std::string text;
  std::vector<Unigram> unigrams;
  std::vector<Level> levels;

  NgramTrie trie() const {
    std::vector<NgramLevel> views(levels.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
      NgramLevel& view = views[i];
      view.entries = static_cast<uint32_t>(levels[i].probabilities.size());
      view.word_bits = view.child_bits = 32;
      view.longest = i + 1 == levels.size();
      view.records = std::as_bytes(std::span(levels[i].records));
      view.backoffs = std::as_bytes(std::span(levels[i].backoffs));
      view.probabilities = std::as_bytes(std::span(levels[i].probabilities));
    }
    return {std::as_bytes(std::span(unigrams)), std::move(views), kLogTen};
  }
};

void add_unigrams(Memory& memory, const std::vector<Ngram>& ngrams) {
  for (const Ngram& ngram : ngrams) {
    memory.unigrams.push_back({ngram.probability, ngram.backoff, 0});
  }
  memory.unigrams.push_back({});
}

/// Where the children of each n-gram begin among the next longer ones, both sorted.
template <class Parents>
void link_children(Parents& parents, const std::vector<Ngram>& shorter,
                   const std::vector<Ngram>& longer, std::size_t shorter_order) {
  const ByWords by_words{shorter_order};
  std::size_t child = 0;
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    while (child < longer.size() && by_words(longer[child], shorter[i])) ++child;
    parents[i].first_child = static_cast<uint32_t>(child);
  }
  parents[shorter.size()].first_child = static_cast<uint32_t>(longer.size());
}

/// What the listed n-grams give by back-off.
float connection_probability(const NgramTrie& shorter, const Ngram& ngram, std::size_t order) {
  std::vector<int> history;
  for (std::size_t i = 1; i < order; ++i) history.push_back(static_cast<int>(ngram.words[i]));
  const std::span<const int> context(history);
  const float log =
      shorter.log_probability(static_cast<int>(ngram.words[0]), context.first(order - 2)) +
      shorter.log_backoff(context);
  return static_cast<float>(std::max(log / kLogTen, kLogTenOfZero));
}

void add_level(Memory& memory, const Contents& contents, std::size_t order) {
  const std::vector<Ngram>& ngrams = contents.by_order[order - 1];
  const std::vector<Ngram>& shorter = contents.by_order[order - 2];
  if (order == 2) {
    link_children(memory.unigrams, shorter, ngrams, 1);
  } else {
    link_children(memory.levels.back().records, shorter, ngrams, order - 1);
  }
  Memory::Level level;
  level.records.reserve(ngrams.size() + 2);
  // A view of one more level than there is, so that the longest so far has back-offs.
  memory.levels.emplace_back();
  memory.levels.back().records.resize(2);
  const NgramTrie known = memory.trie();
  for (const Ngram& ngram : ngrams) {
    level.records.push_back({ngram.words[order - 1], 0});
    level.probabilities.push_back(ngram.line != 0 ? ngram.probability
                                                  : connection_probability(known, ngram, order));
    level.backoffs.push_back(ngram.backoff);
  }
  level.records.resize(ngrams.size() + 2);  // the end of the list, and the padding
  memory.levels.back() = std::move(level);
}

}  // namespace

NgramModel parse_arpa(std::span<const std::byte> bytes, const std::string& file) {
  Contents contents = ArpaReader(bytes, file).read();
  add_connections(contents.by_order);
  const auto memory = std::make_shared<Memory>();
  memory->text = std::move(contents.text);
  add_unigrams(*memory, contents.by_order[0]);
  for (std::size_t order = 2; order <= contents.by_order.size(); ++order) {
    add_level(*memory, contents, order);
  }
  return {memory->text, memory->trie(), memory};
}

}  // namespace hmm
