#include "core/metrics/word_alignment.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string>

#include "core/base/error.h"
#include "core/base/matrix.h"

namespace hmm {
namespace {

// In thousandths of sclite's costs.
constexpr int64_t kSubstitution = 4000;
constexpr int64_t kInsertionOrDeletion = 3000;
constexpr int64_t kOptional = 2000;
constexpr int64_t kNullForNull = 1000;
constexpr int64_t kNull = 1;
constexpr int64_t kMostCells = int64_t{1} << 27;

struct Cell {
  int64_t cost = 0;
  int32_t reference = -1;  // the cell that comes before: arcs of the two networks
  int32_t hypothesis = -1;
};

int64_t skip_cost(const TranscriptWord& word) {
  return word.is_null() ? kNull : word.optional ? kOptional : kInsertionOrDeletion;
}

int64_t pair_cost(const TranscriptWord& a, const TranscriptWord& b) {
  if (a.is_null() && b.is_null()) return kNullForNull;
  return same_word(a, b) ? 0 : kSubstitution;
}

class Aligner {
 public:
  Aligner(const WordNetwork& reference, const WordNetwork& hypothesis)
      : reference_(reference.arcs()),
        hypothesis_(hypothesis.arcs()),
        cells_(reference_.size(), hypothesis_.size()) {
    for (std::size_t r = 0; r < reference_.size(); ++r) {
      for (std::size_t h = 0; h < hypothesis_.size(); ++h) {
        if (r > 0 || h > 0) cells_(r, h) = best_step(static_cast<int>(r), static_cast<int>(h));
      }
    }
    end_ = cheapest(reference.last(), hypothesis.last());
  }

  WordAlignment trace_back() const {
    WordAlignment alignment;
    for (Cell at = end_; at.reference > 0 || at.hypothesis > 0;) {
      const Cell& before = cell(at.reference, at.hypothesis);
      add_step(at, before, alignment);
      at = before;
    }
    std::reverse(alignment.words.begin(), alignment.words.end());
    return alignment;
  }

 private:
  const Cell& cell(int r, int h) const {
    return cells_(static_cast<std::size_t>(r), static_cast<std::size_t>(h));
  }
  const TranscriptWord& reference_word(int r) const {
    return reference_[static_cast<std::size_t>(r)].word;
  }
  const TranscriptWord& hypothesis_word(int h) const {
    return hypothesis_[static_cast<std::size_t>(h)].word;
  }

  /// The first cheapest of the cells at these arcs, as where to step back to.
  Cell cheapest(std::span<const int> rs, std::span<const int> hs) const {
    Cell best{std::numeric_limits<int64_t>::max(), -1, -1};
    for (const int r : rs) {
      for (const int h : hs) {
        if (cell(r, h).cost < best.cost) best = {cell(r, h).cost, r, h};
      }
    }
    return best;
  }

  Cell best_step(int r, int h) const {
    const auto& before_r = reference_[static_cast<std::size_t>(r)].predecessors;
    const auto& before_h = hypothesis_[static_cast<std::size_t>(h)].predecessors;
    const std::span<const int> stay_r(&r, 1);
    const std::span<const int> stay_h(&h, 1);
    Cell deletion{std::numeric_limits<int64_t>::max()};
    Cell insertion = deletion;
    Cell pair = deletion;
    if (r > 0) {
      deletion = cheapest(before_r, stay_h);
      deletion.cost += skip_cost(reference_word(r));
    }
    if (h > 0) {
      insertion = cheapest(stay_r, before_h);
      insertion.cost += skip_cost(hypothesis_word(h));
    }
    if (r > 0 && h > 0) {
      pair = cheapest(before_r, before_h);
      pair.cost += pair_cost(reference_word(r), hypothesis_word(h));
      if (pair.cost <= deletion.cost && pair.cost <= insertion.cost) return pair;
    }
    return deletion.cost < insertion.cost ? deletion : insertion;
  }

  void add_step(const Cell& at, const Cell& before, WordAlignment& alignment) const {
    using Kind = AlignedWord::Kind;
    const bool moves_r = before.reference != at.reference;
    const bool moves_h = before.hypothesis != at.hypothesis;
    AlignedWord aligned;
    if (moves_r) aligned.reference = reference_word(at.reference);
    if (moves_h) aligned.hypothesis = hypothesis_word(at.hypothesis);
    const bool silent =
        (!moves_r || aligned.reference->is_null()) && (!moves_h || aligned.hypothesis->is_null());
    if (silent) return;
    WordErrors& errors = alignment.errors;
    if (moves_r && moves_h) {
      const bool same = same_word(*aligned.reference, *aligned.hypothesis);
      aligned.kind = same ? Kind::kCorrect : Kind::kSubstitution;
      ++(same ? errors.correct : errors.substitutions);
    } else if (moves_r ? aligned.reference->optional : aligned.hypothesis->optional) {
      ++errors.correct;
    } else {
      aligned.kind = moves_r ? Kind::kDeletion : Kind::kInsertion;
      ++(moves_r ? errors.deletions : errors.insertions);
    }
    alignment.words.push_back(std::move(aligned));
  }

  const std::vector<WordNetwork::Arc>& reference_;
  const std::vector<WordNetwork::Arc>& hypothesis_;
  BasicMatrix<Cell> cells_;
  Cell end_;
};

/// Whether `fragment`, "begin-" or "-end", is a part of `word`; none when it is no fragment.
std::optional<bool> is_part(const std::string& fragment, const std::string& word) {
  if (fragment.size() <= 1) return std::nullopt;
  const std::string_view text = fragment;
  if (text.front() == '-') return word.ends_with(text.substr(1));
  if (text.back() == '-') return word.starts_with(text.substr(0, text.size() - 1));
  return std::nullopt;
}

}  // namespace

double WordErrors::rate() const {
  if (errors() == 0) return 0;
  return reference_words() == 0
             ? std::numeric_limits<double>::infinity()
             : static_cast<double>(errors()) / static_cast<double>(reference_words());
}

WordErrors& WordErrors::operator+=(const WordErrors& other) {
  correct += other.correct;
  substitutions += other.substitutions;
  deletions += other.deletions;
  insertions += other.insertions;
  return *this;
}

bool same_word(const TranscriptWord& a, const TranscriptWord& b) {
  if (a.fragment || b.fragment) {
    if (const auto part = is_part(a.text, b.text)) return *part;
    if (const auto part = is_part(b.text, a.text)) return *part;
  }
  return a.text == b.text;
}

WordAlignment align_words(const WordNetwork& reference, const WordNetwork& hypothesis) {
  const auto words = [](const WordNetwork& network) {
    return static_cast<int64_t>(network.arcs().size());
  };
  if (words(reference) > kMostCells / words(hypothesis)) {
    throw DataError("an utterance of " + std::to_string(words(reference) - 1) + " words against " +
                    std::to_string(words(hypothesis) - 1) +
                    " is too long to align; cut it into segments");
  }
  return Aligner(reference, hypothesis).trace_back();
}

}  // namespace hmm
