#include "core/compute/cpu/emissions.h"

#include <algorithm>
namespace hmm::compute::cpu {

ScorePlan Emissions::plan(std::span<const int32_t> active) const {
  const auto count = active.empty() ? states() : static_cast<int>(active.size());
  ScorePlan plan;
  plan.places.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) {
    const int32_t state = active.empty() ? column : active[static_cast<std::size_t>(column)];
    plan.places.push_back(place_of(state));
    plan.places.back().column = column;
  }
  std::stable_sort(plan.places.begin(), plan.places.end(),
                   [](const auto& a, const auto& b) { return a.tile < b.tile; });
  return plan;
}

}  // namespace hmm::compute::cpu
