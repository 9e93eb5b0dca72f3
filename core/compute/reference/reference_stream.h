// A running decoder that keeps every frame and starts from the definitions at every decision.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/compute/backend.h"
#include "core/compute/reference/reference_recursions.h"

namespace hmm::compute::reference {

class ReferenceStream final : public Stream {
 public:
  /// `density` is absent for a stream whose frames are scores.
  ReferenceStream(const Transitions& transitions, std::optional<Density> density,
                  std::size_t columns, const StreamOptions& options);

  int64_t frames_seen() const override { return static_cast<int64_t>(log_delta_.rows()); }
  int64_t frames_committed() const override { return committed_; }

  void advance(MatrixView frames, bool last, std::vector<Commit>& commits);

 private:
  void step(std::span<const double> log_b, std::vector<Commit>& commits);
  void decide(std::vector<Commit>& commits);
  void finish(std::vector<Commit>& commits);
  /// The states of each frame on the paths that end in `survivors` now, [frames] sets of states.
  std::vector<std::vector<bool>> ancestors(const std::vector<bool>& survivors) const;
  std::vector<bool> survivors() const;
  void commit(Commit::Kind kind, int64_t end, const std::vector<std::vector<bool>>& tree,
              bool final, std::vector<Commit>& commits);

  Transitions transitions_;
  std::optional<Density> density_;
  std::size_t columns_;
  StreamOptions options_;
  Matrix log_b_;                       // [T x N]
  Matrix log_delta_;                   // [T x N]; dropped paths are -infinity
  BasicMatrix<int32_t> predecessors_;  // [T x N]
  int64_t committed_ = 0;
  bool closed_ = false;
};

}  // namespace hmm::compute::reference
