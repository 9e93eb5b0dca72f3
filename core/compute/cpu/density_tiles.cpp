#include "core/compute/cpu/density_tiles.h"

#include <cmath>
#include <numbers>

#include "core/base/log_math.h"

namespace hmm::compute::cpu {

void DensityTiles::append(std::span<const float> mean, std::span<const float> variance,
                          float log_weight) {
  if (size_ == tiles() * kTileWidth) {
    parameters_.resize(parameters_.size() + dimension_ * 2 * kTileWidth, 0.0F);
    constants_.resize(constants_.size() + kTileWidth, kLogZero<float>);
  }
  const std::size_t lane = size_ % kTileWidth;
  float* tile = parameters_.data() + (size_ / kTileWidth) * dimension_ * 2 * kTileWidth;
  double log_determinant = 0;
  for (std::size_t d = 0; d < dimension_; ++d) {
    const double scale = 1 / std::sqrt(static_cast<double>(variance[d]));
    tile[2 * d * kTileWidth + lane] = static_cast<float>(scale);
    tile[(2 * d + 1) * kTileWidth + lane] = static_cast<float>(mean[d] * scale);
    log_determinant += std::log(static_cast<double>(variance[d]));
  }
  const double normaliser =
      static_cast<double>(dimension_) * std::log(2 * std::numbers::pi) + log_determinant;
  constants_[size_] = static_cast<float>(log_weight - normaliser / 2);
  ++size_;
}

}  // namespace hmm::compute::cpu
