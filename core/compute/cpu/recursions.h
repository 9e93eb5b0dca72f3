// One frame of the forward, backward and Viterbi recursions (Rabiner 1989) over a sparse graph.
//
// Vectors over states hold logs relative to their greatest element, so that float32 is enough for
// any number of frames; what was taken away is returned, to be summed in double. Sums over arcs are
// multiply-adds of probabilities; a sum that underflows while it may still be possible is done
// again with logs, so that a path hundreds of nats behind the best is carried exactly: forced final
// states and left-to-right models need that.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/compute/cpu/graph.h"

namespace hmm::compute::cpu {

/// The emission scores of one frame as the states read them.
struct FrameScores {
  const float* log_b = nullptr;      // a row of scores
  std::span<const int32_t> columns;  // [N]
  float scale = 1;

  float operator()(std::size_t state) const {
    return scale * log_b[static_cast<std::size_t>(columns[state])];
  }
};

/// The forward variable of one sequence after its newest frame.
class Forward {
 public:
  /// Returns log p of the frame given those before it; -infinity, and no state is possible from
  /// then on, when no state explains it.
  double start(const Graph& graph, const FrameScores& scores);
  double step(const Graph& graph, const FrameScores& scores);

  /// [N] log alpha relative to the greatest.
  const std::vector<double>& log_alpha() const { return log_alpha_; }
  /// log of the sum of alpha, relative like log_alpha().
  double log_sum() const { return log_sum_; }

 private:
  double finish(const FrameScores& scores);

  std::vector<double> log_alpha_;
  std::vector<float> alpha_;  // exp(log_alpha_)
  std::vector<float> sums_;
  std::vector<double> next_;
  double log_sum_ = 0;
};

/// The backward variable of one sequence, from its last frame to its first.
class Backward {
 public:
  /// At the last frame: log_final, or log 1 for each state when none is given.
  void start(const Graph& graph, std::span<const float> log_final);
  /// To the frame before, given the scores of the frame it leaves.
  void step(const Graph& graph, const FrameScores& scores);

  /// [N] log beta relative to the greatest.
  const std::vector<double>& log_beta() const { return log_beta_; }

  /// After step(): adds the expected uses of each arc between the two frames to `counts`, given the
  /// posteriors of the earlier frame.
  void count_arcs(const Graph& graph, std::span<const float> posteriors,
                  std::span<double> counts) const;

 private:
  std::vector<double> log_beta_;
  std::vector<double> log_ahead_;  // log b + log beta of the later frame, relative to the greatest
  std::vector<float> ahead_;       // its exponential
  std::vector<float> sums_;        // sums over arcs before logs were taken
  std::vector<double> log_sums_;
};

/// posteriors = alpha beta, normalised (Rabiner eq. 27); all 0 when nothing is possible.
void posteriors_of(std::span<const double> log_alpha, std::span<const double> log_beta,
                   std::span<float> posteriors);

/// The best partial paths of one sequence after its newest frame.
class Viterbi {
 public:
  static constexpr int32_t kNone = -1;  // the predecessor of a state that no path reaches

  /// Both return false, and no state is possible from then on, when no state explains the frame.
  bool start(const Graph& graph, const FrameScores& scores);
  bool step(const Graph& graph, const FrameScores& scores, std::span<int32_t> predecessors);
  /// Likewise for all frames of log_b; predecessors [T x N]. The same bits as frame by frame.
  bool run(const Graph& graph, MatrixView log_b, std::span<int32_t> predecessors);

  /// [N] log delta relative to the greatest.
  const std::vector<float>& log_delta() const { return log_delta_; }
  /// Paths that end here are given up.
  void drop(std::size_t state);
  /// The lowest of the best states, with `log_final` added when it is given; kNone when no path
  /// may end.
  int32_t best(std::span<const float> log_final) const;

 private:
  bool run_dense(const ArcLists& arcs, const float* log_b, std::size_t stride, std::size_t count,
                 std::span<const int32_t> columns, int32_t* predecessors);
  void best_arcs(const ArcLists& arcs, std::span<int32_t> predecessors);

  std::vector<float> log_delta_;
  std::vector<float> next_;
};

}  // namespace hmm::compute::cpu
