// What a state sequence says: its segments, durations and transitions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hmm {

/// A run of frames in one state.
struct Segment {
  int32_t state = 0;
  int64_t first_frame = 0;
  int64_t frames = 0;
  bool operator==(const Segment&) const = default;
};

/// The segments of a path, in time order; two segments of the same state never touch.
std::vector<Segment> segments_of(std::span<const int32_t> path);

/// How often and how long each state is visited.
struct StateUse {
  int64_t visits = 0;
  int64_t frames = 0;
  double mean_duration = 0;       // frames a visit; 0 for a state never visited
  double deviation_duration = 0;  // standard deviation over all visits
  int64_t shortest = 0;
  int64_t longest = 0;
};

/// Counts over many sequences. Ratios are of `transitions`, the steps from a frame to the next.
struct SequenceAnalysis {
  int64_t sequences = 0;
  int64_t frames = 0;
  int64_t transitions = 0;
  double self_loop_ratio = 0;
  double forward_ratio = 0;   // to the next higher state
  double backward_ratio = 0;  // to any lower state
  double skip_ratio = 0;      // to a state more than one higher
  double mean_duration = 0;
  double deviation_duration = 0;
  std::vector<StateUse> states;  // [N]
};

/// DataError for a state outside 0 .. states - 1, which a path of an impossible sequence holds.
SequenceAnalysis analyze(std::span<const std::vector<int32_t>> paths, int states);

}  // namespace hmm
