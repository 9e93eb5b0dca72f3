// The spectrum of a real frame.
#pragma once

#include <memory>
#include <span>

namespace hmm {

/// A discrete Fourier transform of `size` real float samples (kissfft).
class RealFft {
 public:
  /// `size` is even. Throws std::bad_alloc.
  explicit RealFft(int size);
  ~RealFft();

  int size() const { return size_; }
  int bins() const { return size_ / 2 + 1; }

  /// |X[k]|^2 for k = 0 .. size/2: `samples` holds size(), `power` bins() values.
  void power(std::span<const float> samples, std::span<float> power);

 private:
  struct Plan;
  int size_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace hmm
