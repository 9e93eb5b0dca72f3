#include "core/synthesis/postfilter.h"

#include <cmath>
#include <numbers>

#include "core/synthesis/line_spectral_pairs.h"
#include "core/synthesis/mlsa_filter.h"

namespace hmm {

namespace {

constexpr std::size_t kPoints = 256;

}  // namespace

Postfilter::Postfilter(const SpectrumCoding& coding, std::size_t dimension, double beta)
    : coding_(coding),
      beta_(beta),
      weight_(kPoints),
      cosine_(kPoints, dimension),
      sine_(kPoints, dimension),
      filter_(dimension) {
  const double alpha = coding.alpha;
  for (std::size_t k = 0; k < kPoints; ++k) {
    const double theta = std::numbers::pi * (static_cast<double>(k) + 0.5) / kPoints;
    weight_[k] = (1 - alpha * alpha) / (1 + alpha * alpha + 2 * alpha * std::cos(theta)) / kPoints;
    for (std::size_t m = 0; m < dimension; ++m) {
      cosine_(k, m) = std::cos(static_cast<double>(m) * theta);
      sine_(k, m) = std::sin(static_cast<double>(m) * theta);
    }
  }
}

void Postfilter::apply(std::span<double> spectrum) {
  if (beta_ == 0 || spectrum.size() < 3) return;
  if (coding_.stage == 0) {
    sharpen_cepstrum(spectrum);
  } else {
    sharpen_lsp(spectrum);
  }
}

double Postfilter::cepstrum_energy(std::span<const double> cepstrum) const {
  double energy = 0;
  for (std::size_t k = 0; k < kPoints; ++k) {
    const double* cosine = cosine_.row(k).data();
    double sums[4] = {};  // Four at a time: the order of additions is fixed, not serial.
    std::size_t m = 0;
    for (; m + 4 <= cepstrum.size(); m += 4) {
      for (std::size_t i = 0; i < 4; ++i) sums[i] += cepstrum[m + i] * cosine[m + i];
    }
    for (; m < cepstrum.size(); ++m) sums[0] += cepstrum[m] * cosine[m];
    energy += weight_[k] * std::exp(2 * ((sums[0] + sums[1]) + (sums[2] + sums[3])));
  }
  return energy;
}

void Postfilter::sharpen_cepstrum(std::span<double> cepstrum) {
  const double before = cepstrum_energy(cepstrum);
  mel_cepstrum_to_filter(cepstrum, coding_.alpha, filter_);
  filter_[1] -= beta_ * coding_.alpha * filter_[2];
  for (std::size_t m = 2; m < filter_.size(); ++m) filter_[m] *= 1 + beta_;
  filter_to_mel_cepstrum(filter_, coding_.alpha, cepstrum);
  cepstrum[0] += 0.5 * std::log(before / cepstrum_energy(cepstrum));
}

double Postfilter::lsp_energy(std::span<const double> lsp) const {
  const std::vector<double> polynomial = lsp_to_polynomial(lsp.subspan(1));
  const double gain = coding_.log_gain ? std::exp(lsp[0]) : lsp[0];
  double energy = 0;
  for (std::size_t k = 0; k < kPoints; ++k) {
    double real = 0, imaginary = 0;
    for (std::size_t m = 0; m < polynomial.size(); ++m) {
      real += polynomial[m] * cosine_(k, m);
      imaginary += polynomial[m] * sine_(k, m);
    }
    energy += weight_[k] *
              std::pow(real * real + imaginary * imaginary, -static_cast<double>(coding_.stage));
  }
  return gain * gain * energy;
}

void Postfilter::sharpen_lsp(std::span<double> lsp) {
  const double before = lsp_energy(lsp);
  filter_.assign(lsp.begin(), lsp.end());
  for (std::size_t i = 2; i + 1 < lsp.size(); ++i) {
    const double above = beta_ * (lsp[i + 1] - lsp[i]);
    const double below = beta_ * (lsp[i] - lsp[i - 1]);
    const double sum = below * below + above * above;
    if (sum == 0) continue;
    filter_[i] =
        lsp[i - 1] + below + below * below * ((lsp[i + 1] - lsp[i - 1]) - (above + below)) / sum;
  }
  std::copy(filter_.begin(), filter_.end(), lsp.begin());
  const double after = lsp_energy(lsp);
  if (coding_.log_gain) {
    lsp[0] += 0.5 * std::log(before / after);
  } else {
    lsp[0] *= std::sqrt(before / after);
  }
}

}  // namespace hmm
