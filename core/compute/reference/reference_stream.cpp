#include "core/compute/reference/reference_stream.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/compute/arguments.h"

namespace hmm::compute::reference {
namespace {

constexpr double kImpossible = kLogZero<double>;

std::size_t index(int64_t i) { return static_cast<std::size_t>(i); }

int32_t best_of(std::span<const double> scores) {
  int32_t best = -1;
  double high = kImpossible;
  for (std::size_t n = 0; n < scores.size(); ++n) {
    if (scores[n] > high) {
      high = scores[n];
      best = static_cast<int32_t>(n);
    }
  }
  return best;
}

bool one_only(const std::vector<bool>& set) { return std::ranges::count(set, true) == 1; }

}  // namespace

ReferenceStream::ReferenceStream(const Transitions& transitions, std::optional<Density> density,
                                 std::size_t columns, const StreamOptions& options)
    : transitions_(transitions),
      density_(std::move(density)),
      columns_(columns),
      options_(options) {
  check_stream_options(options, transitions.states);
}

void ReferenceStream::advance(MatrixView frames, bool last, std::vector<Commit>& commits) {
  if (closed_) throw DataError("the stream must be opened again");
  try {
    for (std::size_t t = 0; t < frames.rows; ++t) {
      if (density_ ? frames.columns != columns_ : frames.columns < columns_) {
        throw DataError("a frame has " + std::to_string(frames.columns) + " values");
      }
      std::vector<double> log_b;
      for (int n = 0; n < transitions_.states; ++n) {
        const int column =
            transitions_.emission_of.empty() ? n : transitions_.emission_of[index(n)];
        log_b.push_back(density_ ? (*density_)(column, frames.row(t)) : frames(t, index(column)));
        if (std::isnan(log_b.back()) || log_b.back() == HUGE_VAL) {
          throw DataError("frame " + std::to_string(frames_seen()) + " is not finite");
        }
      }
      step(log_b, commits);
    }
    if (last) finish(commits);
  } catch (const DataError&) {
    closed_ = true;
    throw;
  }
}

void ReferenceStream::step(std::span<const double> log_b, std::vector<Commit>& commits) {
  std::vector<double> delta(log_b.size(), kImpossible);
  std::vector<int32_t> from(log_b.size(), -1);
  if (frames_seen() == 0) {
    std::ranges::copy(transitions_.log_initial, delta.begin());
  } else {
    for (const auto& arc : transitions_.arcs) {
      const double score = log_delta_.row(log_delta_.rows() - 1)[index(arc.source)] +
                           static_cast<double>(arc.log_probability);
      if (score > delta[index(arc.target)]) {
        delta[index(arc.target)] = score;
        from[index(arc.target)] = arc.source;
      }
    }
  }
  for (std::size_t n = 0; n < delta.size(); ++n) delta[n] += log_b[n];
  if (best_of(delta) < 0) {
    throw DataError("frame " + std::to_string(frames_seen()) + " has no state");
  }
  log_b_.append_row(log_b);
  log_delta_.append_row(delta);
  predecessors_.append_row(from);
  if (frames_seen() % options_.decision_interval == 0) decide(commits);
}

std::vector<bool> ReferenceStream::survivors() const {
  std::vector<bool> alive;
  for (const double score : log_delta_.row(log_delta_.rows() - 1)) {
    alive.push_back(score != kImpossible);
  }
  return alive;
}

std::vector<std::vector<bool>> ReferenceStream::ancestors(const std::vector<bool>& alive) const {
  std::vector<std::vector<bool>> tree(log_delta_.rows(), std::vector<bool>(alive.size()));
  tree.back() = alive;
  for (std::size_t t = tree.size() - 1; t > 0; --t) {
    for (std::size_t n = 0; n < alive.size(); ++n) {
      if (tree[t][n]) tree[t - 1][index(predecessors_(t, n))] = true;
    }
  }
  return tree;
}

void ReferenceStream::decide(std::vector<Commit>& commits) {
  auto tree = ancestors(survivors());
  int64_t end = committed_;
  while (end < frames_seen() && one_only(tree[index(end)])) ++end;
  const int64_t seen = frames_seen();
  const int64_t must_end = seen - 1 + options_.decision_interval - options_.lag;
  commit(Commit::Kind::kExact, end, tree, false, commits);
  if (options_.lag == 0 || must_end <= end) return;

  // The best path's state of frame must_end - 1 is kept, and whatever descends from it.
  std::vector<bool> best(index(transitions_.states));
  best[index(best_of(log_delta_.row(log_delta_.rows() - 1)))] = true;
  const auto best_path = ancestors(best);
  for (int32_t n = 0; n < transitions_.states; ++n) {
    if (!survivors()[index(n)]) continue;
    std::vector<bool> only(index(transitions_.states));
    only[index(n)] = true;
    if (ancestors(only)[index(must_end - 1)] != best_path[index(must_end - 1)]) {
      log_delta_(log_delta_.rows() - 1, index(n)) = kImpossible;
    }
  }
  tree = ancestors(survivors());
  end = must_end;
  while (end < seen && one_only(tree[index(end)])) ++end;
  commit(Commit::Kind::kForced, end, tree, false, commits);
}

void ReferenceStream::finish(std::vector<Commit>& commits) {
  closed_ = true;
  if (committed_ == frames_seen()) return;
  std::vector<double> ends;
  for (std::size_t n = 0; n < index(transitions_.states); ++n) {
    ends.push_back(log_delta_(log_delta_.rows() - 1, n) + transitions_.log_final[n]);
  }
  const int32_t best = best_of(ends);
  if (best < 0) throw DataError("no state may be the last");
  std::vector<bool> only(ends.size());
  only[index(best)] = true;
  commit(Commit::Kind::kExact, frames_seen(), ancestors(only), true, commits);
}

void ReferenceStream::commit(Commit::Kind kind, int64_t end,
                             const std::vector<std::vector<bool>>& tree, bool final,
                             std::vector<Commit>& commits) {
  if (end == committed_) return;
  Matrix scaled = log_b_;
  for (std::size_t t = 0; t < scaled.rows(); ++t) {
    for (double& value : scaled.row(t)) value *= options_.posterior_scale;
  }
  const auto log_final =
      final ? std::span<const float>(transitions_.log_final) : std::span<const float>();
  const Matrix gamma =
      posteriors(forward(transitions_, scaled), backward(transitions_, scaled, log_final));
  const Matrix log_alpha = forward(transitions_, log_b_);

  Commit& result = commits.emplace_back();
  result.kind = kind;
  result.first_frame = committed_;
  result.frames_seen = frames_seen();
  for (; committed_ < end; ++committed_) {
    const auto t = index(committed_);
    const auto state = std::ranges::find(tree[t], true) - tree[t].begin();
    result.states.push_back(static_cast<int32_t>(state));
    double confidence = 0;
    for (std::size_t n = 0; n < gamma.columns(); ++n) {
      const bool same = options_.label_of.empty()
                            ? n == index(state)
                            : options_.label_of[n] == options_.label_of[index(state)];
      if (same) confidence += gamma(t, n);
    }
    result.confidence.push_back(static_cast<float>(confidence));
    const double before = t == 0 ? 0 : log_sum_exp<double>(log_alpha.row(t - 1));
    result.log_likelihood.push_back(
        static_cast<float>(log_sum_exp<double>(log_alpha.row(t)) - before));
  }
}

}  // namespace hmm::compute::reference
