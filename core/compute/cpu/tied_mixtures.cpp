#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/density_tiles.h"
#include "core/compute/cpu/emissions.h"
#include "core/compute/cpu/vector_math.h"

namespace hmm::compute::cpu {
namespace {

constexpr std::size_t kBlock = 32;  // frames at once, so that weights are read once for all of them

// Below this a sum of float32 products has lost what underflowed, and is done again with logs.
constexpr float kSmallestSum = 1e-30F;

/// One codebook's densities are computed once a frame and shifted so that the best is 1; the
/// mixtures of its states are then a matrix product of densities and weights.
class LoadedTiedMixtures final : public Emissions {
 public:
  explicit LoadedTiedMixtures(const TiedMixtures& m)
      : densities_(static_cast<std::size_t>(m.densities)),
        padded_densities_((densities_ + kTileWidth - 1) / kTileWidth * kTileWidth),
        dimension_(static_cast<std::size_t>(m.dimension())) {
    std::size_t first = 0;
    for (const int dimension : m.stream_dimensions) {
      streams_.push_back({first, static_cast<std::size_t>(dimension)});
      first += static_cast<std::size_t>(dimension);
    }
    load_codebooks(m);
    load_weights(m);
  }

  int states() const override { return static_cast<int>(places_.size()); }
  int dimension() const override { return static_cast<int>(dimension_); }

  void score(const ScorePlan& plan, MatrixView frames, MutableMatrixView log_b) const override {
    Scratch scratch(streams_.size(), padded_densities_);
    for (std::size_t t = 0; t < frames.rows; t += kBlock) {
      const std::size_t count = std::min(kBlock, frames.rows - t);
      int32_t codebook = -1;
      for (auto place = plan.places.begin(); place != plan.places.end();) {
        const auto tile = place->tile;
        const auto end = std::find_if(place, plan.places.end(),
                                      [tile](const auto& other) { return other.tile != tile; });
        if (const int32_t c = codebook_of_tile_[static_cast<std::size_t>(tile)]; c != codebook) {
          codebook = c;
          score_codebook(codebook, frames.slice(t, count), scratch);
        }
        score_states({place, end}, count, scratch, log_b.slice(t, count));
        place = end;
      }
    }
  }

 private:
  struct FeatureStream {
    std::size_t first;  // column of a frame
    std::size_t dimension;
  };

  struct Scratch {
    Scratch(std::size_t streams, std::size_t padded_densities)
        : log_densities(streams * kBlock * padded_densities),
          densities(streams * kBlock * padded_densities),
          shifts(streams * kBlock) {}
    std::vector<float> log_densities;  // [F x kBlock x padded K]
    std::vector<float> densities;      // likewise, the best of each frame is 1
    std::vector<float> shifts;         // [F x kBlock], log of what the densities were divided by
    std::array<float, kBlock * kTileWidth> sums;
    std::array<float, kBlock * kTileWidth> log_sums;
    std::array<float, kBlock * kTileWidth> scores;
  };

  void load_codebooks(const TiedMixtures& m) {
    const float* mean = m.means.data();
    const float* variance = m.variances.data();
    for (int c = 0; c < m.codebooks; ++c) {
      for (const FeatureStream& stream : streams_) {
        DensityTiles& tiles = codebooks_.emplace_back(stream.dimension);
        for (std::size_t k = 0; k < densities_; ++k) {
          tiles.append({mean, stream.dimension}, {variance, stream.dimension}, 0);
          mean += stream.dimension;
          variance += stream.dimension;
        }
      }
    }
  }

  // States are put into tiles by codebook.
  void load_weights(const TiedMixtures& m) {
    const std::size_t streams = streams_.size();
    places_.resize(m.codebook_of.size());
    std::vector<int32_t> used(static_cast<std::size_t>(m.codebooks), 0);
    std::vector<int32_t> open_tile(static_cast<std::size_t>(m.codebooks), 0);
    // Tiles of a codebook must be neighbours: count first, then fill.
    for (const int32_t c : m.codebook_of) ++used[static_cast<std::size_t>(c)];
    for (std::size_t c = 0; c < used.size(); ++c) {
      open_tile[c] = static_cast<int32_t>(codebook_of_tile_.size());
      const std::size_t tiles = (static_cast<std::size_t>(used[c]) + kTileWidth - 1) / kTileWidth;
      codebook_of_tile_.insert(codebook_of_tile_.end(), tiles, static_cast<int32_t>(c));
      used[c] = 0;
    }
    weights_.resize(codebook_of_tile_.size() * streams * densities_ * kTileWidth);
    for (std::size_t n = 0; n < places_.size(); ++n) {
      const auto c = static_cast<std::size_t>(m.codebook_of[n]);
      const int32_t rank = used[c]++;
      constexpr auto kWidth = static_cast<int32_t>(kTileWidth);
      places_[n] = {open_tile[c] + rank / kWidth, rank % kWidth, 0};
      for (std::size_t f = 0; f < streams; ++f) {
        const float* row = m.weights.data() + (n * streams + f) * densities_;
        float* tile = weights_of(places_[n].tile, f);
        for (std::size_t k = 0; k < densities_; ++k) {
          tile[k * kTileWidth + static_cast<std::size_t>(places_[n].lane)] = row[k];
        }
      }
    }
  }

  float* weights_of(int32_t tile, std::size_t stream) {
    return weights_.data() +
           (static_cast<std::size_t>(tile) * streams_.size() + stream) * densities_ * kTileWidth;
  }
  const float* weights_of(int32_t tile, std::size_t stream) const {
    return weights_.data() +
           (static_cast<std::size_t>(tile) * streams_.size() + stream) * densities_ * kTileWidth;
  }

  ScorePlan::Place place_of(int32_t state) const override {
    return places_[static_cast<std::size_t>(state)];
  }

  void score_codebook(int32_t codebook, MatrixView frames, Scratch& scratch) const {
    for (std::size_t f = 0; f < streams_.size(); ++f) {
      const DensityTiles& tiles =
          codebooks_[static_cast<std::size_t>(codebook) * streams_.size() + f];
      const MatrixView part(frames.data + streams_[f].first, frames.rows, streams_[f].dimension,
                            frames.stride);
      float* log_densities = scratch.log_densities.data() + f * kBlock * padded_densities_;
      float* densities = scratch.densities.data() + f * kBlock * padded_densities_;
      for (std::size_t tile = 0; tile < tiles.tiles(); ++tile) {
        tiles.score(tile, part, log_densities + tile * kTileWidth, padded_densities_);
      }
      for (std::size_t t = 0; t < frames.rows; ++t) {
        const float* row = log_densities + t * padded_densities_;
        const float high = max_of(row, padded_densities_);
        scratch.shifts[f * kBlock + t] = high;
        exp_shifted(row, high == kLogZero<float> ? 0 : high, densities + t * padded_densities_,
                    padded_densities_);
      }
    }
  }

  // The states of one tile: a sum over densities for each feature stream.
  void score_states(std::span<const ScorePlan::Place> places, std::size_t count, Scratch& scratch,
                    MutableMatrixView log_b) const {
    scratch.scores.fill(0);
    for (std::size_t f = 0; f < streams_.size(); ++f) {
      weigh_tile(scratch.densities.data() + f * kBlock * padded_densities_, padded_densities_,
                 count, densities_, weights_of(places.front().tile, f), scratch.sums.data());
      scratch.log_sums = scratch.sums;
      log_in_place(scratch.log_sums.data(), count * kTileWidth);
      for (std::size_t t = 0; t < count; ++t) {
        const float shift = scratch.shifts[f * kBlock + t];
        for (const ScorePlan::Place& place : places) {
          const std::size_t i = t * kTileWidth + static_cast<std::size_t>(place.lane);
          scratch.scores[i] += scratch.sums[i] < kSmallestSum ? exact_log_sum(place, f, t, scratch)
                                                              : shift + scratch.log_sums[i];
        }
      }
    }
    for (std::size_t t = 0; t < count; ++t) {
      for (const ScorePlan::Place& place : places) {
        log_b(t, static_cast<std::size_t>(place.column)) =
            scratch.scores[t * kTileWidth + static_cast<std::size_t>(place.lane)];
      }
    }
  }

  float exact_log_sum(const ScorePlan::Place& place, std::size_t stream, std::size_t t,
                      const Scratch& scratch) const {
    const float* weights = weights_of(place.tile, stream) + place.lane;
    const float* log_densities =
        scratch.log_densities.data() + (stream * kBlock + t) * padded_densities_;
    double sum = kLogZero<double>;
    for (std::size_t k = 0; k < densities_; ++k) {
      const double weight = weights[k * kTileWidth];
      if (weight > 0) sum = log_add(sum, std::log(weight) + log_densities[k]);
    }
    return static_cast<float>(sum);
  }

  std::size_t densities_;         // K
  std::size_t padded_densities_;  // K rounded up to whole tiles
  std::size_t dimension_;
  std::vector<FeatureStream> streams_;     // [F]
  std::vector<DensityTiles> codebooks_;    // [C x F]
  std::vector<int32_t> codebook_of_tile_;  // of tiles of states
  std::vector<ScorePlan::Place> places_;   // [N]
  std::vector<float> weights_;             // [tiles x F x K x kTileWidth]
};

}  // namespace

std::shared_ptr<const Emissions> load_tied_mixtures(const TiedMixtures& mixtures) {
  mixtures.validate();
  return std::make_shared<LoadedTiedMixtures>(mixtures);
}

}  // namespace hmm::compute::cpu
