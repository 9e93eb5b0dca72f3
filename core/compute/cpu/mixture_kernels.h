// The inner loops of Gaussian and tied mixtures.
//
// Densities and states come in tiles of kTileWidth, so that one layout serves every instruction
// set. What is computed for a frame does not depend on the frames beside it.
#pragma once

#include <cstddef>

namespace hmm::compute::cpu {

inline constexpr std::size_t kTileWidth = 16;

/// Log densities of one tile: out[t * out_stride + lane] =
/// constants[lane] - 1/2 sum_d (x[t][d] * scale[d][lane] - offset[d][lane])^2.
/// `parameters` is [D][2][kTileWidth]: scale = 1 / sigma, then offset = mean / sigma.
void score_tile(const float* parameters, const float* constants, std::size_t dimension,
                const float* frames, std::size_t frame_stride, std::size_t count, float* out,
                std::size_t out_stride);

/// out[n] = log sum_k exp(densities[k * width + n]) for n < width <= kTileWidth. The array of
/// densities must be readable for kTileWidth floats past its end.
void sum_components(const float* densities, std::size_t width, std::size_t components, float* out);

/// Sums of one tile: out[t][lane] = sum_k p[t * p_stride + k] weights[k][lane], out
/// [T][kTileWidth].
void weigh_tile(const float* p, std::size_t p_stride, std::size_t count, std::size_t densities,
                const float* weights, float* out);

}  // namespace hmm::compute::cpu
