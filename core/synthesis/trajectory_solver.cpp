#include "core/synthesis/trajectory_solver.h"

#include <algorithm>

namespace hmm {

namespace {

// Sums over the dimensions; all of the time is spent here.

void add_scaled(double scale, const double* __restrict a, double* __restrict sum, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += scale * a[i];
}

void add_scaled_product(double scale, const double* __restrict a, const double* __restrict b,
                        double* __restrict sum, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += scale * a[i] * b[i];
}

void subtract_product(const double* __restrict a, const double* __restrict b,
                      double* __restrict sum, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] -= a[i] * b[i];
}

}  // namespace

TrajectorySolver::TrajectorySolver(std::vector<DynamicWindow> windows, std::size_t dimension,
                                   std::size_t kept)
    : windows_(std::move(windows)), dimension_(dimension) {
  for (const DynamicWindow& window : windows_) {
    half_band_ = std::max(half_band_, window.coefficients.size() - 1);
    history_ = std::max(history_, window.right() + 1);
  }
  kept_ = kept + half_band_ + 1;
  mean_.resize(history_ * windows_.size() * dimension_);
  precision_.resize(mean_.size());
  right_side_.resize(kept_ * dimension_);
  forward_.resize(right_side_.size());
  band_.resize(right_side_.size() * (half_band_ + 1));
  upper_.resize(upper_rows() * (half_band_ + 1) * dimension_);
  lower_.resize(band_.size());
}

void TrajectorySolver::push(std::span<const double> mean, std::span<const double> precision) {
  const uint64_t frame = frames_++;
  const std::size_t slot = frame % history_ * mean.size();
  std::copy(mean.begin(), mean.end(), mean_.begin() + static_cast<std::ptrdiff_t>(slot));
  std::copy(precision.begin(), precision.end(),
            precision_.begin() + static_cast<std::ptrdiff_t>(slot));
  std::fill_n(band_row(frame, 0), (half_band_ + 1) * dimension_, 0.0);
  std::fill_n(&right_side_[frame % kept_ * dimension_], dimension_, 0.0);

  // A window counts once the last frame it covers is here, if its first is in the same segment.
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    const uint64_t covered = windows_[k].coefficients.size() - 1;
    if (frame >= segment_start_ + covered) add_window(k, frame - windows_[k].right());
  }
  while (factorized_ + half_band_ <= frame) factorize(factorized_++);
}

void TrajectorySolver::add_window(std::size_t window, uint64_t centre) {
  const std::vector<double>& coefficients = windows_[window].coefficients;
  const std::size_t slot = (centre % history_ * windows_.size() + window) * dimension_;
  const double* precision = &precision_[slot];
  const double* mean = &mean_[slot];
  const uint64_t first = centre - windows_[window].left;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (coefficients[i] == 0) continue;
    add_scaled_product(coefficients[i], precision, mean,
                       &right_side_[(first + i) % kept_ * dimension_], dimension_);
    for (std::size_t j = i; j < coefficients.size(); ++j) {
      if (coefficients[j] == 0) continue;
      add_scaled(coefficients[i] * coefficients[j], precision, band_row(first + i, j - i),
                 dimension_);
    }
  }
}

void TrajectorySolver::start_segment() {
  while (factorized_ < frames_) factorize(factorized_++);
  segment_start_ = frames_;
}

void TrajectorySolver::factorize(uint64_t frame) {
  const std::size_t before = static_cast<std::size_t>(std::min<uint64_t>(half_band_, frame));
  double* upper = upper_row(frame, 0);
  std::copy_n(band_row(frame, 0), (half_band_ + 1) * dimension_, upper);
  double* forward = &forward_[frame % kept_ * dimension_];
  std::copy_n(&right_side_[frame % kept_ * dimension_], dimension_, forward);
  for (std::size_t j = 1; j <= before; ++j) {
    const double* lower = lower_row(frame - j, j);
    for (std::size_t i = 0; i + j <= half_band_; ++i) {
      subtract_product(lower, upper_row(frame - j, i + j), upper + i * dimension_, dimension_);
    }
    subtract_product(lower, &forward_[(frame - j) % kept_ * dimension_], forward, dimension_);
  }
  double* inverse = lower_row(frame, 0);
  for (std::size_t d = 0; d < dimension_; ++d) inverse[d] = 1.0 / upper[d];
  for (std::size_t i = 1; i <= half_band_; ++i) {
    double* lower = lower_row(frame, i);
    for (std::size_t d = 0; d < dimension_; ++d) lower[d] = upper[i * dimension_ + d] * inverse[d];
  }
}

void TrajectorySolver::factorize_pending() {
  for (uint64_t frame = factorized_; frame < frames_; ++frame) factorize(frame);
}

void TrajectorySolver::substitute(uint64_t frame, const double* const* later, double* values) {
  const double* forward = &forward_[frame % kept_ * dimension_];
  const double* inverse = lower_row(frame, 0);
  for (std::size_t d = 0; d < dimension_; ++d) values[d] = forward[d] * inverse[d];
  for (std::size_t i = 1; i <= half_band_ && frame + i < frames_; ++i) {
    subtract_product(lower_row(frame, i), later[i - 1], values, dimension_);
  }
}

void TrajectorySolver::estimate(uint64_t frame, std::span<double> values) {
  factorize_pending();
  // The last half_band + 1 solutions, newest first, in turn.
  std::vector<double> solutions((half_band_ + 1) * dimension_);
  std::vector<const double*> later(half_band_ + 1);
  const auto solution = [&](uint64_t t) { return &solutions[t % (half_band_ + 1) * dimension_]; };
  for (uint64_t t = frames_; t-- > frame;) {
    for (std::size_t i = 1; i <= half_band_; ++i) later[i - 1] = solution(t + i);
    substitute(t, later.data(), solution(t));
  }
  std::copy_n(solution(frame), dimension_, values.begin());
}

BasicMatrix<double> TrajectorySolver::solve() {
  factorize_pending();
  BasicMatrix<double> trajectory(frames_, dimension_);
  std::vector<const double*> later(half_band_ + 1);
  for (uint64_t t = frames_; t-- > 0;) {
    for (std::size_t i = 1; i <= half_band_ && t + i < frames_; ++i) {
      later[i - 1] = trajectory.row(t + i).data();
    }
    substitute(t, later.data(), trajectory.row(t).data());
  }
  return trajectory;
}

}  // namespace hmm
