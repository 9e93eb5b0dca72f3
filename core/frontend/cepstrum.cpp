#include "core/frontend/cepstrum.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace hmm {
namespace {

double dct_value(DctKind kind, int k, int j, int bins) {
  const double cosine = std::cos(std::numbers::pi * k * (j + 0.5) / bins);
  switch (kind) {
    case DctKind::orthonormal:
      return cosine * std::sqrt((k == 0 ? 1.0 : 2.0) / bins);
    case DctKind::htk:
      return cosine * std::sqrt(2.0 / bins);
    case DctKind::legacy:
      return cosine * (j == 0 ? 0.5 : 1.0) / bins;
  }
  return 0;
}

double lifter_value(double lifter, int k) {
  return lifter > 0 ? 1 + lifter / 2 * std::sin(std::numbers::pi * k / lifter) : 1;
}

/// The number k of the coefficient at `place` of the output.
int coefficient_at(const FrontEndConfig& config, int place) {
  switch (config.zeroth) {
    case ZerothCoefficient::first:
      return place;
    case ZerothCoefficient::last:
      return (place + 1) % config.coefficients;
    case ZerothCoefficient::omitted:
      return place + 1;
  }
  return place;
}

}  // namespace

Cepstrum::Cepstrum(const FrontEndConfig& config)
    : bins_(static_cast<std::size_t>(config.bins)),
      coefficients_(static_cast<std::size_t>(config.coefficients)),
      row_((coefficients_ + 3) / 4 * 4),
      table_(bins_ * row_),
      sums_(row_) {
  for (int place = 0; place < config.coefficients; ++place) {
    const int k = coefficient_at(config, place);
    for (int j = 0; j < config.bins; ++j)
      table_[static_cast<std::size_t>(j) * row_ + static_cast<std::size_t>(place)] =
          static_cast<float>(dct_value(config.dct, k, j, config.bins) *
                             lifter_value(config.lifter, k));
  }
}

void Cepstrum::apply(std::span<const float> log_mel, std::span<float> cepstrum) {
  assert(log_mel.size() == bins_);
  assert(cepstrum.size() == coefficients_);
  float* sums = sums_.data();
  std::fill_n(sums, row_, 0.0F);
  for (std::size_t j = 0; j < bins_; ++j) {
    const float* weight = table_.data() + j * row_;
    for (std::size_t i = 0; i < row_; ++i) sums[i] += log_mel[j] * weight[i];
  }
  std::copy_n(sums, coefficients_, cepstrum.begin());
}

}  // namespace hmm
