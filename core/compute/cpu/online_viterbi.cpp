#include "core/compute/cpu/online_viterbi.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm::compute::cpu {

template <class T>
void FrameRing::widen(std::vector<T>& values, std::size_t width, std::size_t capacity) const {
  std::vector<T> wider(capacity * width);
  for (int64_t t = begin_; t < end_; ++t) {
    std::copy_n(values.data() + slot(t) * width, width,
                wider.data() + (static_cast<std::size_t>(t) & (capacity - 1)) * width);
  }
  values = std::move(wider);
}

void FrameRing::push() {
  if (static_cast<std::size_t>(end_ - begin_) == capacity_) {
    const std::size_t capacity = std::max<std::size_t>(8, 2 * capacity_);
    widen(log_alpha_, states_, capacity);
    widen(log_b_, columns_, capacity);
    widen(predecessors_, states_, capacity);
    widen(children_, states_, capacity);
    widen(survivors_, 1, capacity);
    widen(log_likelihood_, 1, capacity);
    capacity_ = capacity;
  }
  ++end_;
}

OnlineViterbi::OnlineViterbi(std::shared_ptr<const Graph> graph,
                             std::shared_ptr<const Emissions> emissions,
                             const StreamOptions& options)
    : RunningStream(std::move(graph), std::move(emissions), options),
      ring_(this->graph().states(), score_columns()) {}

FrameScores OnlineViterbi::scores_at(int64_t t, float scale) {
  return {ring_.log_b(t).data(), columns(), scale};
}

void OnlineViterbi::step(const float* log_b, std::vector<Commit>& commits) {
  const int64_t t = ring_.end();
  ring_.push();
  std::copy_n(log_b, ring_.log_b(t).size(), ring_.log_b(t).data());

  const FrameScores scores = scores_at(t, 1);
  const bool first = t == 0;
  previous_delta_ = viterbi_.log_delta();
  const bool possible = first ? viterbi_.start(graph(), scores)
                              : viterbi_.step(graph(), scores, ring_.predecessors(t));
  if (!possible) {
    throw DataError("frame " + std::to_string(t) + " cannot be explained by any state");
  }
  grow_tree(t);

  ring_.log_likelihood(t) =
      static_cast<float>(first ? forward_.start(graph(), scores) : forward_.step(graph(), scores));
  if (options().posterior_scale != 1) {
    const FrameScores scaled = scores_at(t, options().posterior_scale);
    first ? scaled_.start(graph(), scaled) : scaled_.step(graph(), scaled);
  }
  const Forward& forward = options().posterior_scale == 1 ? forward_ : scaled_;
  std::copy(forward.log_alpha().begin(), forward.log_alpha().end(), ring_.log_alpha(t).begin());

  if (ring_.end() % options().decision_interval == 0) decide(commits);
}

// Counts the children of frame t - 1 and gives up its states that have none.
void OnlineViterbi::grow_tree(int64_t t) {
  const std::vector<float>& delta = viterbi_.log_delta();
  FrameRing::Survivors& survivors = ring_.survivors(t);
  survivors = {};
  std::fill(ring_.children(t).begin(), ring_.children(t).end(), 0);
  const bool has_parents = t > ring_.begin();
  for (std::size_t n = 0; n < delta.size(); ++n) {
    if (delta[n] == kLogZero<float>) continue;
    ++survivors.count;
    survivors.sum += static_cast<int64_t>(n);
    if (has_parents) ++ring_.children(t - 1)[static_cast<std::size_t>(ring_.predecessors(t)[n])];
  }
  if (!has_parents) return;
  for (std::size_t n = 0; n < delta.size(); ++n) {
    if (previous_delta_[n] != kLogZero<float> && ring_.children(t - 1)[n] == 0) {
      release(t - 1, static_cast<int32_t>(n));
    }
  }
}

// Takes a state without surviving children out of the tree, and its ancestors that have no other.
void OnlineViterbi::release(int64_t t, int32_t state) {
  for (;; --t) {
    FrameRing::Survivors& survivors = ring_.survivors(t);
    --survivors.count;
    survivors.sum -= state;
    if (t == ring_.begin()) return;
    state = ring_.predecessors(t)[static_cast<std::size_t>(state)];
    if (--ring_.children(t - 1)[static_cast<std::size_t>(state)] > 0) return;
  }
}

int64_t OnlineViterbi::merged_until(int64_t t) {
  while (t < ring_.end() && ring_.survivors(t).count == 1) ++t;
  return t;
}

// Commits what all survivors share; then, so that no frame is older than the lag before the next
// decision, what the best survivor says of frames that would be.
void OnlineViterbi::decide(std::vector<Commit>& commits) {
  const int64_t begin = ring_.begin();
  const int64_t exact_end = merged_until(begin);
  int64_t end = exact_end;
  const int64_t must_end = ring_.end() - 1 + options().decision_interval - options().lag;
  if (options().lag > 0 && must_end > exact_end) {
    force(must_end);
    end = merged_until(must_end);
  }
  if (end == begin) return;
  std::vector<int32_t> states(static_cast<std::size_t>(end - begin));
  for (int64_t t = begin; t < end; ++t) {
    states[static_cast<std::size_t>(t - begin)] = static_cast<int32_t>(ring_.survivors(t).sum);
  }
  const std::vector<float> confidence = smooth(states, {});
  if (exact_end > begin) emit(Commit::Kind::kExact, exact_end, states, confidence, commits);
  if (end > exact_end) {
    const auto done = static_cast<std::size_t>(exact_end - begin);
    emit(Commit::Kind::kForced, end, std::span(states).subspan(done),
         std::span(confidence).subspan(done), commits);
  }
}

// Drops every survivor whose path does not go through the best one's state of frame end - 1.
void OnlineViterbi::force(int64_t end) {
  int32_t state = viterbi_.best({});
  for (int64_t t = ring_.end() - 1; t >= end; --t) {
    state = ring_.predecessors(t)[static_cast<std::size_t>(state)];
  }
  agrees_.assign(graph().states(), false);
  agrees_[static_cast<std::size_t>(state)] = true;
  for (int64_t t = end; t < ring_.end(); ++t) {
    next_agrees_.assign(agrees_.size(), false);
    for (std::size_t n = 0; n < agrees_.size(); ++n) {
      const int32_t from = ring_.predecessors(t)[n];
      next_agrees_[n] = from != Viterbi::kNone && agrees_[static_cast<std::size_t>(from)];
    }
    std::swap(agrees_, next_agrees_);
  }
  for (std::size_t n = 0; n < agrees_.size(); ++n) {
    if (!agrees_[n] && viterbi_.log_delta()[n] != kLogZero<float>) {
      viterbi_.drop(n);
      release(ring_.end() - 1, static_cast<int32_t>(n));
    }
  }
}

// Everything left is the path that ends best.
void OnlineViterbi::finish(std::vector<Commit>& commits) {
  if (ring_.begin() == ring_.end()) return;
  const std::vector<float>& log_final = graph().parameters().log_final;
  int32_t state = viterbi_.best(log_final);
  if (state == Viterbi::kNone) {
    throw DataError("the stream ends at frame " + std::to_string(ring_.end() - 1) +
                    " where no state may be the last");
  }
  std::vector<int32_t> states(static_cast<std::size_t>(ring_.end() - ring_.begin()));
  for (int64_t t = ring_.end() - 1;; --t) {
    states[static_cast<std::size_t>(t - ring_.begin())] = state;
    if (t == ring_.begin()) break;
    state = ring_.predecessors(t)[static_cast<std::size_t>(state)];
  }
  emit(Commit::Kind::kExact, ring_.end(), states, smooth(states, log_final), commits);
}

// Fixed-lag smoothing: back from the newest frame to the oldest one that is not committed. The
// posteriors are those of the whole model: forced decisions do not constrain them.
std::vector<float> OnlineViterbi::smooth(std::span<const int32_t> states,
                                         std::span<const float> log_final) {
  std::vector<float> confidence(states.size());
  std::vector<float> posteriors(graph().states());
  Backward backward;
  backward.start(graph(), log_final);
  for (int64_t t = ring_.end() - 1; t >= ring_.begin(); --t) {
    const auto i = static_cast<std::size_t>(t - ring_.begin());
    if (i < states.size()) {
      posteriors_of(ring_.log_alpha(t), backward.log_beta(), posteriors);
      confidence[i] = confidence_of(states[i], posteriors);
    }
    if (i > 0) backward.step(graph(), scores_at(t, options().posterior_scale));
  }
  return confidence;
}

void OnlineViterbi::emit(Commit::Kind kind, int64_t end, std::span<const int32_t> states,
                         std::span<const float> confidence, std::vector<Commit>& commits) {
  const auto count = static_cast<std::size_t>(end - ring_.begin());
  Commit& commit = commits.emplace_back();
  commit.kind = kind;
  commit.first_frame = ring_.begin();
  commit.frames_seen = ring_.end();
  commit.states.assign(states.begin(), states.begin() + static_cast<std::ptrdiff_t>(count));
  commit.confidence.assign(confidence.begin(),
                           confidence.begin() + static_cast<std::ptrdiff_t>(count));
  for (int64_t t = ring_.begin(); t < end; ++t) {
    commit.log_likelihood.push_back(ring_.log_likelihood(t));
  }
  ring_.pop_until(end);
}

}  // namespace hmm::compute::cpu
