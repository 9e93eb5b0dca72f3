#include "core/synthesis/global_variance.h"

#include <algorithm>
#include <cmath>

namespace hmm {

namespace {

constexpr int kSteps = 5;
constexpr double kFirstStep = 0.1;
constexpr double kStepGrowth = 1.2;
constexpr double kStepDecay = 0.5;

class Ascent {
 public:
  Ascent(const TrajectorySolver& solver, const GlobalVariance& target,
         const std::vector<char>& counted, BasicMatrix<double>& trajectory)
      : solver_(solver),
        target_(target),
        counted_(counted),
        trajectory_(trajectory),
        n_dimension_(trajectory.columns()),
        n_counted_(static_cast<double>(std::count(counted.begin(), counted.end(), 1))),
        mean_(n_dimension_),
        variance_(n_dimension_),
        cost_(n_dimension_),
        previous_cost_(n_dimension_),
        step_(n_dimension_, kFirstStep),
        gradient_(trajectory.rows(), n_dimension_) {}

  void run() {
    if (n_counted_ == 0) return;
    stretch();
    for (int step = 0; step < kSteps; ++step) {
      measure();
      find_gradient();
      if (step > 0) adapt_steps();
      previous_cost_ = cost_;
      for (std::size_t t = 0; t < trajectory_.rows(); ++t) {
        if (!counted_[t]) continue;
        double* values = trajectory_.row(t).data();
        const double* gradient = gradient_.row(t).data();
        for (std::size_t d = 0; d < n_dimension_; ++d) values[d] += step_[d] * gradient[d];
      }
    }
  }

 private:
  /// Mean and variance of the counted frames.
  void measure() {
    std::fill(mean_.begin(), mean_.end(), 0.0);
    std::fill(variance_.begin(), variance_.end(), 0.0);
    for_counted([&](const double* values) {
      for (std::size_t d = 0; d < n_dimension_; ++d) mean_[d] += values[d];
    });
    for (double& mean : mean_) mean /= n_counted_;
    for_counted([&](const double* values) {
      for (std::size_t d = 0; d < n_dimension_; ++d) {
        variance_[d] += (values[d] - mean_[d]) * (values[d] - mean_[d]);
      }
    });
    for (double& variance : variance_) variance /= n_counted_;
  }

  void stretch() {
    measure();
    std::vector<double> ratio(n_dimension_);
    for (std::size_t d = 0; d < n_dimension_; ++d) {
      varies_.push_back(variance_[d] > 0);
      ratio[d] = varies_[d] ? std::sqrt(target_.mean[d] / variance_[d]) : 1.0;
      if (!varies_[d]) step_[d] = 0;
    }
    for_counted([&](double* values) {
      for (std::size_t d = 0; d < n_dimension_; ++d) {
        values[d] = ratio[d] * (values[d] - mean_[d]) + mean_[d];
      }
    });
  }

  /// The Newton-like direction of every value, and the negated objective of every dimension.
  void find_gradient() {
    const auto n_frame = static_cast<double>(trajectory_.rows());
    const double weight = 1.0 / (static_cast<double>(solver_.n_window()) * n_frame);
    std::vector<double> pull(n_dimension_), curvature(n_dimension_);
    for (std::size_t d = 0; d < n_dimension_; ++d) {
      const double excess = target_.variance[d] * (variance_[d] - target_.mean[d]);
      pull[d] = -2.0 * excess / n_frame;
      curvature[d] = (n_frame - 1) * excess;
      cost_[d] = 0.5 * variance_[d] * target_.variance[d] * (variance_[d] - 2.0 * target_.mean[d]);
    }
    std::vector<double> product(n_dimension_);
    for (std::size_t t = 0; t < trajectory_.rows(); ++t) {
      multiply(t, product);
      const double* values = trajectory_.row(t).data();
      const double* diagonal = solver_.band(t).data();
      const double* right_side = solver_.right_side(t).data();
      double* gradient = gradient_.row(t).data();
      for (std::size_t d = 0; d < n_dimension_; ++d) {
        const double offset = values[d] - mean_[d];
        cost_[d] -= weight * values[d] * (right_side[d] - 0.5 * product[d]);
        const double h = -weight * diagonal[d] -
                         2.0 / (n_frame * n_frame) *
                             (curvature[d] + 2.0 * target_.variance[d] * offset * offset);
        gradient[d] = (weight * (right_side[d] - product[d]) + pull[d] * offset) / h;
      }
    }
  }

  /// Row t of W'PW times the trajectory.
  void multiply(std::size_t t, std::vector<double>& product) const {
    const double* __restrict band = solver_.band(t).data();
    const double* values = trajectory_.row(t).data();
    double* __restrict sum = product.data();
    for (std::size_t d = 0; d < n_dimension_; ++d) sum[d] = band[d] * values[d];
    for (std::size_t i = 1; i <= solver_.half_band(); ++i) {
      if (t + i < trajectory_.rows()) {
        add_product(band + i * n_dimension_, trajectory_.row(t + i).data(), sum);
      }
      if (t >= i) {
        add_product(solver_.band(t - i).data() + i * n_dimension_, trajectory_.row(t - i).data(),
                    sum);
      }
    }
  }

  void add_product(const double* __restrict a, const double* __restrict b,
                   double* __restrict sum) const {
    for (std::size_t d = 0; d < n_dimension_; ++d) sum[d] += a[d] * b[d];
  }

  void adapt_steps() {
    for (std::size_t d = 0; d < n_dimension_; ++d) {
      if (cost_[d] > previous_cost_[d]) step_[d] *= kStepDecay;
      if (cost_[d] < previous_cost_[d]) step_[d] *= kStepGrowth;
    }
  }

  template <class Action>
  void for_counted(const Action& action) {
    for (std::size_t t = 0; t < trajectory_.rows(); ++t) {
      if (counted_[t]) action(trajectory_.row(t).data());
    }
  }

  const TrajectorySolver& solver_;
  const GlobalVariance& target_;
  const std::vector<char>& counted_;
  BasicMatrix<double>& trajectory_;
  std::size_t n_dimension_;
  double n_counted_;
  std::vector<char> varies_;
  std::vector<double> mean_, variance_, cost_, previous_cost_, step_;
  BasicMatrix<double> gradient_;
};

}  // namespace

void apply_global_variance(const TrajectorySolver& solver, const GlobalVariance& target,
                           const std::vector<char>& counted, BasicMatrix<double>& trajectory) {
  Ascent(solver, target, counted, trajectory).run();
}

}  // namespace hmm
