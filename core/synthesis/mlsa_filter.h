// The mel log spectrum approximation (MLSA) filter.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hmm {

/// exp of a mel-cepstrum as a digital filter: Imai's cascade (1983) with the exponential as a Pade
/// approximation of order 5. The five sections of each of its two parts hang on one another only
/// through the last sample, so they run side by side.
class MlsaFilter {
 public:
  MlsaFilter(std::size_t order, double alpha);

  /// Filters a frame in place. The filter coefficients [order + 1] (see mel_cepstrum_to_filter)
  /// move linearly from `from` to `to` over the frame.
  void run(std::span<const double> from, std::span<const double> to, std::span<double> samples);

 private:
  static constexpr std::size_t kPade = 5;
  static constexpr std::size_t kPairs = 3;
  using Pair = double __attribute__((vector_size(16)));  // The vectors every target has.
  /// One value for each section, the sixth idle.
  struct Lanes {
    Pair pairs[kPairs] = {};
    double operator[](std::size_t lane) const { return pairs[lane / 2][lane % 2]; }
    void set(std::size_t lane, double value) { pairs[lane / 2][lane % 2] = value; }
  };

  double first_part(double x);
  double second_part(double x);
  static double close_loop(double x, const Lanes& output, Lanes& input);

  std::size_t order_;
  double alpha_;
  std::vector<double> coefficients_, steps_;
  Lanes first_state_, first_input_, second_input_;
  std::vector<Lanes> delay_;  // [order]: the all-pass chain of each section
};

/// Mel-cepstrum c [M + 1] -> filter coefficients b: b_M = c_M, b_m = c_m - alpha b_{m+1}.
void mel_cepstrum_to_filter(std::span<const double> cepstrum, double alpha,
                            std::span<double> filter);
/// The inverse.
void filter_to_mel_cepstrum(std::span<const double> filter, double alpha,
                            std::span<double> cepstrum);

}  // namespace hmm
