#include "core/model/ngram_model.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "core/base/error.h"

namespace hmm {

NgramModel::NgramModel(std::string_view text, NgramTrie trie, std::shared_ptr<const void> owner)
    : text_(text), trie_(std::move(trie)), owner_(std::move(owner)) {
  starts_.reserve(std::min<std::size_t>(trie_.words(), text.size() / 2));
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\0', start);
    if (end == std::string_view::npos || end == start) {
      throw DataError("word " + std::to_string(starts_.size()) +
                      (end == start ? " is empty" : " does not end"));
    }
    starts_.push_back(static_cast<uint32_t>(start));
    start = end + 1;
  }
  if (starts_.size() != trie_.words()) {
    throw DataError("there are " + std::to_string(starts_.size()) + " words for " +
                    std::to_string(trie_.words()) + " unigrams");
  }
  by_spelling_.resize(starts_.size());
  std::iota(by_spelling_.begin(), by_spelling_.end(), 0U);
  std::ranges::sort(by_spelling_, {}, [this](uint32_t w) { return word(static_cast<int>(w)); });
}

std::string_view NgramModel::word(int index) const {
  const std::string_view rest = text_.substr(starts_[static_cast<std::size_t>(index)]);
  return rest.substr(0, rest.find('\0'));
}

std::optional<int> NgramModel::find(std::string_view wanted) const {
  const auto spelling = [this](uint32_t w) { return word(static_cast<int>(w)); };
  const auto found = std::ranges::lower_bound(by_spelling_, wanted, {}, spelling);
  if (found == by_spelling_.end() || spelling(*found) != wanted) return std::nullopt;
  return static_cast<int>(*found);
}

}  // namespace hmm
