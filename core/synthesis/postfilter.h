// Sharpens formants, which averaging over many frames has broadened.
#pragma once

#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/model/voice.h"

namespace hmm {

/// Emphasises the spectrum's peaks by `beta` (0 to 1) and keeps the frame's energy (Yoshimura et
/// al. 2001 for mel-cepstra, Ling et al. 2006 for LSP).
class Postfilter {
 public:
  Postfilter(const SpectrumCoding& coding, std::size_t dimension, double beta);

  /// One spectrum [D], in place.
  void apply(std::span<double> spectrum);

 private:
  void sharpen_cepstrum(std::span<double> cepstrum);
  void sharpen_lsp(std::span<double> lsp);

  /// The energy of the impulse response, 1/2pi times the integral of |H|^2. It is taken on a
  /// uniform grid of the warped frequency, where the integrand is smooth: the sum converges
  /// exponentially.
  double cepstrum_energy(std::span<const double> cepstrum) const;
  double lsp_energy(std::span<const double> lsp) const;

  SpectrumCoding coding_;
  double beta_;
  std::vector<double> weight_;  // [points]: the warping's slope there
  BasicMatrix<double> cosine_;  // [points x D], cos(m theta)
  BasicMatrix<double> sine_;    // the same of sin; for LSP
  std::vector<double> filter_;
};

}  // namespace hmm
