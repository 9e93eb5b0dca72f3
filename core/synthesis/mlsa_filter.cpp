#include "core/synthesis/mlsa_filter.h"

#include <cmath>

namespace hmm {

namespace {

/// The Pade approximation of exp, modified for the smallest error (Imai 1983).
constexpr double kPadeTerms[] = {0.4999391, 0.1107098, 0.01369984, 0.0009564853, 0.00003041721};

}  // namespace

MlsaFilter::MlsaFilter(std::size_t order, double alpha)
    : order_(order), alpha_(alpha), coefficients_(order + 1), steps_(order + 1), delay_(order) {}

/// Adds the sections' outputs, with alternating signs to the input and plainly to the output, and
/// hands each section's output to the next as its next input.
double MlsaFilter::close_loop(double x, const Lanes& output, Lanes& input) {
  double sum = 0;
  for (std::size_t lane = kPade; lane-- > 0;) {
    const double term = output[lane] * kPadeTerms[lane];
    x += lane % 2 == 0 ? term : -term;
    sum += term;
  }
  input.set(0, x);
  for (std::size_t lane = 1; lane < kPade; ++lane) input.set(lane, output[lane - 1]);
  return sum + x;
}

double MlsaFilter::first_part(double x) {
  const double gain = 1 - alpha_ * alpha_;
  Lanes output;
  for (std::size_t p = 0; p < kPairs; ++p) {
    first_state_.pairs[p] = gain * first_input_.pairs[p] + alpha_ * first_state_.pairs[p];
    output.pairs[p] = first_state_.pairs[p] * coefficients_[1];
  }
  return close_loop(x, output, first_input_);
}

double MlsaFilter::second_part(double x) {
  const double gain = 1 - alpha_ * alpha_;
  Lanes output, left = delay_[0], passed;  // `left` is the chain's last value one sample ago.
  for (std::size_t p = 0; p < kPairs; ++p) {
    passed.pairs[p] = gain * second_input_.pairs[p] + alpha_ * left.pairs[p];
  }
  delay_[0] = passed;
  for (std::size_t i = 1; i < order_; ++i) {
    const double coefficient = coefficients_[i + 1];
    Lanes& delay = delay_[i];
#pragma GCC unroll 3
    for (std::size_t p = 0; p < kPairs; ++p) {
      const Pair old = delay.pairs[p];
      passed.pairs[p] = (left.pairs[p] + alpha_ * old) - alpha_ * passed.pairs[p];
      left.pairs[p] = old;
      delay.pairs[p] = passed.pairs[p];
      output.pairs[p] += passed.pairs[p] * coefficient;
    }
  }
  return close_loop(x, output, second_input_);
}

void MlsaFilter::run(std::span<const double> from, std::span<const double> to,
                     std::span<double> samples) {
  for (std::size_t m = 0; m <= order_; ++m) {
    coefficients_[m] = from[m];
    steps_[m] = (to[m] - from[m]) / static_cast<double>(samples.size());
  }
  for (double& sample : samples) {
    if (sample != 0) sample *= std::exp(coefficients_[0]);
    sample = second_part(first_part(sample));
    for (std::size_t m = 0; m <= order_; ++m) coefficients_[m] += steps_[m];
  }
}

void mel_cepstrum_to_filter(std::span<const double> cepstrum, double alpha,
                            std::span<double> filter) {
  std::size_t m = cepstrum.size() - 1;
  filter[m] = cepstrum[m];
  while (m-- > 0) filter[m] = cepstrum[m] - alpha * filter[m + 1];
}

void filter_to_mel_cepstrum(std::span<const double> filter, double alpha,
                            std::span<double> cepstrum) {
  std::size_t m = filter.size() - 1;
  double next = filter[m];
  cepstrum[m] = next;
  while (m-- > 0) {
    const double current = filter[m];
    cepstrum[m] = current + alpha * next;
    next = current;
  }
}

}  // namespace hmm
