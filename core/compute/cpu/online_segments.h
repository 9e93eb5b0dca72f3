// A running decoder of a semi-Markov chain.
//
// A survivor is a segment that has begun in the last D frames and may go on, or has just ended,
// with the best path before it. A frame is decided where all survivors are in the same state: as no
// state follows itself, agreeing on a stretch of frames is sharing its segments.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "core/compute/cpu/running_stream.h"
#include "core/compute/cpu/semi_markov.h"

namespace hmm::compute::cpu {

class OnlineSegments final : public RunningStream {
 public:
  OnlineSegments(std::shared_ptr<const Graph> graph,
                 std::shared_ptr<const DurationTables> durations,
                 std::shared_ptr<const Emissions> emissions, const StreamOptions& options);

  int64_t frames_seen() const override { return begin_ + static_cast<int64_t>(frames_.size()); }
  int64_t frames_committed() const override { return begin_; }

 private:
  /// What is kept of a frame that is not committed.
  struct Frame {
    std::vector<float> log_b;           // as scored
    std::vector<int32_t> predecessors;  // [N] the best state before a segment that begins here
    std::vector<int32_t> durations;     // [N] of the best segment that ends here
    std::vector<double> log_entry;      // [N] forward variables, for posteriors
    std::vector<double> log_end;
    float log_likelihood = 0;
  };

  void step(const float* log_b, std::vector<Commit>& commits) override;
  void finish(std::vector<Commit>& commits) override;
  void step_forward(Frame& frame);
  bool any_survivor();
  void decide(std::vector<Commit>& commits);
  /// The state of each frame that all survivors agree on, from the oldest one on.
  std::vector<int32_t> agreed_states();
  void force(std::size_t end);
  std::vector<int32_t> trace(SegmentViterbi::Last last) const;
  std::vector<float> smooth(std::span<const int32_t> states, std::span<const double> log_last,
                            std::vector<double> log_final, bool unfinished) const;
  void emit(Commit::Kind kind, std::span<const int32_t> states, std::span<const float> confidence,
            std::vector<Commit>& commits);

  std::shared_ptr<const DurationTables> durations_;
  SegmentViterbi viterbi_;
  SegmentForward forward_;  // likelihoods
  SegmentForward scaled_;   // posteriors, when they have a scale of their own
  double log_likelihood_ = 0;
  std::vector<double> log_lasting_;  // [N] of the forward variable that posteriors use
  std::deque<Frame> frames_;         // from begin_ on
  std::vector<Frame> spare_;         // committed ones, for their memory
  int64_t begin_ = 0;
  std::vector<double> scores_;
};

}  // namespace hmm::compute::cpu
