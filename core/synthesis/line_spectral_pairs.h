// Line spectral pairs (LSP): the other way HTS voices code a spectrum.
#pragma once

#include <span>
#include <vector>

#include "core/model/voice.h"

namespace hmm {

/// Frequencies [M] in (0, pi), ascending -> the prediction polynomial [M + 1] with these line
/// spectral pairs, 1 + a_1 z^-1 + ... (Itakura 1975).
std::vector<double> lsp_to_polynomial(std::span<const double> frequencies);

/// Gain and frequencies [M + 1] -> coefficients [M + 1] for MglsaFilter: the gain, then the
/// polynomial in the form that the all-pass chain of `coding.alpha` wants.
std::vector<double> lsp_to_filter(std::span<const double> lsp, const SpectrumCoding& coding);

/// Moves frequencies that come closer than a quarter of their mean spacing apart, so that the
/// filter stays stable; up to four passes, as hts_engine does. `lsp` is a gain and M frequencies.
void separate_lsp(std::span<double> lsp);

}  // namespace hmm
