// What all streams of the CPU share: checked input, scored in blocks, taken frame by frame.
#pragma once

#include <memory>
#include <vector>

#include "core/compute/backend.h"
#include "core/compute/cpu/emissions.h"
#include "core/compute/cpu/graph.h"

namespace hmm::compute::cpu {

class RunningStream : public Stream {
 public:
  /// Throws SettingsError for options that contradict each other or do not fit the model.
  RunningStream(std::shared_ptr<const Graph> graph, std::shared_ptr<const Emissions> emissions,
                const StreamOptions& options);

  /// Throws DataError for a frame that is not finite or that no state explains, and from then on.
  void advance(MatrixView frames, bool last, std::vector<Commit>& commits);

 protected:
  /// One frame of scores, score_columns() of them; columns() says which each state reads.
  virtual void step(const float* log_b, std::vector<Commit>& commits) = 0;
  /// The stream ends with the frames it has.
  virtual void finish(std::vector<Commit>& commits) = 0;

  const Graph& graph() const { return *graph_; }
  const StreamOptions& options() const { return options_; }
  const std::vector<int32_t>& columns() const { return columns_; }
  std::size_t score_columns() const { return score_columns_; }

  /// The posterior of the label of a state, given those of all states.
  float confidence_of(int32_t state, std::span<const float> posteriors) const;

 private:
  void check_input(MatrixView frames) const;

  std::shared_ptr<const Graph> graph_;
  std::shared_ptr<const Emissions> emissions_;
  StreamOptions options_;
  ScorePlan plan_;                // of the emissions that some state reads
  std::vector<int32_t> columns_;  // [N] where each state's score is in a row of scores
  std::size_t input_columns_;
  std::size_t score_columns_;
  std::vector<float> scores_;
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace hmm::compute::cpu
