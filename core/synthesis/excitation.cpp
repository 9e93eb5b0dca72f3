#include "core/synthesis/excitation.h"

#include <algorithm>
#include <cmath>

#include "core/synthesis/parameter_generation.h"

namespace hmm {

namespace {

/// Room for the taps and for the samples taken before they have to move back to the start.
constexpr std::size_t kPendingRoom = 4;

}  // namespace

double GaussianNoise::uniform() {
  state_ = state_ * 1103515245 + 12345;
  return static_cast<double>(state_ / 65536 % 32768) / 32767;
}

double GaussianNoise::next() {
  if (has_second_) {
    has_second_ = false;
    return second_;
  }
  double a, b, square;
  do {
    a = 2 * uniform() - 1;
    b = 2 * uniform() - 1;
    square = a * a + b * b;
  } while (square > 1 || square == 0);
  const double scale = std::sqrt(-2 * std::log(square) / square);
  second_ = b * scale;
  has_second_ = true;
  return a * scale;
}

Excitation::Excitation(unsigned sample_rate, unsigned frame_period, std::size_t n_tap)
    : sample_rate_(sample_rate),
      frame_period_(frame_period),
      pending_(kPendingRoom * n_tap),
      n_tap_(n_tap) {}

void Excitation::fill(double log_f0, std::span<const double> low_pass, std::span<double> samples) {
  const bool voiced = log_f0 != kUnvoiced;
  const double period =
      voiced ? sample_rate_ / std::exp(std::clamp(log_f0, kLowestLogF0, kHighestLogF0)) : 0;
  start_frame(period);
  for (double& sample : samples) {
    if (n_tap_ > 0) {
      sample = next_mixed(low_pass);
    } else {
      sample = period_ == 0 ? noise_.next() : next_pulse();
    }
    period_ += period_step_;
  }
  period_ = period;
}

void Excitation::start_frame(double period) {
  if (first_ || period_ == 0 || period == 0) {
    period_ = counter_ = period;
    period_step_ = 0;
  } else {
    period_step_ = (period - period_) / frame_period_;
  }
  first_ = false;
}

double Excitation::next_pulse() {
  counter_ += 1;
  if (counter_ < period_) return 0;
  const double amplitude = std::sqrt(period_);
  counter_ -= period_;
  return amplitude;
}

double Excitation::next_mixed(std::span<const double> low_pass) {
  const double noise = noise_.next();
  double* pending = &pending_[front_];
  pending[(n_tap_ - 1) / 2] += noise;
  if (period_ != 0) {
    const double low = next_pulse() - noise;
    for (std::size_t i = 0; i < n_tap_; ++i) pending[i] += low * low_pass[i];
  }
  return take_front();
}

double Excitation::take_front() {
  const double sample = pending_[front_++];
  if (front_ + n_tap_ > pending_.size()) {
    std::copy(pending_.begin() + static_cast<std::ptrdiff_t>(front_), pending_.end(),
              pending_.begin());
    std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(pending_.size() - front_),
              pending_.end(), 0.0);
    front_ = 0;
  }
  return sample;
}

}  // namespace hmm
