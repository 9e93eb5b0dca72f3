#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/compute/cpu/dense_kernels.cpp"
#include "core/compute/cpu/dense_kernels.h"

#include "core/compute/cpu/mixture_kernels.h"
#include "hwy/foreach_target.h"  // compiles this file once for each instruction set
// Must come after foreach_target.h.
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hmm::compute::cpu {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, kTileWidth>;
using Vector = hn::Vec<Tag>;

// Four rows at a time have sums of their own, so that their multiply-adds overlap.
template <class T>
HWY_INLINE void multiply(const T* values, const T* matrix, size_t rows, size_t stride, T* out) {
  const hn::CappedTag<T, kTileWidth> d;
  using V = hn::Vec<decltype(d)>;
  for (size_t column = 0; column < stride; column += hn::Lanes(d)) {
    V sums[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    const T* place = matrix + column;
    size_t row = 0;
    for (; row + 4 <= rows; row += 4, place += 4 * stride) {
      for (size_t i = 0; i < 4; ++i) {
        sums[i] =
            hn::MulAdd(hn::Set(d, values[row + i]), hn::LoadU(d, place + i * stride), sums[i]);
      }
    }
    for (; row < rows; ++row, place += stride) {
      sums[0] = hn::MulAdd(hn::Set(d, values[row]), hn::LoadU(d, place), sums[0]);
    }
    hn::StoreU(hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3])), d, out + column);
  }
}

void MultiplyRowsFloat(const float* values, const float* matrix, size_t rows, size_t stride,
                       float* out) {
  multiply(values, matrix, rows, stride, out);
}

void MultiplyRowsDouble(const double* values, const double* matrix, size_t rows, size_t stride,
                        double* out) {
  multiply(values, matrix, rows, stride, out);
}

struct BestRow {
  Vector value;
  Vector row;  // exact: there are fewer than 2^24 rows
};

HWY_INLINE void take_better(Vector value, Vector row, BestRow& best) {
  const auto better = hn::Gt(value, best.value);
  best.value = hn::IfThenElse(better, value, best.value);
  best.row = hn::IfThenElse(better, row, best.row);
}

// Four parts of the rows have a maximum of their own, so that their comparisons overlap.
HWY_INLINE BestRow best_row(const float* values, const float* place, size_t rows, size_t stride) {
  const Tag d;
  const BestRow none{hn::Neg(hn::Inf(d)), hn::Set(d, -1.0F)};
  BestRow best[4] = {none, none, none, none};
  const size_t part = rows / 4;
  for (size_t i = 0; i < rows - 3 * part; ++i) {
    for (size_t p = i < part ? 0 : 3; p < 4; ++p) {
      const size_t row = p * part + i;
      const Vector value = hn::Add(hn::Set(d, values[row]), hn::LoadU(d, place + row * stride));
      take_better(value, hn::Set(d, static_cast<float>(row)), best[p]);
    }
  }
  take_better(best[1].value, best[1].row, best[0]);
  take_better(best[3].value, best[3].row, best[2]);
  take_better(best[2].value, best[2].row, best[0]);
  return best[0];
}

HWY_INLINE void store_rows(Vector rows, size_t count, int32_t* out) {
  const hn::RebindToSigned<Tag> d;
  const auto whole = hn::ConvertTo(d, rows);
  if (count >= hn::Lanes(d)) {
    hn::StoreU(whole, d, out);
    return;
  }
  HWY_ALIGN int32_t lanes[kTileWidth];
  hn::Store(whole, d, lanes);
  for (size_t i = 0; i < count; ++i) out[i] = lanes[i];
}

size_t BestFrames(const float* log_matrix, size_t states, size_t stride, const float* log_b,
                  size_t log_b_stride, const int32_t* columns, size_t count, float* delta,
                  int32_t* predecessors) {
  const Tag d;
  const Vector impossible = hn::Neg(hn::Inf(d));
  HWY_ALIGN float next[kMostDenseStates];
  HWY_ALIGN float scores[kMostDenseStates];
  for (size_t n = 0; n < stride; ++n) scores[n] = 0;
  for (size_t t = 0; t < count; ++t, log_b += log_b_stride, predecessors += states) {
    for (size_t n = 0; n < states; ++n) scores[n] = log_b[columns[n]];
    Vector high = impossible;
    for (size_t n = 0; n < states; n += hn::Lanes(d)) {
      const BestRow best = best_row(delta, log_matrix + n, states, stride);
      store_rows(best.row, states - n, predecessors + n);
      const Vector sum = hn::Add(best.value, hn::Load(d, scores + n));
      high = hn::Max(high, sum);
      hn::Store(sum, d, next + n);
    }
    high = hn::MaxOfLanes(d, high);
    if (hn::GetLane(high) == hn::GetLane(impossible)) return t;
    for (size_t n = 0; n < states; n += hn::Lanes(d)) {
      hn::StoreU(hn::Sub(hn::Load(d, next + n), high), d, delta + n);
    }
  }
  return count;
}

void ScaleEmissions(const float* log_b, size_t log_b_stride, const int32_t* columns, size_t states,
                    size_t stride, size_t count, float* emissions, float* shifts) {
  const Tag d;
  const Vector impossible = hn::Neg(hn::Inf(d));
  for (size_t t = 0; t < count; ++t, log_b += log_b_stride, emissions += stride) {
    for (size_t n = 0; n < states; ++n) emissions[n] = log_b[columns[n]];
    for (size_t n = states; n < stride; ++n) emissions[n] = hn::GetLane(impossible);
    Vector high = impossible;
    for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
      high = hn::Max(high, hn::LoadU(d, emissions + n));
    }
    high = hn::MaxOfLanes(d, high);
    shifts[t] = hn::GetLane(high);
    for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
      hn::StoreU(hn::Exp(d, hn::Sub(hn::LoadU(d, emissions + n), high)), d, emissions + n);
    }
  }
}

HWY_INLINE Vector sum_of(const float* row, size_t stride) {
  const Tag d;
  Vector sum = hn::LoadU(d, row);
  for (size_t n = hn::Lanes(d); n < stride; n += hn::Lanes(d)) {
    sum = hn::Add(sum, hn::LoadU(d, row + n));
  }
  return hn::SumOfLanes(d, sum);
}

void ScaledForward(const float* matrix, size_t states, size_t stride, size_t count,
                   const float* emissions, float* alpha, float* sums) {
  const Tag d;
  const Vector one = hn::Set(d, 1.0F);
  for (size_t t = 0; t + 1 < count; ++t) {
    const float* before = alpha + t * stride;
    float* after = alpha + (t + 1) * stride;
    // The division waits for nothing that the product needs: both run side by side.
    const Vector sum = sum_of(before, stride);
    sums[t] = hn::GetLane(sum);
    const Vector scale = hn::Div(one, sum);
    multiply(before, matrix, states, stride, after);
    const float* emission = emissions + (t + 1) * stride;
    for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
      const Vector scaled = hn::Mul(hn::LoadU(d, emission + n), scale);
      hn::StoreU(hn::Mul(hn::LoadU(d, after + n), scaled), d, after + n);
    }
  }
  if (count > 0) sums[count - 1] = hn::GetLane(sum_of(alpha + (count - 1) * stride, stride));
}

// Posteriors of one frame; returns the reciprocal of what they were divided by.
HWY_INLINE Vector normalise(const float* beta, size_t stride, float* alpha) {
  const Tag d;
  Vector sum = hn::Zero(d);
  for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
    sum = hn::MulAdd(hn::LoadU(d, alpha + n), hn::LoadU(d, beta + n), sum);
  }
  const Vector scale = hn::Div(hn::Set(d, 1.0F), hn::SumOfLanes(d, sum));
  for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
    const Vector product = hn::Mul(hn::LoadU(d, alpha + n), hn::LoadU(d, beta + n));
    hn::StoreU(hn::Mul(product, scale), d, alpha + n);
  }
  return scale;
}

HWY_INLINE void add_pairs(const float* before, const float* ahead, Vector scale, size_t states,
                          size_t stride, float* pairs) {
  const Tag d;
  for (size_t n = 0; n < states; ++n, pairs += stride) {
    const Vector factor = hn::Mul(hn::Set(d, before[n]), scale);
    for (size_t m = 0; m < stride; m += hn::Lanes(d)) {
      hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, ahead + m), hn::LoadU(d, pairs + m)), d,
                 pairs + m);
    }
  }
}

// 1 / sum over states of a product.
HWY_INLINE Vector reciprocal_of_product(const float* a, const float* b, size_t stride) {
  const Tag d;
  Vector sum = hn::Zero(d);
  for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
    sum = hn::MulAdd(hn::LoadU(d, a + n), hn::LoadU(d, b + n), sum);
  }
  return hn::Div(hn::Set(d, 1.0F), hn::SumOfLanes(d, sum));
}

void ScaledBackward(const float* transposed, size_t states, size_t stride, size_t count,
                    bool has_before, const float* emissions, float* beta, float* alpha,
                    float* pairs) {
  const Tag d;
  HWY_ALIGN float ahead[kMostDenseStates];
  for (size_t t = count; t-- > 0;) {
    float* row = alpha + t * stride;
    normalise(beta, stride, row);
    if (t == 0 && !has_before) return;
    const Vector scale = hn::Div(hn::Set(d, 1.0F), sum_of(beta, stride));
    const float* emission = emissions + t * stride;
    for (size_t n = 0; n < stride; n += hn::Lanes(d)) {
      const Vector product = hn::Mul(hn::LoadU(d, emission + n), hn::LoadU(d, beta + n));
      hn::Store(hn::Mul(product, scale), d, ahead + n);
    }
    multiply(ahead, transposed, states, stride, beta);
    if (pairs == nullptr) continue;
    const float* before = row - stride;
    add_pairs(before, ahead, reciprocal_of_product(before, beta, stride), states, stride, pairs);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hmm::compute::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hmm::compute::cpu {
HWY_EXPORT(MultiplyRowsFloat);
HWY_EXPORT(MultiplyRowsDouble);
HWY_EXPORT(BestFrames);
HWY_EXPORT(ScaleEmissions);
HWY_EXPORT(ScaledForward);
HWY_EXPORT(ScaledBackward);

void multiply_rows(const float* values, const float* matrix, std::size_t rows, std::size_t stride,
                   float* out) {
  HWY_DYNAMIC_DISPATCH(MultiplyRowsFloat)(values, matrix, rows, stride, out);
}

void multiply_rows(const double* values, const double* matrix, std::size_t rows, std::size_t stride,
                   double* out) {
  HWY_DYNAMIC_DISPATCH(MultiplyRowsDouble)(values, matrix, rows, stride, out);
}

std::size_t best_frames(const float* log_matrix, std::size_t states, std::size_t stride,
                        const float* log_b, std::size_t log_b_stride, const int32_t* columns,
                        std::size_t count, float* delta, int32_t* predecessors) {
  return HWY_DYNAMIC_DISPATCH(BestFrames)(log_matrix, states, stride, log_b, log_b_stride, columns,
                                          count, delta, predecessors);
}

void scale_emissions(const float* log_b, std::size_t log_b_stride, const int32_t* columns,
                     std::size_t states, std::size_t stride, std::size_t count, float* emissions,
                     float* shifts) {
  HWY_DYNAMIC_DISPATCH(ScaleEmissions)
  (log_b, log_b_stride, columns, states, stride, count, emissions, shifts);
}

void scaled_forward(const float* matrix, std::size_t states, std::size_t stride, std::size_t count,
                    const float* emissions, float* alpha, float* sums) {
  HWY_DYNAMIC_DISPATCH(ScaledForward)
  (matrix, states, stride, count, emissions, alpha, sums);
}

void scaled_backward(const float* transposed, std::size_t states, std::size_t stride,
                     std::size_t count, bool has_before, const float* emissions, float* beta,
                     float* alpha, float* pairs) {
  HWY_DYNAMIC_DISPATCH(ScaledBackward)
  (transposed, states, stride, count, has_before, emissions, beta, alpha, pairs);
}

}  // namespace hmm::compute::cpu
#endif  // HWY_ONCE
