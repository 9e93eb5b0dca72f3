// Emission parameters in the layout of the CPU's kernels.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/backend.h"

namespace hmm::compute::cpu {

/// Which states a caller wants, sorted by the tiles of kTileWidth states that are computed at once.
struct ScorePlan {
  struct Place {
    int32_t tile = 0;
    int32_t lane = 0;    // of the state within its tile
    int32_t column = 0;  // of the result
  };
  std::vector<Place> places;  // sorted by tile
};

class Emissions : public LoadedEmissions {
 public:
  /// A plan for the given states, which exist, in their order; none given: all.
  ScorePlan plan(std::span<const int32_t> active) const;

  /// log b [T x plan.places.size()] of frames that are known to be finite.
  virtual void score(const ScorePlan& plan, MatrixView frames, MutableMatrixView log_b) const = 0;

 protected:
  /// Where a state is computed: tile and lane; the column is not used.
  virtual ScorePlan::Place place_of(int32_t state) const = 0;
};

std::shared_ptr<const Emissions> load_gaussian_mixtures(const GaussianMixtures& mixtures);
std::shared_ptr<const Emissions> load_tied_mixtures(const TiedMixtures& mixtures);

}  // namespace hmm::compute::cpu
