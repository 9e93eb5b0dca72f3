// Mixtures of Gaussians with full covariance matrices.
#pragma once

#include <span>
#include <vector>

#include "core/base/matrix.h"

namespace hmm {

/// log b_n(x) = log sum_k w_nk N(x; mean_nk, covariance_nk), each covariance a full matrix of its
/// own or one matrix tied over all states and components.
struct FullMixtures {
  int states = 0;                  // N
  int components = 0;              // K
  int dimension = 0;               // D
  bool tied = false;               // one covariance for all
  std::vector<float> means;        // [N x K x D]
  std::vector<float> covariances;  // [N x K x D x D], or [D x D] when tied; positive definite
  std::vector<float> log_weights;  // [N x K], -infinity for a component that a state lacks

  bool operator==(const FullMixtures&) const = default;
  std::size_t matrices() const {
    return tied ? 1 : static_cast<std::size_t>(states) * static_cast<std::size_t>(components);
  }
  /// SettingsError for sizes that do not fit, numbers that are not finite, and a covariance that is
  /// not symmetric or not positive definite, with the state and component it belongs to.
  void validate() const;
};

/// Lower Cholesky factors of the covariances in double, [matrices x D x D].
/// SettingsError that names the covariance which has none.
std::vector<double> cholesky_factors(const FullMixtures& mixtures);

/// Scores frames in double: one triangular product a component with the inverse Cholesky factor
/// (D^2 / 2 multiplications), never a D x D inverse.
class FullMixtureScorer {
 public:
  explicit FullMixtureScorer(const FullMixtures& mixtures);

  int states() const { return states_; }
  int dimension() const { return dimension_; }
  /// log b [T x N] of finite frames [T x D].
  void score(MatrixView frames, MutableMatrixView log_b) const;

 private:
  int states_;
  int components_;
  int dimension_;
  bool tied_;
  std::vector<double> means_;
  std::vector<double> whitening_;  // inverse lower factors, [matrices x D x D]
  std::vector<double> constants_;  // [N x K] log weight - log((2 pi)^(D/2) |L|)
};

}  // namespace hmm
