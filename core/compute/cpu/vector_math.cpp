#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/compute/cpu/vector_math.cpp"
#include "core/compute/cpu/vector_math.h"

#include "core/base/error.h"
#include "hwy/foreach_target.h"  // compiles this file once for each instruction set
// Must come after foreach_target.h.
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hmm::compute::cpu {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FullTag = hn::ScalableTag<float>;
using FullVector = hn::Vec<FullTag>;

// The last, incomplete vector of an array; the lanes past its end are `fill`.
HWY_INLINE FullVector load_tail(FullTag d, const float* x, size_t count, float fill) {
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(hn::Set(d, fill), d, lanes);
  for (size_t i = 0; i < count; ++i) lanes[i] = x[i];
  return hn::Load(d, lanes);
}

HWY_INLINE void store_tail(FullTag d, FullVector v, float* x, size_t count) {
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(v, d, lanes);
  for (size_t i = 0; i < count; ++i) x[i] = lanes[i];
}

HWY_INLINE float negative_infinity() { return -hn::GetLane(hn::Inf(hn::ScalableTag<float>())); }

float MaxOf(const float* x, size_t size) {
  const FullTag d;
  const size_t lanes = hn::Lanes(d);
  FullVector high = hn::Set(d, negative_infinity());
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) high = hn::Max(high, hn::LoadU(d, x + i));
  if (i < size) high = hn::Max(high, load_tail(d, x + i, size - i, negative_infinity()));
  return hn::GetLane(hn::MaxOfLanes(d, high));
}

float ExpShifted(const float* x, float shift, float* y, size_t size) {
  const FullTag d;
  const size_t lanes = hn::Lanes(d);
  const FullVector s = hn::Set(d, shift);
  FullVector sum = hn::Zero(d);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    const FullVector e = hn::Exp(d, hn::Sub(hn::LoadU(d, x + i), s));
    hn::StoreU(e, d, y + i);
    sum = hn::Add(sum, e);
  }
  if (i < size) {
    const FullVector last = load_tail(d, x + i, size - i, negative_infinity());
    const FullVector e = hn::Exp(d, hn::Sub(last, s));
    store_tail(d, e, y + i, size - i);
    sum = hn::Add(sum, e);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

HWY_INLINE FullVector guarded_log(FullTag d, FullVector x) {
  return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Log(d, x), hn::Set(d, negative_infinity()));
}

void LogInPlace(float* x, size_t size) {
  const FullTag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) hn::StoreU(guarded_log(d, hn::LoadU(d, x + i)), d, x + i);
  if (i < size) store_tail(d, guarded_log(d, load_tail(d, x + i, size - i, 1)), x + i, size - i);
}

bool AllFinite(const float* x, size_t size) {
  const FullTag d;
  const size_t lanes = hn::Lanes(d);
  auto finite = hn::MaskFromVec(hn::BitCast(d, hn::Not(hn::Zero(hn::RebindToUnsigned<FullTag>()))));
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    finite = hn::And(finite, hn::Lt(hn::Abs(hn::LoadU(d, x + i)), hn::Inf(d)));
  }
  if (i < size) {
    finite = hn::And(finite, hn::Lt(hn::Abs(load_tail(d, x + i, size - i, 0)), hn::Inf(d)));
  }
  return hn::AllTrue(d, finite);
}

bool AllBelowInfinity(const float* x, size_t size) {
  const FullTag d;
  const size_t lanes = hn::Lanes(d);
  auto below = hn::MaskFromVec(hn::BitCast(d, hn::Not(hn::Zero(hn::RebindToUnsigned<FullTag>()))));
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    below = hn::And(below, hn::Lt(hn::LoadU(d, x + i), hn::Inf(d)));
  }
  if (i < size) below = hn::And(below, hn::Lt(load_tail(d, x + i, size - i, 0), hn::Inf(d)));
  return hn::AllTrue(d, below);
}

const char* InstructionSet() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace hmm::compute::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hmm::compute::cpu {
HWY_EXPORT(MaxOf);
HWY_EXPORT(ExpShifted);
HWY_EXPORT(LogInPlace);
HWY_EXPORT(AllFinite);
HWY_EXPORT(AllBelowInfinity);
HWY_EXPORT(InstructionSet);

float max_of(const float* x, std::size_t size) { return HWY_DYNAMIC_DISPATCH(MaxOf)(x, size); }

float exp_shifted(const float* x, float shift, float* y, std::size_t size) {
  return HWY_DYNAMIC_DISPATCH(ExpShifted)(x, shift, y, size);
}

void log_in_place(float* x, std::size_t size) { HWY_DYNAMIC_DISPATCH(LogInPlace)(x, size); }

bool all_finite(const float* x, std::size_t size) {
  return HWY_DYNAMIC_DISPATCH(AllFinite)(x, size);
}

bool all_below_infinity(const float* x, std::size_t size) {
  return HWY_DYNAMIC_DISPATCH(AllBelowInfinity)(x, size);
}

std::string instruction_set() { return HWY_DYNAMIC_DISPATCH(InstructionSet)(); }

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    names.emplace_back(hwy::TargetName(target));
  }
  return names;
}

void use_instruction_set(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  int64_t chosen = 0;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (name == hwy::TargetName(target)) chosen = target;
  }
  if (chosen == 0 && !name.empty()) {
    throw SettingsError("this machine or this program lacks the instruction set " + name);
  }
  hwy::SetSupportedTargetsForTest(chosen);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace hmm::compute::cpu
#endif  // HWY_ONCE
