#include <algorithm>

#include "core/compute/cpu/density_tiles.h"
#include "core/compute/cpu/emissions.h"

namespace hmm::compute::cpu {
namespace {

constexpr std::size_t kBlock = 32;  // frames at once: their densities stay in the nearest cache

/// Densities of kTileWidth states at a time, component by component, so that the components of a
/// state lie in the same lane and few states leave no lanes empty.
class LoadedGaussianMixtures final : public Emissions {
 public:
  explicit LoadedGaussianMixtures(const GaussianMixtures& m)
      : states_(m.states),
        components_(static_cast<std::size_t>(m.components)),
        dimension_(static_cast<std::size_t>(m.dimension)),
        densities_(dimension_) {
    const auto states = static_cast<std::size_t>(states_);
    for (std::size_t first = 0; first < states; first += kTileWidth) {
      const std::size_t width = std::min(kTileWidth, states - first);
      first_tile_.push_back(densities_.tiles());
      for (std::size_t k = 0; k < components_; ++k) {
        for (std::size_t n = first; n < first + width; ++n) {
          const std::size_t row = n * components_ + k;
          densities_.append({m.means.data() + row * dimension_, dimension_},
                            {m.variances.data() + row * dimension_, dimension_},
                            m.log_weights[row]);
        }
      }
      densities_.finish_tile();
    }
    first_tile_.push_back(densities_.tiles());
  }

  int states() const override { return states_; }
  int dimension() const override { return static_cast<int>(dimension_); }

  void score(const ScorePlan& plan, MatrixView frames, MutableMatrixView log_b) const override {
    const std::size_t stride = components_ * kTileWidth;
    std::vector<float> densities(kBlock * stride + kTileWidth);
    float scores[kTileWidth];
    for (std::size_t t = 0; t < frames.rows; t += kBlock) {
      const MatrixView block = frames.slice(t, std::min(kBlock, frames.rows - t));
      for (auto place = plan.places.begin(); place != plan.places.end();) {
        const auto group = place->tile;
        const auto end = std::find_if(place, plan.places.end(),
                                      [group](const auto& other) { return other.tile != group; });
        const std::size_t width = score_densities(group, block, densities.data(), stride);
        for (std::size_t i = 0; i < block.rows; ++i) {
          sum_components(densities.data() + i * stride, width, components_, scores);
          for (auto p = place; p != end; ++p) {
            log_b(t + i, static_cast<std::size_t>(p->column)) = scores[p->lane];
          }
        }
        place = end;
      }
    }
  }

 private:
  ScorePlan::Place place_of(int32_t state) const override {
    constexpr auto kWidth = static_cast<int32_t>(kTileWidth);
    return {state / kWidth, state % kWidth, 0};
  }

  // All densities of a group of states; returns how many states the group has.
  std::size_t score_densities(int32_t group, MatrixView block, float* out,
                              std::size_t stride) const {
    const auto g = static_cast<std::size_t>(group);
    for (std::size_t tile = first_tile_[g]; tile < first_tile_[g + 1]; ++tile) {
      densities_.score(tile, block, out + (tile - first_tile_[g]) * kTileWidth, stride);
    }
    return std::min(kTileWidth, static_cast<std::size_t>(states_) - g * kTileWidth);
  }

  int states_;
  std::size_t components_;
  std::size_t dimension_;
  DensityTiles densities_;
  std::vector<std::size_t> first_tile_;  // [groups of states + 1]
};

}  // namespace

std::shared_ptr<const Emissions> load_gaussian_mixtures(const GaussianMixtures& mixtures) {
  mixtures.validate();
  return std::make_shared<LoadedGaussianMixtures>(mixtures);
}

}  // namespace hmm::compute::cpu
