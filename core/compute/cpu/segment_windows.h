// Sums and maxima over the durations of the segments of each state.
//
// A segment of d frames that ends at frame t has probability
//   entry(t - d + 1) p(d) exp(C(t) - C(t - d)),  C(t) = log b(0) + ... + log b(t),
// so that what ends at t is exp(C(t)) times a sum over d of p(d) and entry(s) exp(-C(s - 1)), kept
// for the last D frames: O(D) a frame and state (the recursion of Yu and Kobayashi 2003 with its
// running product taken out of the loop). Read backward in time, the same serves the backward
// variable. C is a double, good to 1e-4 nats for 10^10 frames of -100 nats.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/compute/backend.h"

namespace hmm::compute::cpu {

/// Durations in the layout of the windows: newest frame last, so pmfs are reversed.
class DurationTables final : public LoadedDurations {
 public:
  explicit DurationTables(const Durations& durations);

  const Durations& parameters() const override { return durations_; }
  std::size_t states() const { return static_cast<std::size_t>(durations_.states); }
  /// D rounded up to whole vectors; the durations above are impossible.
  std::size_t depth() const { return depth_; }

  /// [depth] of one state, element depth - d for duration d.
  const double* log_pmf(std::size_t state) const { return &log_pmf_[state * depth_]; }
  const double* pmf(std::size_t state) const { return &pmf_[state * depth_]; }
  /// P(a segment lasts at least d frames), likewise.
  const double* log_survival(std::size_t state) const { return &log_survival_[state * depth_]; }
  const double* survival(std::size_t state) const { return &survival_[state * depth_]; }

 private:
  Durations durations_;
  std::size_t depth_;
  std::vector<double> log_pmf_;  // each [N x depth]
  std::vector<double> pmf_;
  std::vector<double> log_survival_;
  std::vector<double> survival_;
};

/// Where the segments of every state may have begun in the last frames, and how likely.
class SegmentWindows {
 public:
  SegmentWindows(const DurationTables& durations, bool sums);

  /// Before the first frame: segments may have begun at any of the D - 1 frames before, with these
  /// log values [N].
  void fill(std::span<const double> log_values);

  /// A frame with the scores log_b [N]; segments may begin at it with log_entry [N].
  void push(std::span<const double> log_entry, std::span<const double> log_b);

  /// [N] log of the sum over segments that end at the newest frame.
  void ended(std::span<double> log_sums) const;
  /// [N] likewise over segments that have not ended before the newest frame: their survival.
  void lasting(std::span<double> log_sums) const;
  /// The best segment of a state that ends at the newest frame, and its duration.
  struct Segment {
    double score;
    int64_t duration;
  };
  Segment best_ended(std::size_t state) const;
  /// The best segment that has not ended before the newest frame.
  Segment best_lasting(std::size_t state) const;
  /// Whether a segment that began duration - 1 frames before the newest one may last longer.
  bool may_go_on(std::size_t state, int64_t duration) const;
  /// Takes that segment out.
  void forbid(std::size_t state, int64_t duration);

  /// Adds factor times the share of each duration in ended() of a state, which was log_sum, to
  /// counts [depth], the longest duration first.
  void count_durations(std::size_t state, double factor, double log_sum,
                       std::span<double> counts) const;

 private:
  void slide();
  void rescale(std::size_t state);
  void sum(const double* weights, const double* log_weights, std::span<double> log_sums) const;
  double exact_log_sum(const double* log_weights, const double* logs) const;
  Segment best(const double* log_weights, std::size_t state) const;
  std::size_t window(std::size_t state) const { return state * capacity_ + end_ - depth_; }

  const DurationTables& durations_;
  bool sums_;
  std::size_t depth_;               // D
  std::size_t capacity_;            // of a state's row
  std::size_t end_;                 // of all windows, in their rows
  std::vector<double> logs_;        // [N x capacity] log entry(s) - C(s - 1)
  std::vector<double> linear_;      // exp(logs - reference), when sums are wanted
  std::vector<double> reference_;   // [N]
  std::vector<int64_t> since_;      // [N] frames since the reference was chosen
  std::vector<double> cumulative_;  // [N] C of the newest frame
  std::vector<double> newest_;      // [N] scratch of push()
};

}  // namespace hmm::compute::cpu
