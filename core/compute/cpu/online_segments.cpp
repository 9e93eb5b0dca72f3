#include "core/compute/cpu/online_segments.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm::compute::cpu {
namespace {

constexpr double kImpossible = kLogZero<double>;

}  // namespace

OnlineSegments::OnlineSegments(std::shared_ptr<const Graph> graph,
                               std::shared_ptr<const DurationTables> durations,
                               std::shared_ptr<const Emissions> emissions,
                               const StreamOptions& options)
    : RunningStream(std::move(graph), std::move(emissions), options),
      durations_(std::move(durations)),
      viterbi_(this->graph(), *durations_),
      forward_(this->graph(), *durations_),
      scaled_(this->graph(), *durations_),
      log_lasting_(this->graph().states()) {}

void OnlineSegments::step(const float* log_b, std::vector<Commit>& commits) {
  if (!spare_.empty()) {
    frames_.push_back(std::move(spare_.back()));
    spare_.pop_back();
  } else {
    frames_.emplace_back();
  }
  Frame& frame = frames_.back();
  frame.log_b.assign(log_b, log_b + score_columns());
  frame.predecessors.resize(graph().states());
  frame.durations.resize(graph().states());
  read_scores(columns(), frame.log_b, 1, scores_);
  viterbi_.step(scores_, frame.predecessors, frame.durations);
  if (!any_survivor()) {
    throw DataError("frame " + std::to_string(frames_seen() - 1) +
                    " cannot be explained by any state");
  }
  step_forward(frame);
  if (frames_seen() % options().decision_interval == 0) decide(commits);
}

// Expects scores_ to hold the frame's scores.
void OnlineSegments::step_forward(Frame& frame) {
  forward_.step(scores_);
  forward_.log_lasting(log_lasting_);
  const double log_likelihood = log_sum_exp<double>(log_lasting_);
  frame.log_likelihood = static_cast<float>(log_likelihood - log_likelihood_);
  log_likelihood_ = log_likelihood;
  const bool own_scale = options().posterior_scale != 1;
  if (own_scale) {
    read_scores(columns(), frame.log_b, options().posterior_scale, scores_);
    scaled_.step(scores_);
    scaled_.log_lasting(log_lasting_);
  }
  const SegmentForward& forward = own_scale ? scaled_ : forward_;
  frame.log_entry = forward.log_entry();
  frame.log_end = forward.log_end();
}

bool OnlineSegments::any_survivor() {
  const auto possible = [](double score) { return score != kImpossible; };
  return std::ranges::any_of(viterbi_.log_end(), possible) ||
         viterbi_.best({}, true).state != SegmentViterbi::kNone;
}

void OnlineSegments::decide(std::vector<Commit>& commits) {
  std::vector<int32_t> states = agreed_states();
  const std::size_t exact = states.size();
  const int64_t must_end = frames_seen() - 1 + options().decision_interval - options().lag - begin_;
  if (options().lag > 0 && must_end > static_cast<int64_t>(exact)) {
    force(static_cast<std::size_t>(must_end));
    states = agreed_states();
  }
  if (states.empty()) return;
  const std::vector<float> confidence =
      smooth(states, log_lasting_, std::vector<double>(graph().states()), true);
  const std::span<const int32_t> all(states);
  emit(Commit::Kind::kExact, all.first(exact), confidence, commits);
  emit(Commit::Kind::kForced, all.subspan(exact), std::span(confidence).subspan(exact), commits);
}

std::vector<int32_t> OnlineSegments::agreed_states() {
  const std::size_t states = graph().states();
  const std::size_t count = frames_.size();
  // Changes, from a frame to the next, of how many surviving segments of a state cover it.
  BasicMatrix<int32_t> change(count + 1, states);
  BasicMatrix<uint8_t> survives(count, states);  // as the end of a segment
  const auto cover = [&](std::size_t state, std::size_t end, int64_t duration) {
    const auto first = static_cast<int64_t>(end) - duration + 1;
    ++change(static_cast<std::size_t>(std::max<int64_t>(first, 0)), state);
    --change(end + 1, state);
    if (first <= 0) return;
    const int32_t before = frames_[static_cast<std::size_t>(first)].predecessors[state];
    survives(static_cast<std::size_t>(first) - 1, static_cast<std::size_t>(before)) = 1;
  };
  for (std::size_t n = 0; n < states; ++n) {
    survives(count - 1, n) = viterbi_.log_end()[n] != kImpossible;
    for (int64_t d = 1; d <= durations_->parameters().longest; ++d) {
      if (viterbi_.windows().may_go_on(n, d)) cover(n, count - 1, d);
    }
  }
  for (std::size_t t = count; t-- > 0;) {
    for (std::size_t n = 0; n < states; ++n) {
      if (survives(t, n) != 0) cover(n, t, frames_[t].durations[n]);
    }
  }

  std::vector<int32_t> covering(states);
  std::vector<int32_t> agreed;
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t n = 0; n < states; ++n) covering[n] += change(t, n);
    if (std::ranges::count_if(covering, [](int32_t c) { return c > 0; }) != 1) break;
    const auto only = std::ranges::find_if(covering, [](int32_t c) { return c > 0; });
    agreed.push_back(static_cast<int32_t>(only - covering.begin()));
  }
  return agreed;
}

// Takes out every survivor that differs from the best one in any of the first `end` frames.
void OnlineSegments::force(std::size_t end) {
  const std::size_t states = graph().states();
  const std::size_t count = frames_.size();
  const std::vector<int32_t> path = trace(viterbi_.best({}, true));
  std::vector<std::size_t> run_end(count);  // of the best path's segment around each frame
  for (std::size_t t = count; t-- > 0;) {
    run_end[t] = t + 1 < count && path[t] == path[t + 1] ? run_end[t + 1] : t;
  }
  BasicMatrix<uint8_t> agrees(count, states);  // of paths whose segment ends there
  const auto agrees_with_path = [&](std::size_t state, std::size_t last, int64_t duration) {
    const auto first = static_cast<int64_t>(last) - duration + 1;
    const auto from = static_cast<std::size_t>(std::max<int64_t>(first, 0));
    if (from < end &&
        (path[from] != static_cast<int32_t>(state) || run_end[from] < std::min(last, end - 1))) {
      return false;
    }
    if (first <= 0) return true;
    return agrees(from - 1, static_cast<std::size_t>(frames_[from].predecessors[state])) != 0;
  };
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t n = 0; n < states; ++n) {
      const int32_t duration = frames_[t].durations[n];
      agrees(t, n) = duration != SegmentViterbi::kNone && agrees_with_path(n, t, duration);
    }
  }
  for (std::size_t n = 0; n < states; ++n) {
    for (int64_t d = 1; d <= durations_->parameters().longest; ++d) {
      if (viterbi_.windows().may_go_on(n, d) && !agrees_with_path(n, count - 1, d)) {
        viterbi_.windows().forbid(n, d);
      }
    }
    if (agrees(count - 1, n) == 0) viterbi_.log_end()[n] = kImpossible;
  }
}

void OnlineSegments::finish(std::vector<Commit>& commits) {
  if (frames_.empty()) return;
  const std::vector<float>& log_final = graph().parameters().log_final;
  const bool unfinished = durations_->parameters().last_unfinished;
  const SegmentViterbi::Last last = viterbi_.best(log_final, unfinished);
  if (last.state == SegmentViterbi::kNone) {
    throw DataError("the stream ends at frame " + std::to_string(frames_seen() - 1) +
                    " where no segment may be the last");
  }
  std::vector<double> log_last = unfinished ? log_lasting_ : frames_.back().log_end;
  for (std::size_t n = 0; n < log_last.size(); ++n) log_last[n] += log_final[n];
  const std::vector<int32_t> states = trace(last);
  emit(Commit::Kind::kExact, states,
       smooth(states, log_last, {log_final.begin(), log_final.end()}, unfinished), commits);
}

// The states of the frames that are not committed on the best path with this last segment.
std::vector<int32_t> OnlineSegments::trace(SegmentViterbi::Last last) const {
  std::vector<int32_t> path(frames_.size());
  auto end = static_cast<int64_t>(frames_.size());
  for (auto [state, duration] = last;;) {
    const int64_t first = end - duration;
    std::fill(path.begin() + std::max<int64_t>(first, 0), path.begin() + end, state);
    if (first <= 0) return path;
    state = frames_[static_cast<std::size_t>(first)].predecessors[static_cast<std::size_t>(state)];
    duration =
        frames_[static_cast<std::size_t>(first) - 1].durations[static_cast<std::size_t>(state)];
    end = first;
  }
}

std::vector<float> OnlineSegments::smooth(std::span<const int32_t> states,
                                          std::span<const double> log_last,
                                          std::vector<double> log_final, bool unfinished) const {
  std::vector<float> confidence(states.size());
  if (log_sum_exp<double>(log_last) == kImpossible) return confidence;
  SegmentPosteriors smoothed(graph(), *durations_, log_last, std::move(log_final), unfinished);
  std::vector<double> scores;
  for (std::size_t t = frames_.size(); t-- > 0;) {
    read_scores(columns(), frames_[t].log_b, options().posterior_scale, scores);
    smoothed.step(frames_[t].log_entry, frames_[t].log_end, scores);
    if (t < states.size()) confidence[t] = confidence_of(states[t], smoothed.posteriors());
  }
  return confidence;
}

void OnlineSegments::emit(Commit::Kind kind, std::span<const int32_t> states,
                          std::span<const float> confidence, std::vector<Commit>& commits) {
  if (states.empty()) return;
  Commit& commit = commits.emplace_back();
  commit.kind = kind;
  commit.first_frame = begin_;
  commit.frames_seen = frames_seen();
  commit.states.assign(states.begin(), states.end());
  commit.confidence.assign(confidence.begin(),
                           confidence.begin() + static_cast<std::ptrdiff_t>(states.size()));
  for (std::size_t i = 0; i < states.size(); ++i) {
    commit.log_likelihood.push_back(frames_.front().log_likelihood);
    spare_.push_back(std::move(frames_.front()));
    frames_.pop_front();
    ++begin_;
  }
}

}  // namespace hmm::compute::cpu
