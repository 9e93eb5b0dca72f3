#include "core/frontend/cepstrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hmm {
namespace {

std::vector<float> cepstrum_of(const FrontEndConfig& config, const std::vector<float>& log_mel) {
  Cepstrum cepstrum(config);
  std::vector<float> values(static_cast<std::size_t>(config.coefficients));
  cepstrum.apply(log_mel, values);
  return values;
}

std::vector<float> ramp(std::size_t size) {
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<float>(i * i) - 7.5F;
  return values;
}

TEST(Cepstrum, AFullOrthonormalTransformKeepsTheNorm) {
  FrontEndConfig config;
  config.coefficients = 25;
  config.lifter = 0;
  double before = 0, after = 0;
  for (const float value : ramp(25)) before += std::pow(static_cast<double>(value), 2);
  for (const float value : cepstrum_of(config, ramp(25)))
    after += std::pow(static_cast<double>(value), 2);
  EXPECT_NEAR(after / before, 1, 1e-6);
}

TEST(Cepstrum, AFlatSpectrumHasOnlyTheZerothCoefficient) {
  const double zeroth[] = {3 * std::sqrt(25.0), 3 * std::sqrt(2.0 * 25)};
  for (const DctKind kind : {DctKind::orthonormal, DctKind::htk}) {
    FrontEndConfig config;
    config.dct = kind;
    const std::vector<float> values = cepstrum_of(config, std::vector<float>(25, 3.0F));
    EXPECT_NEAR(values[0], zeroth[static_cast<int>(kind)], 1e-4);
    for (std::size_t k = 1; k < values.size(); ++k) EXPECT_NEAR(values[k], 0, 1e-4);
  }
}

TEST(Cepstrum, TheLifterScalesEachCoefficient) {
  FrontEndConfig plain, lifted;
  plain.lifter = 0;
  const std::vector<float> without = cepstrum_of(plain, ramp(25));
  const std::vector<float> with = cepstrum_of(lifted, ramp(25));
  for (std::size_t k = 0; k < 13; ++k)
    EXPECT_NEAR(with[k],
                without[k] * (1 + 11 * std::sin(std::acos(-1.0) * static_cast<double>(k) / 22)),
                1e-4 * (1 + std::abs(with[k])));
}

TEST(Cepstrum, TheZerothCoefficientGoesWhereItIsAskedFor) {
  FrontEndConfig first, last, omitted;
  last.zeroth = ZerothCoefficient::last;
  omitted.zeroth = ZerothCoefficient::omitted;
  omitted.coefficients = 12;
  std::vector<float> expected = cepstrum_of(first, ramp(25));
  std::rotate(expected.begin(), expected.begin() + 1, expected.end());
  EXPECT_EQ(cepstrum_of(last, ramp(25)), expected);
  expected.pop_back();
  EXPECT_EQ(cepstrum_of(omitted, ramp(25)), expected);
}

}  // namespace
}  // namespace hmm
