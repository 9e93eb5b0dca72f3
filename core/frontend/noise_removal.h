// Noise removal on the mel spectrum, as in CMU Sphinx (remove_noise).
#pragma once

#include <span>
#include <vector>

namespace hmm {

/// Tracks noise by the lower envelope of each bin's smoothed power P, subtracts it, applies
/// temporal masking, and scales each bin by (what is left) / P, limited to 1/20 .. 20 and averaged
/// over the four bins to each side.
///
/// The values are those of 16-bit samples: the subtracted power is at least 1.
class NoiseRemoval {
 public:
  explicit NoiseRemoval(int bins);

  /// One frame [bins] of mel power, in place.
  void apply(std::span<float> mel);
  void reset() { started_ = false; }

 private:
  void start(std::span<const float> mel);
  void track(std::span<const float> mel);
  void mask();

  bool started_ = false;
  // [bins] each.
  std::vector<float> power_, noise_, floor_, peak_, signal_, gain_;
};

}  // namespace hmm
