// Gaussian densities with diagonal covariance, whitened: y = x / sigma - mean / sigma.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/cpu/mixture_kernels.h"

namespace hmm::compute::cpu {

/// A list of densities in tiles of kTileWidth; lanes without a density give -infinity.
class DensityTiles {
 public:
  explicit DensityTiles(std::size_t dimension) : dimension_(dimension) {}

  /// Appends a density; `log_weight` is added to its log.
  void append(std::span<const float> mean, std::span<const float> variance, float log_weight);
  /// Completes the last tile, so that the next density starts a new one.
  void finish_tile() { size_ = tiles() * kTileWidth; }
  std::size_t tiles() const { return constants_.size() / kTileWidth; }

  /// Log densities [frames.rows x kTileWidth] of one tile.
  void score(std::size_t tile, MatrixView frames, float* out, std::size_t out_stride) const {
    score_tile(parameters_.data() + tile * dimension_ * 2 * kTileWidth,
               constants_.data() + tile * kTileWidth, dimension_, frames.data, frames.stride,
               frames.rows, out, out_stride);
  }

 private:
  std::size_t dimension_;
  std::size_t size_ = 0;           // densities, with the empty lanes of finished tiles
  std::vector<float> parameters_;  // [tiles x D x 2 x kTileWidth]
  std::vector<float> constants_;   // [tiles x kTileWidth]
};

}  // namespace hmm::compute::cpu
