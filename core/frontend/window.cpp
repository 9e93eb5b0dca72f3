#include "core/frontend/window.h"

#include <cmath>
#include <numbers>

namespace hmm {
namespace {

double window_value(WindowShape shape, int n, int size) {
  const double period = shape == WindowShape::hann_periodic ? size : size - 1.0;
  const double cosine = std::cos(2 * std::numbers::pi * n / period);
  switch (shape) {
    case WindowShape::hamming:
      return 0.54 - 0.46 * cosine;
    case WindowShape::hann:
    case WindowShape::hann_periodic:
      return 0.5 - 0.5 * cosine;
    case WindowShape::povey:
      return std::pow(0.5 - 0.5 * cosine, 0.85);
    case WindowShape::rectangular:
      break;
  }
  return 1;
}

}  // namespace

std::vector<double> make_window(WindowShape shape, int size) {
  std::vector<double> window(static_cast<std::size_t>(size));
  for (int n = 0; n < size; ++n) window[static_cast<std::size_t>(n)] = window_value(shape, n, size);
  return window;
}

}  // namespace hmm
