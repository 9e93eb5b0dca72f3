// The source signal: pulses at the pitch, noise, or both shaped by a low-pass filter.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hmm {

/// Gaussian noise by the polar method over the linear congruential generator of ANSI C's example,
/// 15 bits a number: hts_engine's sequence, so that the two programs' speech can be compared sample
/// by sample.
class GaussianNoise {
 public:
  double next();

 private:
  double uniform();

  uint64_t state_ = 1;
  bool has_second_ = false;
  double second_ = 0;
};

/// Pulses of amplitude sqrt(period) while voiced, noise of variance 1 while not. With a low-pass
/// filter h (an odd number of taps), a voiced frame is h * pulses + (delta - h) * noise.
class Excitation {
 public:
  Excitation(unsigned sample_rate, unsigned frame_period, std::size_t n_tap);

  /// One frame. The period moves linearly from the last frame's, if that was voiced too. `low_pass`
  /// holds the taps, none without a filter.
  void fill(double log_f0, std::span<const double> low_pass, std::span<double> samples);

 private:
  void start_frame(double period);
  double next_pulse();
  double next_mixed(std::span<const double> low_pass);
  double take_front();

  double sample_rate_;
  double frame_period_;
  bool first_ = true;
  double period_ = 0;  // samples; 0 while unvoiced
  double period_step_ = 0;
  double counter_ = 0;
  GaussianNoise noise_;
  std::vector<double> pending_;  // The next samples of the mixture, the nearest at front_.
  std::size_t front_ = 0;
  std::size_t n_tap_;
};

}  // namespace hmm
