// The spectrum of a real frame.
#pragma once

#include <memory>
#include <span>

namespace hmm {

/// A discrete Fourier transform of `size` real samples (kissfft).
///
/// In double precision: in float32 the rounding of strong bins swamps bins 60 dB below them, which
/// moved cepstra of speech by 3e-4.
class RealFft {
 public:
  /// `size` is even.
  explicit RealFft(int size);
  ~RealFft();

  int size() const { return size_; }
  int bins() const { return size_ / 2 + 1; }

  /// |X[k]|^2 for k = 0 .. size/2: `samples` holds size(), `power` bins() values.
  void power(std::span<const double> samples, std::span<float> power);

 private:
  struct Plan;
  int size_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace hmm
