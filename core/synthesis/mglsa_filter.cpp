#include "core/synthesis/mglsa_filter.h"

namespace hmm {

MglsaFilter::MglsaFilter(std::size_t order, double alpha, unsigned stage)
    : order_(order),
      alpha_(alpha),
      stage_(stage),
      coefficients_(order + 1),
      steps_(order + 1),
      delay_(stage * (order + 1)) {}

double MglsaFilter::section(double x, std::span<double> delay) {
  double sum = delay[0] * coefficients_[1];
  for (std::size_t i = 1; i < order_; ++i) {
    delay[i] += alpha_ * (delay[i + 1] - delay[i - 1]);
    sum += delay[i] * coefficients_[i + 1];
  }
  x -= sum;
  for (std::size_t i = order_; i > 0; --i) delay[i] = delay[i - 1];
  delay[0] = alpha_ * delay[0] + (1 - alpha_ * alpha_) * x;
  return x;
}

void MglsaFilter::run(std::span<const double> from, std::span<const double> to,
                      std::span<double> samples) {
  for (std::size_t m = 0; m <= order_; ++m) {
    coefficients_[m] = from[m];
    steps_[m] = (to[m] - from[m]) / static_cast<double>(samples.size());
  }
  for (double& sample : samples) {
    sample *= coefficients_[0];
    for (unsigned s = 0; s < stage_; ++s) {
      sample = section(sample, std::span(delay_).subspan(s * (order_ + 1), order_ + 1));
    }
    for (std::size_t m = 0; m <= order_; ++m) coefficients_[m] += steps_[m];
  }
}

}  // namespace hmm
