#include "core/synthesis/postfilter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

#include "core/synthesis/line_spectral_pairs.h"
#include "core/synthesis/mglsa_filter.h"
#include "core/synthesis/mlsa_filter.h"

namespace hmm {
namespace {

double energy(const std::vector<double>& impulse) {
  return std::inner_product(impulse.begin(), impulse.end(), impulse.begin(), 0.0);
}

double cepstrum_energy(const std::vector<double>& cepstrum, double alpha) {
  std::vector<double> filter(cepstrum.size()), impulse(20000);
  mel_cepstrum_to_filter(cepstrum, alpha, filter);
  impulse[0] = 1;
  MlsaFilter(cepstrum.size() - 1, alpha).run(filter, filter, impulse);
  return energy(impulse);
}

double lsp_energy(const std::vector<double>& lsp, const SpectrumCoding& coding) {
  std::vector<double> impulse(20000);
  impulse[0] = 1;
  const auto filter = lsp_to_filter(lsp, coding);
  MglsaFilter(lsp.size() - 1, coding.alpha, coding.stage).run(filter, filter, impulse);
  return energy(impulse);
}

TEST(Postfilter, SharpensMelCepstraAndKeepsTheEnergy) {
  const SpectrumCoding coding{.alpha = 0.45};
  std::vector<double> cepstrum = {2.0, 0.8, -0.3, 0.4, -0.25, 0.2, -0.15, 0.1};
  const std::vector<double> before = cepstrum;
  Postfilter(coding, cepstrum.size(), 0.5).apply(cepstrum);
  // 0.1 dB: the MLSA filter, which the test measures with, is itself an approximation.
  EXPECT_NEAR(10 * std::log10(cepstrum_energy(cepstrum, 0.45) / cepstrum_energy(before, 0.45)), 0,
              0.1);
  for (std::size_t m = 3; m < cepstrum.size(); ++m) {
    EXPECT_NEAR(cepstrum[m] / before[m], 1.5, 1e-9);
  }
}

TEST(Postfilter, NarrowsLspAndKeepsTheEnergy) {
  for (const bool log_gain : {false, true}) {
    const SpectrumCoding coding{.alpha = 0.42, .stage = 2, .log_gain = log_gain};
    std::vector<double> lsp = {1.5, 0.30, 0.45, 1.0, 1.3, 1.9, 2.1, 2.6, 2.9};
    const std::vector<double> before = lsp;
    Postfilter(coding, lsp.size(), 0.4).apply(lsp);
    EXPECT_NEAR(lsp_energy(lsp, coding) / lsp_energy(before, coding), 1, 1e-4);
    EXPECT_LT(lsp[4] - lsp[3], before[4] - before[3]);
  }
}

TEST(Postfilter, ZeroIsOff) {
  std::vector<double> cepstrum = {2.0, 0.8, -0.3, 0.4};
  const std::vector<double> before = cepstrum;
  Postfilter({.alpha = 0.45}, 4, 0).apply(cepstrum);
  EXPECT_EQ(cepstrum, before);
}

TEST(Postfilter, CoincidingLspStayFinite) {
  std::vector<double> lsp = {1.5, 1.0, 1.0, 1.0, 1.3};
  Postfilter({.alpha = 0.42, .stage = 1}, 5, 0.4).apply(lsp);
  for (const double value : lsp) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace hmm
