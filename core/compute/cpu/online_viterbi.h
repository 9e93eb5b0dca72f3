// A running decoder: online Viterbi with bounded memory and posteriors by fixed-lag smoothing.
//
// Sramek, Brejova and Vinar 2007 (arXiv:0704.0062): survivors form a tree; where only one node of a
// frame still has descendants, every survivor shares the past up to it and it is decided. Here each
// node counts its children, so that finding such frames costs amortised O(N) a frame however long
// the survivors stay apart.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/compute/backend.h"
#include "core/compute/cpu/recursions.h"
#include "core/compute/cpu/running_stream.h"

namespace hmm::compute::cpu {

/// What smoothing and traceback need of the frames that are not committed, as a ring that grows
/// when the survivors do not agree. Frames are named by their number in the stream.
class FrameRing {
 public:
  struct Survivors {
    int64_t count =
        0;            // states of this frame with a surviving descendant (or survivors, if newest)
    int64_t sum = 0;  // of their indices: the state itself when there is one
  };

  FrameRing(std::size_t states, std::size_t columns) : states_(states), columns_(columns) {}

  int64_t begin() const { return begin_; }
  int64_t end() const { return end_; }
  void push();
  void pop_until(int64_t frame) { begin_ = frame; }

  std::span<double> log_alpha(int64_t t) { return part(log_alpha_, t, states_); }
  std::span<float> log_b(int64_t t) { return part(log_b_, t, columns_); }
  std::span<int32_t> predecessors(int64_t t) { return part(predecessors_, t, states_); }
  std::span<int32_t> children(int64_t t) { return part(children_, t, states_); }
  Survivors& survivors(int64_t t) { return survivors_[slot(t)]; }
  float& log_likelihood(int64_t t) { return log_likelihood_[slot(t)]; }

 private:
  std::size_t slot(int64_t t) const { return static_cast<std::size_t>(t) & (capacity_ - 1); }
  template <class T>
  std::span<T> part(std::vector<T>& values, int64_t t, std::size_t width) {
    return {values.data() + slot(t) * width, width};
  }
  template <class T>
  void widen(std::vector<T>& values, std::size_t width, std::size_t capacity) const;

  std::size_t states_;
  std::size_t columns_;
  std::size_t capacity_ = 0;  // frames, a power of two
  int64_t begin_ = 0;
  int64_t end_ = 0;
  std::vector<double> log_alpha_;      // [capacity x N]
  std::vector<float> log_b_;           // [capacity x columns]
  std::vector<int32_t> predecessors_;  // [capacity x N]
  std::vector<int32_t> children_;      // [capacity x N] that survive
  std::vector<Survivors> survivors_;   // [capacity]
  std::vector<float> log_likelihood_;  // [capacity]
};

class OnlineViterbi final : public RunningStream {
 public:
  OnlineViterbi(std::shared_ptr<const Graph> graph, std::shared_ptr<const Emissions> emissions,
                const StreamOptions& options);

  int64_t frames_seen() const override { return ring_.end(); }
  int64_t frames_committed() const override { return ring_.begin(); }

 private:
  void step(const float* log_b, std::vector<Commit>& commits) override;
  void grow_tree(int64_t t);
  void release(int64_t t, int32_t state);
  void decide(std::vector<Commit>& commits);
  void finish(std::vector<Commit>& commits) override;
  /// The frames before the result are decided: one of their states survives.
  int64_t merged_until(int64_t t);
  void force(int64_t end);
  std::vector<float> smooth(std::span<const int32_t> states, std::span<const float> log_final);
  void emit(Commit::Kind kind, int64_t end, std::span<const int32_t> states,
            std::span<const float> confidence, std::vector<Commit>& commits);
  FrameScores scores_at(int64_t t, float scale);

  Viterbi viterbi_;
  Forward forward_;  // likelihoods
  Forward scaled_;   // posteriors, when they have a scale of their own
  FrameRing ring_;
  std::vector<float> previous_delta_;
  std::vector<uint8_t> agrees_;  // [N] scratch of force()
  std::vector<uint8_t> next_agrees_;
};

}  // namespace hmm::compute::cpu
