// The mel generalised log spectrum approximation (MGLSA) filter.
#pragma once

#include <span>
#include <vector>

namespace hmm {

/// (1 + gamma C)^(1/gamma) with gamma = -1/stage: `stage` all-pole filters in a row, each on an
/// all-pass chain (Koishida et al. 1996).
class MglsaFilter {
 public:
  MglsaFilter(std::size_t order, double alpha, unsigned stage);

  /// Filters a frame in place. The coefficients [order + 1] (see lsp_to_filter) move linearly from
  /// `from` to `to` over the frame.
  void run(std::span<const double> from, std::span<const double> to, std::span<double> samples);

 private:
  double section(double x, std::span<double> delay);

  std::size_t order_;
  double alpha_;
  unsigned stage_;
  std::vector<double> coefficients_, steps_;
  std::vector<double> delay_;  // [stage][order + 1]
};

}  // namespace hmm
