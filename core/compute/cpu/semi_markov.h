// The recursions of semi-Markov chains (HSMM) over one whole sequence.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/cpu/graph.h"
#include "core/compute/cpu/segment_windows.h"

namespace hmm::compute::cpu {

/// log of the sum over arcs of probability times exp(log_values of the other end), in double.
class LogArcSums {
 public:
  void operator()(const ArcLists& arcs, std::span<const double> log_values,
                  std::span<double> log_sums);

 private:
  std::vector<double> values_;
  std::vector<double> sums_;
};

/// The forward variable of segments after the newest frame.
class SegmentForward {
 public:
  SegmentForward(const Graph& graph, const DurationTables& durations);

  void step(std::span<const double> log_b);

  /// [N] log p(x_0 .. x_t-1, a segment of the state begins at the newest frame t).
  const std::vector<double>& log_entry() const { return log_entry_; }
  /// [N] log p(x_0 .. x_t, a segment of the state ends at t).
  const std::vector<double>& log_end() const { return log_end_; }
  /// [N] log p(x_0 .. x_t, in the state at t).
  void log_lasting(std::span<double> log_sums) const { windows_.lasting(log_sums); }

 private:
  const Graph& graph_;
  SegmentWindows windows_;
  LogArcSums sum_over_arcs_;
  std::vector<double> log_entry_;
  std::vector<double> log_end_;
  bool started_ = false;
};

/// The backward variable of segments, from the last frame to the first.
class SegmentBackward {
 public:
  SegmentBackward(const Graph& graph, const DurationTables& durations);

  /// The scores of the frame before; the first call takes the last frame. Segments that end at the
  /// last frame weigh log_final [N], and so do those that go on after it if `unfinished`.
  void step(std::span<const double> log_b, std::span<const double> log_final, bool unfinished);

  /// [N] log p(x_t .. x_T-1 | a segment of the state begins at t).
  const std::vector<double>& log_begin() const { return log_begin_; }
  /// [N] log p(x_t+1 .. x_T-1 | a segment of the state ends at t).
  const std::vector<double>& log_after() const { return log_after_; }

  /// Adds the expected durations of segments that begin at t, given how likely one does.
  void count_durations(std::span<const double> starts, std::span<double> counts) const;

 private:
  const Graph& graph_;
  SegmentWindows windows_;
  LogArcSums sum_over_arcs_;
  std::vector<double> log_begin_;
  std::vector<double> log_after_;
  bool started_ = false;
};

/// Posteriors from the last frame to the first, given the forward variables of each.
class SegmentPosteriors {
 public:
  /// `log_last` [N] is the forward variable of the last frame with final weights; the other two are
  /// as SegmentBackward::step() takes them.
  SegmentPosteriors(const Graph& graph, const DurationTables& durations,
                    std::span<const double> log_last, std::vector<double> log_final,
                    bool unfinished);

  /// One frame further back, with its forward variables and scores.
  void step(std::span<const double> log_entry, std::span<const double> log_end,
            std::span<const double> log_b);

  /// [N] of being in a state, and of a segment of it beginning at the frame.
  const std::vector<float>& posteriors() const { return posteriors_; }
  const std::vector<double>& starts() const { return starts_; }
  const SegmentBackward& backward() const { return backward_; }

 private:
  SegmentBackward backward_;
  std::vector<double> log_final_;
  bool unfinished_;
  double log_likelihood_;
  std::vector<double> occupied_;
  std::vector<double> starts_;
  std::vector<double> ends_;
  std::vector<float> posteriors_;
  bool started_ = false;
};

/// The best partial paths of segments after the newest frame.
class SegmentViterbi {
 public:
  static constexpr int32_t kNone = -1;

  SegmentViterbi(const Graph& graph, const DurationTables& durations);

  /// Fills, for each state, the best state before a segment that begins at this frame, and the
  /// duration of the best segment that ends at it; kNone where there is none.
  void step(std::span<const double> log_b, std::span<int32_t> predecessors,
            std::span<int32_t> durations);

  /// [N] the score of the best path whose segment ends at the newest frame.
  std::vector<double>& log_end() { return log_end_; }
  SegmentWindows& windows() { return windows_; }

  /// The best last segment, of which `unfinished` says that it may go on, with log_final [N] added.
  struct Last {
    int32_t state = kNone;
    int64_t duration = 0;
  };
  Last best(std::span<const float> log_final, bool unfinished) const;

 private:
  const Graph& graph_;
  SegmentWindows windows_;
  std::vector<double> log_entry_;
  std::vector<double> log_end_;
  std::vector<int32_t> durations_;  // [N] of what log_end_ scores
  bool started_ = false;
};

/// [N] the scores of a frame as the states read them.
void read_scores(std::span<const int32_t> columns, std::span<const float> row, float scale,
                 std::vector<double>& log_b);

/// What is wanted of a sequence; views without data and empty spans are not. Counts are added to,
/// those of durations with the longest first.
struct SegmentOutput {
  MutableMatrixView posteriors;
  MutableMatrixView starts;
  std::span<double> arc_counts;
  std::span<double> duration_counts;
};

/// Returns the log-likelihood.
double hsmm_forward_backward(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                             const SegmentOutput& output);

/// Fills `path` [T]; returns its log joint probability.
double hsmm_viterbi(const Graph& graph, const DurationTables& durations, MatrixView log_b,
                    std::span<int32_t> path);

}  // namespace hmm::compute::cpu
