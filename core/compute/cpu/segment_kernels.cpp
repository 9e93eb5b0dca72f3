#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/compute/cpu/segment_kernels.cpp"
#include "core/compute/cpu/segment_kernels.h"

#include "hwy/foreach_target.h"  // compiles this file once for each instruction set
// Must come after foreach_target.h.
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hmm::compute::cpu {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<double>;
using Vector = hn::Vec<Tag>;

void DotRows(const double* weights, const double* values, size_t count, size_t size, size_t stride,
             double* out) {
  const hn::CappedTag<double, 8> d;
  for (size_t n = 0; n < count; ++n, weights += size, values += stride) {
    auto sum = hn::Zero(d);
    for (size_t i = 0; i < size; i += hn::Lanes(d)) {
      sum = hn::MulAdd(hn::LoadU(d, weights + i), hn::LoadU(d, values + i), sum);
    }
    out[n] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

void AddProducts(double factor, const double* a, const double* b, double* out, size_t size) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  const Vector f = hn::Set(d, factor);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    const Vector product = hn::Mul(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    hn::StoreU(hn::MulAdd(f, product, hn::LoadU(d, out + i)), d, out + i);
  }
  for (; i < size; ++i) out[i] += factor * (a[i] * b[i]);
}

Best BestSum(const double* a, const double* b, size_t size) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  const double impossible = -hn::GetLane(hn::Inf(d));
  Best best{impossible, 0};
  Vector high = hn::Set(d, impossible);
  Vector at = hn::Zero(d);
  Vector here = hn::Iota(d, 0);
  const Vector step = hn::Set(d, static_cast<double>(lanes));
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    const Vector sum = hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    const auto better = hn::Ge(sum, high);
    high = hn::IfThenElse(better, sum, high);
    at = hn::IfThenElse(better, here, at);
    here = hn::Add(here, step);
  }
  if (i > 0) {
    const Vector greatest = hn::MaxOfLanes(d, high);
    const Vector last = hn::IfThenElse(hn::Eq(high, greatest), at, hn::Set(d, -1.0));
    best.value = hn::GetLane(greatest);
    best.index = static_cast<size_t>(hn::GetLane(hn::MaxOfLanes(d, last)));
  }
  for (; i < size; ++i) {
    const double sum = a[i] + b[i];
    if (sum >= best.value) best = Best{sum, i};
  }
  if (best.value == impossible) best.index = 0;
  return best;
}

HWY_INLINE Vector guarded_exp(Tag d, Vector x) {
  return hn::IfThenElseZero(hn::Ge(x, hn::Set(d, -708.0)), hn::Exp(d, x));
}

HWY_INLINE Vector guarded_log(Tag d, Vector x) {
  return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Log(d, x), hn::Neg(hn::Inf(d)));
}

// Applies a function of a vector to each element; the last, incomplete vector goes through a copy.
template <class Function>
HWY_INLINE void for_each(const double* x, double* y, size_t size, const Function& function) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) hn::StoreU(function(hn::LoadU(d, x + i)), d, y + i);
  if (i == size) return;
  HWY_ALIGN double tail[hn::MaxLanes(d)];
  hn::Store(hn::Set(d, 1.0), d, tail);
  for (size_t k = i; k < size; ++k) tail[k - i] = x[k];
  hn::Store(function(hn::Load(d, tail)), d, tail);
  for (size_t k = i; k < size; ++k) y[k] = tail[k - i];
}

void ExpShifted(const double* x, double shift, double* y, size_t size) {
  const Tag d;
  const Vector s = hn::Set(d, shift);
  for_each(x, y, size, [d, s](Vector v) HWY_ATTR { return guarded_exp(d, hn::Sub(v, s)); });
}

void LogInPlace(double* x, size_t size) {
  const Tag d;
  for_each(x, x, size, [d](Vector v) HWY_ATTR { return guarded_log(d, v); });
}

}  // namespace HWY_NAMESPACE
}  // namespace hmm::compute::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hmm::compute::cpu {
HWY_EXPORT(DotRows);
HWY_EXPORT(AddProducts);
HWY_EXPORT(BestSum);
HWY_EXPORT(ExpShifted);
HWY_EXPORT(LogInPlace);

void dot_rows(const double* weights, const double* values, std::size_t count, std::size_t size,
              std::size_t stride, double* out) {
  HWY_DYNAMIC_DISPATCH(DotRows)(weights, values, count, size, stride, out);
}

void add_products(double factor, const double* a, const double* b, double* out, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(AddProducts)(factor, a, b, out, size);
}

Best best_sum(const double* a, const double* b, std::size_t size) {
  return HWY_DYNAMIC_DISPATCH(BestSum)(a, b, size);
}

void exp_shifted(const double* x, double shift, double* y, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(ExpShifted)(x, shift, y, size);
}

void log_in_place(double* x, std::size_t size) { HWY_DYNAMIC_DISPATCH(LogInPlace)(x, size); }

}  // namespace hmm::compute::cpu
#endif  // HWY_ONCE
