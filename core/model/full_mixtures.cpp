#include "core/model/full_mixtures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "core/base/cholesky.h"
#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm {
namespace {

/// Frames that are scored side by side; a frame's result does not depend on its neighbours.
constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

void require(bool condition, const std::string& complaint) {
  if (!condition) throw SettingsError(complaint);
}

std::string name_of(const FullMixtures& mixtures, std::size_t matrix) {
  if (mixtures.tied) return "the tied covariance";
  const auto components = static_cast<std::size_t>(mixtures.components);
  return "the covariance of state " + std::to_string(matrix / components) + ", component " +
         std::to_string(matrix % components);
}

void check_symmetric(const FullMixtures& mixtures) {
  const auto d = static_cast<std::size_t>(mixtures.dimension);
  for (std::size_t m = 0; m < mixtures.matrices(); ++m) {
    const float* a = mixtures.covariances.data() + m * d * d;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const double scale = std::sqrt(std::abs(double{a[i * d + i]} * a[j * d + j]));
        require(std::abs(double{a[i * d + j]} - a[j * d + i]) <= 1e-5 * scale,
                name_of(mixtures, m) + " is not symmetric");
      }
    }
  }
}

}  // namespace

void FullMixtures::validate() const {
  require(states > 0 && components > 0 && dimension > 0,
          "a mixture model needs at least one state, one component and one dimension");
  const auto densities = static_cast<std::size_t>(states) * static_cast<std::size_t>(components);
  const auto d = static_cast<std::size_t>(dimension);
  require(means.size() == densities * d && covariances.size() == matrices() * d * d &&
              log_weights.size() == densities,
          "means must be [states x components x dimension], covariances one dimension x dimension "
          "matrix each (or one in all when tied) and weights [states x components]");
  const auto finite = [](float v) { return std::isfinite(v); };
  require(std::all_of(means.begin(), means.end(), finite) &&
              std::all_of(covariances.begin(), covariances.end(), finite),
          "means and covariances must be finite numbers");
  require(std::all_of(log_weights.begin(), log_weights.end(), [](float w) { return w <= 1e-3F; }),
          "mixture weights must be logarithms of probabilities (at most 0, -inf allowed)");
  check_symmetric(*this);
  cholesky_factors(*this);
}

std::vector<double> cholesky_factors(const FullMixtures& mixtures) {
  const auto d = static_cast<std::size_t>(mixtures.dimension);
  std::vector<double> factors(mixtures.covariances.begin(), mixtures.covariances.end());
  for (std::size_t m = 0; m < mixtures.matrices(); ++m) {
    require(cholesky_factor(std::span(factors).subspan(m * d * d, d * d), d),
            name_of(mixtures, m) + " is not positive definite");
  }
  return factors;
}

FullMixtureScorer::FullMixtureScorer(const FullMixtures& mixtures)
    : states_(mixtures.states),
      components_(mixtures.components),
      dimension_(mixtures.dimension),
      tied_(mixtures.tied) {
  mixtures.validate();
  means_.assign(mixtures.means.begin(), mixtures.means.end());
  whitening_ = cholesky_factors(mixtures);
  const auto d = static_cast<std::size_t>(dimension_);
  std::vector<double> log_determinants;  // of L
  for (std::size_t m = 0; m < mixtures.matrices(); ++m) {
    const auto factor = std::span(whitening_).subspan(m * d * d, d * d);
    double sum = 0;
    for (std::size_t i = 0; i < d; ++i) sum += std::log(factor[i * d + i]);
    log_determinants.push_back(sum);
    invert_lower(factor, d);
  }
  for (std::size_t c = 0; c < mixtures.log_weights.size(); ++c) {
    constants_.push_back(mixtures.log_weights[c] - log_determinants[tied_ ? 0 : c] -
                         0.5 * dimension_ * std::log(2 * std::numbers::pi));
  }
}

void FullMixtureScorer::score(MatrixView frames, MutableMatrixView log_b) const {
  const auto d = static_cast<std::size_t>(dimension_);
  const auto components = static_cast<std::size_t>(components_);
  std::vector<Lanes> centred(d);
  for (std::size_t first = 0; first < frames.rows; first += kLanes) {
    const std::size_t used = std::min(kLanes, frames.rows - first);
    for (std::size_t n = 0; n < static_cast<std::size_t>(states_); ++n) {
      Lanes total;
      total.fill(kLogZero<double>);
      for (std::size_t k = 0; k < components; ++k) {
        const std::size_t c = n * components + k;
        if (constants_[c] == kLogZero<double>) continue;
        const double* mean = means_.data() + c * d;
        const double* w = whitening_.data() + (tied_ ? 0 : c * d * d);
        for (std::size_t i = 0; i < d; ++i) {
          for (std::size_t l = 0; l < kLanes; ++l) {
            centred[i][l] = frames(first + std::min(l, used - 1), i) - mean[i];
          }
        }
        Lanes distance{};
        for (std::size_t i = 0; i < d; ++i) {
          Lanes y{};
          for (std::size_t j = 0; j <= i; ++j) {
            for (std::size_t l = 0; l < kLanes; ++l) y[l] += w[i * d + j] * centred[j][l];
          }
          for (std::size_t l = 0; l < kLanes; ++l) distance[l] += y[l] * y[l];
        }
        for (std::size_t l = 0; l < used; ++l) {
          total[l] = log_add(total[l], constants_[c] - 0.5 * distance[l]);
        }
      }
      for (std::size_t l = 0; l < used; ++l) log_b(first + l, n) = static_cast<float>(total[l]);
    }
  }
}

}  // namespace hmm
