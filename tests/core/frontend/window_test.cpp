#include "core/frontend/window.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hmm {
namespace {

TEST(Window, HasTheEndsAndTheMiddleOfItsShape) {
  const struct {
    WindowShape shape;
    double end;
  } cases[] = {{WindowShape::hamming, 0.08},
               {WindowShape::hann, 0},
               {WindowShape::povey, 0},
               {WindowShape::rectangular, 1}};
  for (const auto& [shape, end] : cases) {
    const std::vector<double> window = make_window(shape, 101);
    EXPECT_NEAR(window.front(), end, 1e-12);
    EXPECT_NEAR(window.back(), end, 1e-12);
    EXPECT_NEAR(window[50], 1, 1e-12);
    for (std::size_t n = 0; n < 101; ++n) EXPECT_NEAR(window[n], window[100 - n], 1e-12);
  }
}

TEST(Window, APeriodicWindowContinuesAtItsEnd) {
  const std::vector<double> periodic = make_window(WindowShape::hann_periodic, 100);
  const std::vector<double> symmetric = make_window(WindowShape::hann, 101);
  for (std::size_t n = 0; n < 100; ++n) EXPECT_NEAR(periodic[n], symmetric[n], 1e-12);
}

TEST(Window, PoveyIsAPowerOfHann) {
  const std::vector<double> povey = make_window(WindowShape::povey, 40);
  const std::vector<double> hann = make_window(WindowShape::hann, 40);
  for (std::size_t n = 0; n < 40; ++n) EXPECT_NEAR(povey[n], std::pow(hann[n], 0.85), 1e-12);
}

TEST(Window, OfTwoSamplesIsFinite) {
  for (const WindowShape shape : {WindowShape::hamming, WindowShape::hann, WindowShape::povey})
    for (const double value : make_window(shape, 2)) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace hmm
