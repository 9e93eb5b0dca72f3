// Window functions.
#pragma once

#include <vector>

#include "core/frontend/front_end_config.h"

namespace hmm {

/// The window's `size` values. With x = 2 pi n / (size - 1): hamming 0.54 - 0.46 cos x, hann
/// 0.5 - 0.5 cos x, povey hann^0.85; hann_periodic is hann with x = 2 pi n / size.
std::vector<double> make_window(WindowShape shape, int size);

}  // namespace hmm
