#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/compute/cpu/mixture_kernels.cpp"
#include "core/compute/cpu/mixture_kernels.h"

#include "hwy/foreach_target.h"  // compiles this file once for each instruction set
// Must come after foreach_target.h.
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hmm::compute::cpu {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using TileTag = hn::CappedTag<float, kTileWidth>;
using TileVector = hn::Vec<TileTag>;

// kFrames frames at once share the loads of the parameters.
template <size_t kFrames>
HWY_INLINE void score_frames(const float* parameters, const float* constants, size_t dimension,
                             const float* frames, size_t frame_stride, float* out,
                             size_t out_stride) {
  const TileTag d;
  const TileVector minus_half = hn::Set(d, -0.5F);
  for (size_t lane = 0; lane < kTileWidth; lane += hn::Lanes(d)) {
    TileVector sums[kFrames];
    for (size_t t = 0; t < kFrames; ++t) sums[t] = hn::Zero(d);
    const float* parameter = parameters + lane;
    for (size_t i = 0; i < dimension; ++i, parameter += 2 * kTileWidth) {
      const TileVector scale = hn::LoadU(d, parameter);
      const TileVector offset = hn::LoadU(d, parameter + kTileWidth);
      for (size_t t = 0; t < kFrames; ++t) {
        const TileVector x = hn::Set(d, frames[t * frame_stride + i]);
        const TileVector y = hn::MulSub(x, scale, offset);
        sums[t] = hn::MulAdd(y, y, sums[t]);
      }
    }
    const TileVector constant = hn::LoadU(d, constants + lane);
    for (size_t t = 0; t < kFrames; ++t) {
      hn::StoreU(hn::MulAdd(sums[t], minus_half, constant), d, out + t * out_stride + lane);
    }
  }
}

void ScoreTile(const float* parameters, const float* constants, size_t dimension,
               const float* frames, size_t frame_stride, size_t count, float* out,
               size_t out_stride) {
  size_t t = 0;
  for (; t + 8 <= count; t += 8) {
    score_frames<8>(parameters, constants, dimension, frames + t * frame_stride, frame_stride,
                    out + t * out_stride, out_stride);
  }
  for (; t < count; ++t) {
    score_frames<1>(parameters, constants, dimension, frames + t * frame_stride, frame_stride,
                    out + t * out_stride, out_stride);
  }
}

void SumComponents(const float* densities, size_t width, size_t components, float* out) {
  const TileTag d;
  const TileVector impossible = hn::Neg(hn::Inf(d));
  for (size_t lane = 0; lane < width; lane += hn::Lanes(d)) {
    TileVector high = impossible;
    for (size_t k = 0; k < components; ++k) {
      high = hn::Max(high, hn::LoadU(d, densities + k * width + lane));
    }
    const TileVector shift = hn::IfThenElse(hn::Eq(high, impossible), hn::Zero(d), high);
    TileVector sum = hn::Zero(d);
    for (size_t k = 0; k < components; ++k) {
      const TileVector density = hn::LoadU(d, densities + k * width + lane);
      sum = hn::Add(sum, hn::Exp(d, hn::Sub(density, shift)));
    }
    const TileVector result =
        hn::IfThenElse(hn::Gt(sum, hn::Zero(d)), hn::Add(high, hn::Log(d, sum)), impossible);
    if (lane + hn::Lanes(d) <= width) {
      hn::StoreU(result, d, out + lane);
    } else {
      HWY_ALIGN float lanes[kTileWidth];
      hn::Store(result, d, lanes);
      for (size_t n = lane; n < width; ++n) out[n] = lanes[n - lane];
    }
  }
}

template <size_t kFrames>
HWY_INLINE void weigh_frames(const float* p, size_t p_stride, size_t densities,
                             const float* weights, float* out) {
  const TileTag d;
  for (size_t lane = 0; lane < kTileWidth; lane += hn::Lanes(d)) {
    TileVector sums[kFrames];
    for (size_t t = 0; t < kFrames; ++t) sums[t] = hn::Zero(d);
    for (size_t k = 0; k < densities; ++k) {
      const TileVector weight = hn::LoadU(d, weights + k * kTileWidth + lane);
      for (size_t t = 0; t < kFrames; ++t) {
        sums[t] = hn::MulAdd(hn::Set(d, p[t * p_stride + k]), weight, sums[t]);
      }
    }
    for (size_t t = 0; t < kFrames; ++t) hn::StoreU(sums[t], d, out + t * kTileWidth + lane);
  }
}

void WeighTile(const float* p, size_t p_stride, size_t count, size_t densities,
               const float* weights, float* out) {
  size_t t = 0;
  for (; t + 8 <= count; t += 8) {
    weigh_frames<8>(p + t * p_stride, p_stride, densities, weights, out + t * kTileWidth);
  }
  for (; t < count; ++t) {
    weigh_frames<1>(p + t * p_stride, p_stride, densities, weights, out + t * kTileWidth);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hmm::compute::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hmm::compute::cpu {
HWY_EXPORT(ScoreTile);
HWY_EXPORT(SumComponents);
HWY_EXPORT(WeighTile);

void score_tile(const float* parameters, const float* constants, std::size_t dimension,
                const float* frames, std::size_t frame_stride, std::size_t count, float* out,
                std::size_t out_stride) {
  HWY_DYNAMIC_DISPATCH(ScoreTile)
  (parameters, constants, dimension, frames, frame_stride, count, out, out_stride);
}

void sum_components(const float* densities, std::size_t width, std::size_t components, float* out) {
  HWY_DYNAMIC_DISPATCH(SumComponents)(densities, width, components, out);
}

void weigh_tile(const float* p, std::size_t p_stride, std::size_t count, std::size_t densities,
                const float* weights, float* out) {
  HWY_DYNAMIC_DISPATCH(WeighTile)(p, p_stride, count, densities, weights, out);
}

}  // namespace hmm::compute::cpu
#endif  // HWY_ONCE
