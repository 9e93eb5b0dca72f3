// What topology tests share: dense transition probabilities and sums over all paths.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/parameters.h"

namespace hmm::testing {

inline BasicMatrix<double> dense(const compute::Transitions& transitions) {
  const auto n = static_cast<std::size_t>(transitions.states);
  BasicMatrix<double> result(n, n);
  for (const auto& arc : transitions.arcs) {
    result(static_cast<std::size_t>(arc.source), static_cast<std::size_t>(arc.target)) =
        std::exp(double{arc.log_probability});
  }
  return result;
}

/// Sum over all state sequences of their probability times scores b[t][emission], by enumeration.
inline double total_probability(const compute::Transitions& transitions,
                                const BasicMatrix<double>& b) {
  const auto arcs = dense(transitions);
  const auto emission = [&](std::size_t n) {
    return transitions.emission_of.empty() ? n
                                           : static_cast<std::size_t>(transitions.emission_of[n]);
  };
  std::function<double(std::size_t, std::size_t)> from = [&](std::size_t t, std::size_t n) {
    const double here = b(t, emission(n));
    if (t + 1 == b.rows()) return here * std::exp(double{transitions.log_final[n]});
    double sum = 0;
    for (std::size_t m = 0; m < arcs.columns(); ++m) {
      if (arcs(n, m) > 0) sum += arcs(n, m) * from(t + 1, m);
    }
    return here * sum;
  };
  double sum = 0;
  for (std::size_t n = 0; n < arcs.rows(); ++n) {
    const double initial = std::exp(double{transitions.log_initial[n]});
    if (initial > 0) sum += initial * from(0, n);
  }
  return sum;
}

}  // namespace hmm::testing
