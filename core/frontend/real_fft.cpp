#include "core/frontend/real_fft.h"

// Complex products by the plain formula: without the standard's rules for infinities, which frames
// do not hold, the transform takes a third less time.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("cx-limited-range")
#endif

#include <cassert>
#include <complex>
#include <kissfft.hh>
#include <vector>

namespace hmm {

struct RealFft::Plan {
  explicit Plan(std::size_t half) : fft(half, false), spectrum(half) {}

  kissfft<double> fft;  // Works on pairs of real samples as complex ones.
  std::vector<std::complex<double>> spectrum;
};

RealFft::RealFft(int size)
    : size_(size), plan_(std::make_unique<Plan>(static_cast<std::size_t>(size / 2))) {}
RealFft::~RealFft() = default;

void RealFft::power(std::span<const double> samples, std::span<float> power) {
  assert(samples.size() == static_cast<std::size_t>(size_));
  assert(power.size() == static_cast<std::size_t>(bins()));
  const std::complex<double>* spectrum = plan_->spectrum.data();
  plan_->fft.transform_real(samples.data(), plan_->spectrum.data());
  // The first and the last bin are real and share the first element.
  const double first = spectrum[0].real(), last = spectrum[0].imag();
  power.front() = static_cast<float>(first * first);
  power.back() = static_cast<float>(last * last);
  for (std::size_t k = 1; k + 1 < power.size(); ++k) {
    const double real = spectrum[k].real(), imaginary = spectrum[k].imag();
    power[k] = static_cast<float>(real * real + imaginary * imaginary);
  }
}

}  // namespace hmm
