#include "core/synthesis/line_spectral_pairs.h"

#include <cmath>
#include <numbers>

#include "core/synthesis/mlsa_filter.h"

namespace hmm {

namespace {

constexpr double kSmallestGap = 0.25;
constexpr int kSeparationPasses = 4;

/// polynomial *= 1 - 2 cos(frequency) z^-1 + z^-2, for every second frequency from `first`.
std::vector<double> product_of_pairs(std::span<const double> frequencies, std::size_t first) {
  std::vector<double> product = {1.0};
  for (std::size_t i = first; i < frequencies.size(); i += 2) {
    const double middle = -2.0 * std::cos(frequencies[i]);
    std::vector<double> next(product.size() + 2);
    for (std::size_t k = 0; k < product.size(); ++k) {
      next[k] += product[k];
      next[k + 1] += middle * product[k];
      next[k + 2] += product[k];
    }
    product = std::move(next);
  }
  return product;
}

/// polynomial * (1 + root z^-shift)
std::vector<double> times(const std::vector<double>& polynomial, double root, std::size_t shift) {
  std::vector<double> product(polynomial.size() + shift);
  for (std::size_t k = 0; k < polynomial.size(); ++k) {
    product[k] += polynomial[k];
    product[k + shift] += root * polynomial[k];
  }
  return product;
}

}  // namespace

std::vector<double> lsp_to_polynomial(std::span<const double> frequencies) {
  const std::size_t order = frequencies.size();
  // A = (P + Q) / 2, P symmetric and Q antisymmetric with their zeros in turn on the unit circle.
  std::vector<double> symmetric = product_of_pairs(frequencies, 0);
  std::vector<double> antisymmetric = product_of_pairs(frequencies, 1);
  if (order % 2 == 0) {
    symmetric = times(symmetric, 1.0, 1);
    antisymmetric = times(antisymmetric, -1.0, 1);
  } else {
    antisymmetric = times(antisymmetric, -1.0, 2);
  }
  std::vector<double> polynomial(order + 1);
  for (std::size_t k = 0; k <= order; ++k) polynomial[k] = 0.5 * (symmetric[k] + antisymmetric[k]);
  return polynomial;
}

std::vector<double> lsp_to_filter(std::span<const double> lsp, const SpectrumCoding& coding) {
  // H = K A^-stage = (1 + gamma C)^(1/gamma) with gamma = -1/stage; the filter takes the chain's
  // coefficients of 1 + gamma C, normalised to a gain before them.
  const double gamma = -1.0 / coding.stage;
  const double gain = coding.log_gain ? std::exp(lsp[0]) : lsp[0];
  std::vector<double> filter = lsp_to_polynomial(lsp.subspan(1));
  const double scale = std::pow(gain, gamma);
  for (double& value : filter) value *= scale;
  mel_cepstrum_to_filter(filter, coding.alpha, filter);
  const double first = filter[0];
  for (double& value : filter) value /= first;
  filter[0] = std::pow(first, 1.0 / gamma);
  return filter;
}

void separate_lsp(std::span<double> lsp) {
  const std::size_t order = lsp.size() - 1;
  const double gap = kSmallestGap * std::numbers::pi / static_cast<double>(order + 1);
  for (int pass = 0; pass < kSeparationPasses; ++pass) {
    bool moved = false;
    for (std::size_t i = 1; i < order; ++i) {
      const double missing = gap - (lsp[i + 1] - lsp[i]);
      if (missing <= 0) continue;
      lsp[i] -= 0.5 * missing;
      lsp[i + 1] += 0.5 * missing;
      moved = true;
    }
    if (lsp[1] < gap) {
      lsp[1] = gap;
      moved = true;
    }
    if (lsp[order] > std::numbers::pi - gap) {
      lsp[order] = std::numbers::pi - gap;
      moved = true;
    }
    if (!moved) return;
  }
}

}  // namespace hmm
