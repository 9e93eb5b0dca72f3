#include "core/frontend/real_fft.h"

#include <gtest/gtest.h>

#include <complex>
#include <numbers>
#include <random>
#include <vector>

namespace hmm {
namespace {

TEST(RealFft, EqualsTheSumItIsDefinedBy) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal(0, 1000);
  for (const int size : {4, 6, 8, 10, 30, 64, 200, 360, 512}) {
    RealFft fft(size);
    std::vector<double> samples(static_cast<std::size_t>(size));
    for (double& sample : samples) sample = normal(random);
    std::vector<float> power(static_cast<std::size_t>(fft.bins()));
    fft.power(samples, power);
    for (int k = 0; k <= size / 2; ++k) {
      std::complex<double> sum = 0;
      for (int n = 0; n < size; ++n)
        sum += samples[static_cast<std::size_t>(n)] *
               std::polar(1.0, -2 * std::numbers::pi * k * n / size);
      const double expected = std::norm(sum);
      EXPECT_NEAR(power[static_cast<std::size_t>(k)], expected, 1e-6 * expected + 1e-6)
          << size << " " << k;
    }
  }
}

}  // namespace
}  // namespace hmm
