#include "core/frontend/deltas.h"

#include <algorithm>
#include <cassert>

namespace hmm {
namespace {

constexpr int kSphinxReach = 3;

}  // namespace

Deltas::Deltas(const FrontEndConfig& config)
    : kind_(config.deltas),
      dimension_(static_cast<std::size_t>(config.static_dimension())),
      window_(config.deltas == DeltaKind::regression ? config.delta_window : kSphinxReach) {
  const int orders = kind_ == DeltaKind::regression ? config.delta_order : 0;
  levels_.assign(static_cast<std::size_t>(orders) + 1, Level(dimension_));
  int squares = 0;
  for (int k = 1; k <= window_; ++k) squares += k * k;
  slope_scale_ = 1 / static_cast<float>(2 * squares);
}

void Deltas::reset() {
  for (Level& level : levels_) level = Level(dimension_);
  next_ = 0;
}

const float* Deltas::Level::nearest(int64_t t) const {
  return frames[static_cast<std::size_t>(std::clamp(t, first, end() - 1) - first)].data();
}

void Deltas::Level::drop_before(int64_t t) {
  if (t <= first) return;
  frames.pop(static_cast<std::size_t>(t - first));
  first = t;
}

void Deltas::push(std::span<const float> frame, FrameQueue& out) {
  assert(frame.size() == dimension_);
  if (kind_ == DeltaKind::none) {
    std::ranges::copy(frame, out.append().begin());
    return;
  }
  std::ranges::copy(frame, levels_[0].frames.append().begin());
  advance(false, out);
}

void Deltas::flush(FrameQueue& out) {
  if (kind_ != DeltaKind::none) advance(true, out);
  reset();
}

void Deltas::advance(bool ended, FrameQueue& out) {
  const auto is_known = [&](const Level& level, int64_t t, int reach) {
    return t + (ended ? 0 : reach) < level.end();
  };
  for (std::size_t order = 1; order < levels_.size(); ++order) {
    Level& from = levels_[order - 1];
    Level& to = levels_[order];
    while (is_known(from, to.end(), window_)) append_slope(from, to.end(), to);
  }
  const int reach = kind_ == DeltaKind::sphinx ? kSphinxReach : 0;
  for (; is_known(levels_.back(), next_, reach); ++next_) {
    const std::span<float> frame = out.append();
    kind_ == DeltaKind::sphinx ? write_sphinx(frame) : write_levels(frame);
  }
  for (Level& level : levels_) level.drop_before(next_ - window_);
}

void Deltas::append_slope(const Level& from, int64_t t, Level& to) const {
  const std::span<float> slope = to.frames.append();
  std::ranges::fill(slope, 0.0F);
  for (int k = 1; k <= window_; ++k) {
    const float* after = from.nearest(t + k);
    const float* before = from.nearest(t - k);
    for (std::size_t i = 0; i < dimension_; ++i)
      slope[i] += static_cast<float>(k) * (after[i] - before[i]);
  }
  for (float& value : slope) value *= slope_scale_;
}

void Deltas::write_sphinx(std::span<float> frame) const {
  const Level& c = levels_[0];
  const auto at = [&](int offset) { return c.nearest(next_ + offset); };
  const float *c_0 = at(0), *c_1 = at(1), *c_2 = at(2), *c_3 = at(3);
  const float *b_1 = at(-1), *b_2 = at(-2), *b_3 = at(-3);
  for (std::size_t i = 0; i < dimension_; ++i) {
    frame[i] = c_0[i];
    frame[dimension_ + i] = c_2[i] - b_2[i];
    frame[2 * dimension_ + i] = (c_3[i] - b_1[i]) - (c_1[i] - b_3[i]);
  }
}

void Deltas::write_levels(std::span<float> frame) const {
  for (std::size_t order = 0; order < levels_.size(); ++order)
    std::copy_n(levels_[order].nearest(next_), dimension_,
                frame.begin() + static_cast<std::ptrdiff_t>(order * dimension_));
}

}  // namespace hmm
