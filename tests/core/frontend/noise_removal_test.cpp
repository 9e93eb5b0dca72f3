#include "core/frontend/noise_removal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace hmm {
namespace {

/// The recursion of CMU Sphinx, one bin after the other, in double.
class Reference {
 public:
  std::vector<double> apply(const std::vector<double>& m) {
    const std::size_t n = m.size();
    if (p.empty()) {
      p = m;
      for (const double value : m) noise.push_back(value / 20), floor.push_back(value / 20);
      k.assign(n, 0);
    }
    std::vector<double> gain(n), result(n);
    for (std::size_t i = 0; i < n; ++i) {
      p[i] = 0.7 * p[i] + 0.3 * m[i];
      noise[i] = envelope(p[i], noise[i]);
      double s = std::max(p[i] - noise[i], 1.0);
      floor[i] = envelope(s, floor[i]);
      const double c = s;
      k[i] *= 0.85;
      if (s < 0.85 * k[i]) s = 0.2 * k[i];
      k[i] = std::max(k[i], c);
      s = std::max(s, floor[i]);
      gain[i] = p[i] > 0 ? std::clamp(s / p[i], 0.05, 20.0) : 20.0;
    }
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0, count = 0;
      for (std::size_t j = i < 4 ? 0 : i - 4; j < std::min(n, i + 5); ++j) sum += gain[j], ++count;
      result[i] = m[i] * sum / count;
    }
    return result;
  }

 private:
  static double envelope(double b, double f) {
    return b >= f ? 0.995 * f + 0.005 * b : 0.5 * f + 0.5 * b;
  }
  std::vector<double> p, noise, floor, k;
};

TEST(NoiseRemoval, FollowsTheReference) {
  std::mt19937 random(11);
  std::lognormal_distribution<double> power(8, 3);
  for (const int bins : {1, 3, 25}) {
    NoiseRemoval removal(bins);
    Reference reference;
    for (int t = 0; t < 300; ++t) {
      std::vector<float> mel(static_cast<std::size_t>(bins));
      for (float& value : mel) value = t % 50 == 49 ? 0.0F : static_cast<float>(power(random));
      const std::vector<double> expected = reference.apply({mel.begin(), mel.end()});
      removal.apply(mel);
      for (std::size_t i = 0; i < mel.size(); ++i)
        ASSERT_NEAR(mel[i], expected[i], 1e-4 * expected[i]) << t << " " << i;
    }
  }
}

TEST(NoiseRemoval, SilenceStaysSilent) {
  NoiseRemoval removal(5);
  std::vector<float> mel(5, 0.0F);
  for (int t = 0; t < 10; ++t) removal.apply(mel);
  EXPECT_EQ(mel, std::vector<float>(5, 0.0F));
}

TEST(NoiseRemoval, SteadyNoiseIsLowered) {
  NoiseRemoval removal(9);
  std::vector<float> mel;
  for (int t = 0; t < 2000; ++t) {
    mel.assign(9, 1e6F);
    removal.apply(mel);
  }
  for (const float value : mel) EXPECT_LT(value, 0.06e6F);
}

TEST(NoiseRemoval, ResetStartsAnew) {
  NoiseRemoval fresh(4), used(4);
  std::vector<float> loud(4, 1e9F), a(4, 100.0F), b(4, 100.0F);
  used.apply(loud);
  used.reset();
  fresh.apply(a);
  used.apply(b);
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace hmm
