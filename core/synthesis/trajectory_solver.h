// Maximum-likelihood parameter generation (MLPG): the smooth trajectory that static and dynamic
// features agree on.
//
// The trajectory c of T frames maximises N(W c; mean, variance), W being the regression windows:
// (W' P W) c = W' P mean with the precisions P, banded and positive definite, solved for every
// dimension by L D L' (Tokuda et al. 2000). Frames are pushed one at a time, so the elimination
// runs as they come; only the substitution runs backwards. A window that would reach over an edge
// of a segment (the ends of the utterance, a change of voicing) has precision 0.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/model/voice.h"

namespace hmm {

class TrajectorySolver {
 public:
  /// Keeps the last `kept` frames to solve for; the whole utterance for solve().
  TrajectorySolver(std::vector<DynamicWindow> windows, std::size_t dimension, std::size_t kept);

  /// The next frame: means [W*D] and precisions [W*D], window after window.
  void push(std::span<const double> mean, std::span<const double> precision);
  /// The next frame follows an edge.
  void start_segment();

  uint64_t frames() const { return frames_; }
  std::size_t dimension() const { return dimension_; }
  std::size_t n_window() const { return windows_.size(); }
  std::size_t half_band() const { return half_band_; }

  /// The values [D] of one of the frames kept, given the frames so far: what solve() would give for
  /// it if the segment ended with the last frame pushed.
  void estimate(uint64_t frame, std::span<double> values);
  /// The trajectory [T x D] of all frames, none of which may have been dropped.
  BasicMatrix<double> solve();

  /// A row of the equations: W'PW from the diagonal to the right, [half_band + 1][D], and W'P mean,
  /// [D].
  std::span<const double> band(uint64_t frame) const { return row(band_, frame, half_band_ + 1); }
  std::span<const double> right_side(uint64_t frame) const { return row(right_side_, frame, 1); }

 private:
  std::span<const double> row(const std::vector<double>& rows, uint64_t frame,
                              std::size_t size) const {
    return {rows.data() + frame % kept_ * size * dimension_, size * dimension_};
  }
  double* band_row(uint64_t frame, std::size_t offset) {
    return &band_[(frame % kept_ * (half_band_ + 1) + offset) * dimension_];
  }
  double* lower_row(uint64_t frame, std::size_t offset) {
    return &lower_[(frame % kept_ * (half_band_ + 1) + offset) * dimension_];
  }
  /// Eliminating a row looks back half_band rows, and estimate() runs as many rows ahead.
  std::size_t upper_rows() const { return 2 * half_band_ + 1; }
  double* upper_row(uint64_t frame, std::size_t offset) {
    return &upper_[(frame % upper_rows() * (half_band_ + 1) + offset) * dimension_];
  }
  void add_window(std::size_t window, uint64_t centre);
  void factorize(uint64_t frame);
  void factorize_pending();
  void substitute(uint64_t frame, const double* const* later, double* values);

  std::vector<DynamicWindow> windows_;
  std::size_t dimension_;
  std::size_t half_band_ = 0;
  std::size_t kept_;
  std::size_t history_ = 1;  // Frames whose statistics a later window still needs.
  uint64_t frames_ = 0;
  uint64_t segment_start_ = 0;
  uint64_t factorized_ = 0;  // Rows that no later frame changes, already eliminated.

  std::vector<double> mean_, precision_;   // Rings [history][W*D]
  std::vector<double> band_, right_side_;  // Rings [kept][half_band + 1][D] and [kept][D]
  std::vector<double> upper_;              // Ring [upper_rows]: D L', the eliminated rows
  std::vector<double> lower_;              // L', with 1/D in place of the diagonal
  std::vector<double> forward_;            // The eliminated right side
};

}  // namespace hmm
