#include "core/frontend/real_fft.h"

#include <kiss_fftr.h>

#include <cassert>
#include <new>
#include <vector>

namespace hmm {

struct RealFft::Plan {
  explicit Plan(int size)
      : config(kiss_fftr_alloc(size, 0, nullptr, nullptr)),
        spectrum(static_cast<std::size_t>(size / 2 + 1)) {
    if (config == nullptr) throw std::bad_alloc();
  }
  ~Plan() { kiss_fftr_free(config); }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  kiss_fftr_cfg config;
  std::vector<kiss_fft_cpx> spectrum;
};

RealFft::RealFft(int size) : size_(size), plan_(std::make_unique<Plan>(size)) {}
RealFft::~RealFft() = default;

void RealFft::power(std::span<const float> samples, std::span<float> power) {
  assert(samples.size() == static_cast<std::size_t>(size_));
  assert(power.size() == static_cast<std::size_t>(bins()));
  kiss_fftr(plan_->config, samples.data(), plan_->spectrum.data());
  const kiss_fft_cpx* spectrum = plan_->spectrum.data();
  for (std::size_t k = 0; k < power.size(); ++k)
    power[k] = spectrum[k].r * spectrum[k].r + spectrum[k].i * spectrum[k].i;
}

}  // namespace hmm
