#include "core/metrics/cepstral_distortion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"

namespace hmm {
namespace {

Matrix frames(std::initializer_list<std::initializer_list<float>> rows) {
  Matrix matrix;
  for (const auto& row : rows) matrix.append_row(std::vector<float>(row));
  return matrix;
}

TEST(CepstralDistortion, EqualsTheHandComputedCase) {
  // Differences from the first coefficient on: (3, 4), then nothing: 10 / ln 10 * sqrt 2 * (5 + 0)
  // / 2.
  const Matrix a = frames({{9, 1, 2}, {9, 1, 1}});
  const Matrix b = frames({{0, 4, 6}, {0, 1, 1}});
  const CepstralDistortion result = cepstral_distortion(a, b);
  EXPECT_EQ(result.frames, 2u);
  EXPECT_NEAR(result.mean, 10 / std::log(10.0) * std::sqrt(2.0) * 2.5, 1e-12);
  EXPECT_NEAR(cepstral_distortion(a, b, {.first_coefficient = 0}).mean,
              10 / std::log(10.0) * std::sqrt(2.0) * (std::sqrt(106.0) + 9) / 2, 1e-12);
}

TEST(CepstralDistortion, OneNeperInOneCoefficientIsTwelveDecibel) {
  EXPECT_NEAR(cepstral_distortion(frames({{0, 1}}), frames({{0, 0}})).mean, 6.14185, 1e-5);
}

TEST(CepstralDistortion, WarpingForgivesTiming) {
  const Matrix a = frames({{0, 1}, {0, 1}, {0, 5}});
  const Matrix b = frames({{0, 1}, {0, 5}, {0, 5}, {0, 5}});
  EXPECT_THROW(cepstral_distortion(a, b), DataError);
  EXPECT_EQ(cepstral_distortion(a, b, {.warp = true}).mean, 0);
  // (0, 0) (1, 0) (2, 1) (2, 2) (2, 3)
  EXPECT_EQ(cepstral_distortion(a, b, {.warp = true}).frames, 5u);
}

TEST(CepstralDistortion, WarpingNeverCostsMoreInSumThanTheDiagonal) {
  Matrix a(40, 3), b(40, 3);
  for (std::size_t t = 0; t < 40; ++t) {
    for (std::size_t d = 0; d < 3; ++d) {
      a(t, d) = std::sin(0.3f * static_cast<float>(t * (d + 1)));
      b(t, d) = std::sin(0.3f * static_cast<float>((t + 2) * (d + 1)));
    }
  }
  const auto warped = cepstral_distortion(a, b, {.warp = true});
  EXPECT_LT(warped.mean * static_cast<double>(warped.frames), cepstral_distortion(a, b).mean * 40);
  EXPECT_NEAR(cepstral_distortion(a, b, {.warp = true, .band = 0.0}).mean,
              cepstral_distortion(a, b).mean, 1e-12);
}

TEST(CepstralDistortion, RefusesWhatDoesNotFit) {
  EXPECT_THROW(cepstral_distortion(Matrix(2, 3), Matrix(2, 4)), DataError);
  EXPECT_THROW(cepstral_distortion(Matrix(0, 3), Matrix(0, 3)), DataError);
  EXPECT_THROW(cepstral_distortion(Matrix(2, 1), Matrix(2, 1)), SettingsError);
  EXPECT_THROW(cepstral_distortion(Matrix(2, 3), Matrix(9, 3), {.warp = true, .band = -1.0}),
               SettingsError);
}

}  // namespace
}  // namespace hmm
