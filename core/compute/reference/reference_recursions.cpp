#include "core/compute/reference/reference_recursions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/log_math.h"

namespace hmm::compute::reference {
namespace {

constexpr double kImpossible = kLogZero<double>;

std::size_t index(int32_t i) { return static_cast<std::size_t>(i); }

double log_gaussian(std::span<const float> x, const float* mean, const float* variance) {
  double sum = 0;
  for (std::size_t d = 0; d < x.size(); ++d) {
    const double difference = static_cast<double>(x[d]) - mean[d];
    sum += std::log(2 * std::numbers::pi * variance[d]) + difference * difference / variance[d];
  }
  return -sum / 2;
}

}  // namespace

Matrix scores_of_states(const Transitions& transitions, MatrixView log_b, double scale) {
  const std::size_t states = index(transitions.states);
  Matrix scores(log_b.rows, states);
  for (std::size_t t = 0; t < log_b.rows; ++t) {
    for (std::size_t n = 0; n < states; ++n) {
      const std::size_t column =
          transitions.emission_of.empty() ? n : index(transitions.emission_of[n]);
      scores(t, n) = scale * log_b(t, column);
    }
  }
  return scores;
}

Density density_of(const GaussianMixtures& m) {
  return [m](int state, std::span<const float> frame) {
    double sum = kImpossible;
    for (int k = 0; k < m.components; ++k) {
      const std::size_t row = index(state * m.components + k);
      sum = log_add(sum, m.log_weights[row] + log_gaussian(frame, &m.means[row * frame.size()],
                                                           &m.variances[row * frame.size()]));
    }
    return sum;
  };
}

Density density_of(const TiedMixtures& m) {
  return [m](int state, std::span<const float> frame) {
    const std::size_t densities = index(m.densities);
    const std::size_t streams = m.stream_dimensions.size();
    std::size_t place = index(m.codebook_of[index(state)]) * densities * frame.size();
    std::size_t first = 0;
    double product = 0;
    for (std::size_t f = 0; f < streams; ++f) {
      const auto dimension = index(m.stream_dimensions[f]);
      double sum = kImpossible;
      for (std::size_t k = 0; k < densities; ++k, place += dimension) {
        const double weight = m.weights[(index(state) * streams + f) * densities + k];
        sum = log_add(sum, std::log(weight) + log_gaussian(frame.subspan(first, dimension),
                                                           &m.means[place], &m.variances[place]));
      }
      product += sum;
      first += dimension;
    }
    return product;
  };
}

Matrix forward(const Transitions& transitions, const Matrix& log_b) {
  Matrix log_alpha(log_b.rows(), log_b.columns(), kImpossible);
  for (std::size_t t = 0; t < log_b.rows(); ++t) {
    if (t == 0) {
      std::copy(transitions.log_initial.begin(), transitions.log_initial.end(),
                log_alpha.row(0).begin());
    } else {
      for (const auto& arc : transitions.arcs) {
        double& sum = log_alpha(t, index(arc.target));
        sum = log_add(sum, log_alpha(t - 1, index(arc.source)) + arc.log_probability);
      }
    }
    for (std::size_t n = 0; n < log_b.columns(); ++n) log_alpha(t, n) += log_b(t, n);
  }
  return log_alpha;
}

Matrix backward(const Transitions& transitions, const Matrix& log_b,
                std::span<const float> log_final) {
  Matrix log_beta(log_b.rows(), log_b.columns(), kImpossible);
  for (std::size_t t = log_b.rows(); t-- > 0;) {
    if (t + 1 == log_b.rows()) {
      for (std::size_t n = 0; n < log_b.columns(); ++n) {
        log_beta(t, n) = log_final.empty() ? 0 : log_final[n];
      }
    } else {
      for (const auto& arc : transitions.arcs) {
        double& sum = log_beta(t, index(arc.source));
        sum = log_add(sum, arc.log_probability + log_b(t + 1, index(arc.target)) +
                               log_beta(t + 1, index(arc.target)));
      }
    }
  }
  return log_beta;
}

double log_likelihood(const Transitions& transitions, const Matrix& log_alpha) {
  if (log_alpha.rows() == 0) return 0;
  double sum = kImpossible;
  for (std::size_t n = 0; n < log_alpha.columns(); ++n) {
    sum = log_add(sum, log_alpha(log_alpha.rows() - 1, n) + transitions.log_final[n]);
  }
  return sum;
}

Matrix posteriors(const Matrix& log_alpha, const Matrix& log_beta) {
  Matrix gamma(log_alpha.rows(), log_alpha.columns());
  for (std::size_t t = 0; t < gamma.rows(); ++t) {
    for (std::size_t n = 0; n < gamma.columns(); ++n) {
      gamma(t, n) = log_alpha(t, n) + log_beta(t, n);
    }
    const double total = log_sum_exp<double>(gamma.row(t));
    for (double& value : gamma.row(t)) {
      value = total == kImpossible ? 0 : std::exp(value - total);
    }
  }
  return gamma;
}

void count_arcs(const Transitions& transitions, const Matrix& log_b, const Matrix& log_alpha,
                const Matrix& log_beta, std::span<double> counts) {
  const double total = log_likelihood(transitions, log_alpha);
  if (total == kImpossible) return;
  for (std::size_t t = 0; t + 1 < log_b.rows(); ++t) {
    for (std::size_t a = 0; a < counts.size(); ++a) {
      const auto& arc = transitions.arcs[a];
      const std::size_t target = index(arc.target);
      counts[a] += std::exp(log_alpha(t, index(arc.source)) + arc.log_probability +
                            log_b(t + 1, target) + log_beta(t + 1, target) - total);
    }
  }
}

BestPath viterbi(const Transitions& transitions, const Matrix& log_b,
                 std::span<const float> log_final) {
  const std::size_t frames = log_b.rows();
  const std::size_t states = log_b.columns();
  BestPath best{std::vector<int32_t>(frames, -1), frames == 0 ? 0 : kImpossible};
  Matrix log_delta(frames, states, kImpossible);
  BasicMatrix<int32_t> predecessor(frames, states, -1);
  for (std::size_t t = 0; t < frames; ++t) {
    if (t == 0) {
      std::copy(transitions.log_initial.begin(), transitions.log_initial.end(),
                log_delta.row(0).begin());
    } else {
      for (const auto& arc : transitions.arcs) {
        const double score = log_delta(t - 1, index(arc.source)) + arc.log_probability;
        if (score > log_delta(t, index(arc.target))) {
          log_delta(t, index(arc.target)) = score;
          predecessor(t, index(arc.target)) = arc.source;
        }
      }
    }
    for (std::size_t n = 0; n < states; ++n) log_delta(t, n) += log_b(t, n);
  }
  if (frames == 0) return best;
  int32_t state = -1;
  for (std::size_t n = 0; n < states; ++n) {
    const double score = log_delta(frames - 1, n) + (log_final.empty() ? 0 : log_final[n]);
    if (score > best.score) {
      best.score = score;
      state = static_cast<int32_t>(n);
    }
  }
  for (std::size_t t = frames; t-- > 0 && state >= 0;) {
    best.states[t] = state;
    state = predecessor(t, index(state));
  }
  return best;
}

}  // namespace hmm::compute::reference
