#include "core/frontend/mel_filterbank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"

namespace hmm {
namespace {

TEST(MelScale, HasItsFixedPoints) {
  EXPECT_NEAR(hertz_to_mel(MelScale::htk, 1000), 1000, 0.02);
  EXPECT_DOUBLE_EQ(hertz_to_mel(MelScale::slaney, 1000), 15);
  EXPECT_DOUBLE_EQ(hertz_to_mel(MelScale::slaney, 6400), 42);
  for (const MelScale scale : {MelScale::htk, MelScale::slaney})
    for (const double hertz : {0.0, 60.0, 999.0, 1000.0, 1001.0, 24000.0})
      EXPECT_NEAR(mel_to_hertz(scale, hertz_to_mel(scale, hertz)), hertz, 1e-9);
}

/// The response of every filter to FFT bin `bin` alone.
std::vector<float> response(const MelFilterbank& filterbank, std::size_t bin) {
  std::vector<float> spectrum(filterbank.padded_spectrum_size());
  spectrum[bin] = 1;
  std::vector<float> mel(static_cast<std::size_t>(filterbank.bins()));
  filterbank.apply(spectrum, mel);
  return mel;
}

TEST(MelFilterbank, UnitPeaksInMelOverlapToOne) {
  const FrontEndConfig config = preset("kaldi-fbank");
  const MelFilterbank filterbank(config);
  const double low = hertz_to_mel(MelScale::htk, config.low_frequency);
  const double step =
      (hertz_to_mel(MelScale::htk, config.high_frequency) - low) / (config.bins + 1);
  for (std::size_t k = 0; k <= 256; ++k) {
    const double mel = hertz_to_mel(MelScale::htk, static_cast<double>(k) * 16000 / 512);
    double sum = 0;
    for (const float value : response(filterbank, k)) sum += static_cast<double>(value);
    if (mel >= low + step && mel <= low + config.bins * step) {
      EXPECT_NEAR(sum, 1, 1e-5) << k;
    }
    if (mel <= low) {
      EXPECT_EQ(sum, 0) << k;
    }
  }
}

TEST(MelFilterbank, UnitAreasIntegrateToOne) {
  const FrontEndConfig config = preset("sphinx");
  const MelFilterbank filterbank(config);
  std::vector<double> area(25);
  for (std::size_t k = 0; k <= 256; ++k) {
    const std::vector<float> values = response(filterbank, k);
    for (std::size_t b = 0; b < 25; ++b) area[b] += static_cast<double>(values[b]) * 16000 / 512;
  }
  // Triangles whose corners are FFT bins are summed exactly.
  for (const double value : area) EXPECT_NEAR(value, 1, 1e-6);
}

TEST(MelFilterbank, RefusesFiltersWithoutBins) {
  FrontEndConfig config = preset("sphinx", 8000);
  config.bins = 60;
  EXPECT_THROW(MelFilterbank{config}, SettingsError);
  config.round_edges = false;
  config.bins = 128;
  EXPECT_THROW(MelFilterbank{config}, SettingsError);
  config.fft_size = 8192;
  EXPECT_NO_THROW(MelFilterbank{config});
}

}  // namespace
}  // namespace hmm
