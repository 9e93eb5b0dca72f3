#include "core/training/expectation_maximisation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/cholesky.h"
#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm {
namespace {

/// What one E step counts.
struct Counts {
  double log_likelihood = 0;
  Matrix posteriors;               // [T x emissions]
  std::vector<double> first;       // [N], expected sequences that begin in a state
  std::vector<double> arc_counts;  // [arcs]
};

Counts expect(const Hmm& model, MatrixView frames, std::span<const int64_t> row_splits,
              compute::Backend& backend) {
  const compute::Transitions& chain = model.graph.transitions;
  const auto states = static_cast<std::size_t>(chain.states);
  const Matrix log_b = EmissionScorer(model.emission, backend).score(frames);
  Matrix posteriors(frames.rows, states);
  std::vector<double> log_likelihood(row_splits.size() - 1);
  Counts counts;
  counts.arc_counts.assign(chain.arcs.size(), 0);
  // The scores of emissions that no state reads are left out.
  Matrix read(frames.rows, static_cast<std::size_t>(chain.emissions()));
  for (std::size_t t = 0; t < frames.rows; ++t) {
    std::copy_n(log_b.row(t).begin(), read.columns(), read.row(t).begin());
  }
  compute::ForwardBackwardOutput output;
  output.log_likelihood = log_likelihood;
  output.posteriors = {posteriors.data(), posteriors.rows(), states};
  output.arc_counts = counts.arc_counts;
  backend.forward_backward(*backend.load(chain), row_splits,
                           {read.data(), read.rows(), read.columns()}, output);

  counts.first.assign(states, 0);
  for (std::size_t b = 0; b + 1 < row_splits.size(); ++b) {
    if (!(log_likelihood[b] > kLogZero<double>)) {
      throw DataError("the model cannot explain sequence " + std::to_string(b));
    }
    counts.log_likelihood += log_likelihood[b];
    if (row_splits[b] == row_splits[b + 1]) continue;
    const auto row = posteriors.row(static_cast<std::size_t>(row_splits[b]));
    for (std::size_t n = 0; n < states; ++n) counts.first[n] += row[n];
  }
  if (chain.emission_of.empty()) {
    counts.posteriors = std::move(posteriors);
    return counts;
  }
  counts.posteriors = Matrix(frames.rows, static_cast<std::size_t>(states_of(model.emission)));
  for (std::size_t t = 0; t < frames.rows; ++t) {
    for (std::size_t n = 0; n < states; ++n) {
      counts.posteriors(t, static_cast<std::size_t>(chain.emission_of[n])) += posteriors(t, n);
    }
  }
  return counts;
}

void update_chain(compute::Transitions& chain, const Counts& counts) {
  double sequences = 0;
  for (const double c : counts.first) sequences += c;
  for (std::size_t n = 0; sequences > 0 && n < counts.first.size(); ++n) {
    chain.log_initial[n] = static_cast<float>(std::log(counts.first[n] / sequences));
  }
  std::vector<double> used(counts.first.size());
  std::vector<double> mass(counts.first.size());
  for (std::size_t a = 0; a < chain.arcs.size(); ++a) {
    const auto row = static_cast<std::size_t>(chain.arcs[a].source);
    used[row] += counts.arc_counts[a];
    mass[row] += std::exp(double{chain.arcs[a].log_probability});
  }
  for (std::size_t a = 0; a < chain.arcs.size(); ++a) {
    const auto row = static_cast<std::size_t>(chain.arcs[a].source);
    if (!(used[row] > 1e-10)) continue;
    chain.arcs[a].log_probability =
        static_cast<float>(std::log(mass[row] * counts.arc_counts[a] / used[row]));
  }
}

/// Sums over frames for each component: occupancy, first and second moments about `centre` [D],
/// which keeps the digits of data far from 0.
class Moments {
 public:
  Moments(std::size_t components, std::size_t dimension, bool full)
      : d_(dimension),
        full_(full),
        occupancy(components),
        first(components * dimension),
        second(components * dimension * (full ? dimension : 1)) {}

  void add(std::size_t component, double weight, std::span<const double> centred) {
    occupancy[component] += weight;
    double* sums = first.data() + component * d_;
    double* squares = second.data() + component * d_ * (full_ ? d_ : 1);
    for (std::size_t i = 0; i < d_; ++i) {
      const double weighted = weight * centred[i];
      sums[i] += weighted;
      if (!full_) {
        squares[i] += weighted * centred[i];
        continue;
      }
      for (std::size_t j = 0; j <= i; ++j) squares[i * d_ + j] += weighted * centred[j];
    }
  }

 private:
  std::size_t d_;
  bool full_;

 public:
  std::vector<double> occupancy;
  std::vector<double> first;
  std::vector<double> second;
};

struct GlobalMoments {
  std::vector<double> mean;
  std::vector<double> variance;
};

GlobalMoments global_moments(MatrixView frames) {
  GlobalMoments global{std::vector<double>(frames.columns), std::vector<double>(frames.columns)};
  const auto count = static_cast<double>(frames.rows);
  for (std::size_t t = 0; t < frames.rows; ++t) {
    for (std::size_t i = 0; i < frames.columns; ++i) global.mean[i] += frames(t, i) / count;
  }
  for (std::size_t t = 0; t < frames.rows; ++t) {
    for (std::size_t i = 0; i < frames.columns; ++i) {
      const double distance = frames(t, i) - global.mean[i];
      global.variance[i] += distance * distance / count;
    }
  }
  return global;
}

/// Calls add(component, weight, centred frame) for all that has weight. `log_density(n, k, t)` is
/// that of a weighted component.
template <class LogDensity>
Moments accumulate(MatrixView frames, const Matrix& posteriors, int components, bool full,
                   const GlobalMoments& global, LogDensity log_density) {
  const auto k_count = static_cast<std::size_t>(components);
  Moments moments(posteriors.columns() * k_count, frames.columns, full);
  std::vector<double> centred(frames.columns);
  std::vector<double> shares(k_count);
  for (std::size_t t = 0; t < frames.rows; ++t) {
    for (std::size_t i = 0; i < centred.size(); ++i) centred[i] = frames(t, i) - global.mean[i];
    for (std::size_t n = 0; n < posteriors.columns(); ++n) {
      if (posteriors(t, n) == 0) continue;
      for (std::size_t k = 0; k < k_count; ++k) shares[k] = log_density(n, k, t);
      const double total = log_sum_exp(std::span<const double>(shares));
      for (std::size_t k = 0; k < k_count; ++k) {
        if (shares[k] == kLogZero<double>) continue;
        moments.add(n * k_count + k, posteriors(t, n) * std::exp(shares[k] - total), centred);
      }
    }
  }
  return moments;
}

void update_weights(std::vector<float>& log_weights, int components, const Moments& moments,
                    double least) {
  const auto k_count = static_cast<std::size_t>(components);
  for (std::size_t first = 0; first < log_weights.size(); first += k_count) {
    double total = 0;
    for (std::size_t c = first; c < first + k_count; ++c) total += moments.occupancy[c];
    if (!(total > least)) continue;
    for (std::size_t c = first; c < first + k_count; ++c) {
      log_weights[c] = static_cast<float>(std::log(moments.occupancy[c] / total));
    }
  }
}

void update(compute::GaussianMixtures& m, MatrixView frames, const Counts& counts,
            const GlobalMoments& global, const TrainingOptions& options) {
  const auto d = static_cast<std::size_t>(m.dimension);
  std::vector<double> constants;
  for (std::size_t c = 0; c < m.log_weights.size(); ++c) {
    double constant = m.log_weights[c];
    for (std::size_t i = 0; i < d; ++i) constant -= 0.5 * std::log(double{m.variances[c * d + i]});
    constants.push_back(constant);
  }
  const Moments moments = accumulate(frames, counts.posteriors, m.components, false, global,
                                     [&](std::size_t n, std::size_t k, std::size_t t) {
                                       const std::size_t c =
                                           n * static_cast<std::size_t>(m.components) + k;
                                       double distance = 0;
                                       for (std::size_t i = 0; i < d; ++i) {
                                         const double x = double{frames(t, i)} - m.means[c * d + i];
                                         distance += x * x / m.variances[c * d + i];
                                       }
                                       return constants[c] - 0.5 * distance;
                                     });
  update_weights(m.log_weights, m.components, moments, options.least_occupancy);
  for (std::size_t c = 0; c < moments.occupancy.size(); ++c) {
    const double occupancy = moments.occupancy[c];
    if (!(occupancy > options.least_occupancy)) continue;
    double pooled = 0;
    double pooled_floor = 0;
    for (std::size_t i = 0; i < d; ++i) {
      const double mean = moments.first[c * d + i] / occupancy;
      const double variance = moments.second[c * d + i] / occupancy - mean * mean;
      const double floor = std::max(options.variance_floor * global.variance[i], 1e-10);
      m.means[c * d + i] = static_cast<float>(mean + global.mean[i]);
      m.variances[c * d + i] = static_cast<float>(std::max(variance, floor));
      pooled += variance / static_cast<double>(d);
      pooled_floor += floor / static_cast<double>(d);
    }
    if (!options.spherical) continue;
    std::fill_n(m.variances.begin() + static_cast<std::ptrdiff_t>(c * d), d,
                static_cast<float>(std::max(pooled, pooled_floor)));
  }
}

void update(FullMixtures& m, MatrixView frames, const Counts& counts, const GlobalMoments& global,
            const TrainingOptions& options) {
  const auto d = static_cast<std::size_t>(m.dimension);
  // Each component as a model of one state scores its own share.
  FullMixtures each = m;
  each.states = m.states * m.components;
  each.components = 1;
  Matrix shares(frames.rows, static_cast<std::size_t>(each.states));
  FullMixtureScorer(each).score(frames, shares);
  const Moments moments =
      accumulate(frames, counts.posteriors, m.components, true, global,
                 [&](std::size_t n, std::size_t k, std::size_t t) {
                   return double{shares(t, n * static_cast<std::size_t>(m.components) + k)};
                 });
  update_weights(m.log_weights, m.components, moments, options.least_occupancy);
  std::vector<double> tied(d * d);
  double total = 0;
  for (std::size_t c = 0; c < moments.occupancy.size(); ++c) {
    const double occupancy = moments.occupancy[c];
    if (!(occupancy > options.least_occupancy)) continue;
    std::vector<double> covariance(d * d);
    const double* sums = moments.first.data() + c * d;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        const double scatter = moments.second[(c * d + i) * d + j] - sums[i] * sums[j] / occupancy;
        covariance[i * d + j] = covariance[j * d + i] = scatter / occupancy;
        tied[i * d + j] += scatter;
      }
    }
    total += occupancy;
    std::vector<double> factor = covariance;
    if (!m.tied && !cholesky_factor(factor, d)) continue;
    for (std::size_t i = 0; i < d; ++i) {
      m.means[c * d + i] = static_cast<float>(sums[i] / occupancy + global.mean[i]);
    }
    if (!m.tied) {
      std::copy(covariance.begin(), covariance.end(),
                m.covariances.begin() + static_cast<std::ptrdiff_t>(c * d * d));
    }
  }
  if (!m.tied || !(total > 0)) return;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) tied[j * d + i] = tied[i * d + j] /= total;
  }
  std::vector<double> factor = tied;
  if (cholesky_factor(factor, d)) std::copy(tied.begin(), tied.end(), m.covariances.begin());
}

void update(Categorical& m, MatrixView frames, const Counts& counts) {
  const auto symbols = static_cast<std::size_t>(m.symbols);
  for (std::size_t n = 0; n < static_cast<std::size_t>(m.states); ++n) {
    std::vector<double> seen(symbols);
    double total = 0;
    for (std::size_t t = 0; t < frames.rows; ++t) {
      seen[static_cast<std::size_t>(frames(t, 0))] += counts.posteriors(t, n);
      total += counts.posteriors(t, n);
    }
    if (!(total > 0)) continue;
    for (std::size_t s = 0; s < symbols; ++s) {
      m.log_probabilities[n * symbols + s] = static_cast<float>(std::log(seen[s] / total));
    }
  }
}

void update_emission(Emission& emission, MatrixView frames, const Counts& counts,
                     const GlobalMoments& global, const TrainingOptions& options) {
  if (auto* diagonal = std::get_if<compute::GaussianMixtures>(&emission)) {
    update(*diagonal, frames, counts, global, options);
  } else if (auto* full = std::get_if<FullMixtures>(&emission)) {
    update(*full, frames, counts, global, options);
  } else if (auto* categorical = std::get_if<Categorical>(&emission)) {
    update(*categorical, frames, counts);
  }
}

void check_arguments(const Hmm& model, MatrixView frames, std::span<const int64_t> row_splits,
                     const TrainingOptions& options) {
  model.validate();
  if (std::holds_alternative<compute::TiedMixtures>(model.emission)) {
    throw SettingsError("models with shared codebooks cannot be trained");
  }
  if (row_splits.size() < 2 || row_splits.front() != 0 ||
      row_splits.back() != static_cast<int64_t>(frames.rows) ||
      !std::is_sorted(row_splits.begin(), row_splits.end()) || frames.rows == 0) {
    throw SettingsError(
        "training needs at least one frame, and row splits from 0 to the number "
        "of frames that do not fall");
  }
  if (options.iterations < 1 || !(options.tolerance >= 0) || !(options.variance_floor >= 0) ||
      !(options.least_occupancy >= 0)) {
    throw SettingsError(
        "training needs at least one iteration; tolerance, variance floor and "
        "least occupancy must not be below 0");
  }
}

}  // namespace

TrainingReport train(Hmm& model, MatrixView frames, std::span<const int64_t> row_splits,
                     compute::Backend& backend, const TrainingOptions& options) {
  check_arguments(model, frames, row_splits, options);
  TrainingReport report;
  GlobalMoments global;
  for (int iteration = 0;; ++iteration) {
    const Counts counts = expect(model, frames, row_splits, backend);
    report.log_likelihood.push_back(counts.log_likelihood);
    if (options.progress) options.progress(iteration, counts.log_likelihood);
    if (iteration > 0) {
      const double before = report.log_likelihood[report.log_likelihood.size() - 2];
      const double gain = counts.log_likelihood - before;
      if (gain < -1e-5 * (std::abs(before) + static_cast<double>(frames.rows))) {
        throw Error("the log-likelihood fell from " + std::to_string(before) + " to " +
                    std::to_string(counts.log_likelihood) + " in iteration " +
                    std::to_string(iteration));
      }
      report.converged = gain < options.tolerance * static_cast<double>(frames.rows);
    }
    if (report.converged || iteration == options.iterations) return report;
    if (iteration == 0) global = global_moments(frames);
    update_emission(model.emission, frames, counts, global, options);
    update_chain(model.graph.transitions, counts);
  }
}

}  // namespace hmm
