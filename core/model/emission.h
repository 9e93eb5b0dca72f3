// What the states of a model emit.
//
// Every kind turns frames [T x D] into log b [T x N]; the kinds that a backend knows are scored
// there, the others here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/base/matrix.h"
#include "core/base/random.h"
#include "core/compute/backend.h"
#include "core/model/full_mixtures.h"

namespace hmm {

/// Discrete symbols: a frame is one number, the symbol, 0 .. symbols - 1.
struct Categorical {
  int states = 0;                        // N
  int symbols = 0;                       // M
  std::vector<float> log_probabilities;  // [N x M], -infinity for impossible

  bool operator==(const Categorical&) const = default;
  void validate() const;
};

/// Scores that come from elsewhere, one a state: a neural network, another element.
struct ExternalScores {
  enum class Kind : uint8_t {
    kLogLikelihood,  // log b itself
    kLogPosterior,   // log P(state | frame)
    kPosterior       // P(state | frame)
  };
  int states = 0;  // N, also the dimension of a frame
  Kind kind = Kind::kLogLikelihood;
  /// [N] P(state), by which posteriors are divided (Bourlard and Morgan 1994); empty: all equal.
  std::vector<float> priors;
  float scale = 1;  // log b is multiplied by this (an acoustic scale)

  bool operator==(const ExternalScores&) const = default;
  void validate() const;
};

/// Diagonal and spherical covariances are GaussianMixtures (spherical: equal variances), full and
/// tied ones FullMixtures, shared codebooks TiedMixtures.
using Emission = std::variant<compute::GaussianMixtures, compute::TiedMixtures, FullMixtures,
                              Categorical, ExternalScores>;

/// "diagonal", "spherical", "shared-codebook", "full", "tied", "categorical", "external".
std::string kind_of(const Emission& emission);
int states_of(const Emission& emission);
/// Values a frame, D; 1 for symbols.
int dimension_of(const Emission& emission);
/// Throws SettingsError with what is wrong.
void validate(const Emission& emission);

/// Mixtures whose components have one variance each for all dimensions.
compute::GaussianMixtures spherical_mixtures(int states, int components, int dimension,
                                             std::vector<float> means,
                                             std::span<const float> variances,
                                             std::vector<float> log_weights);

/// Emissions ready to score frames, loaded once. Safe to use from several threads at once.
class EmissionScorer {
 public:
  EmissionScorer(const Emission& emission, compute::Backend& backend);
  ~EmissionScorer();

  int states() const { return states_; }
  int dimension() const { return dimension_; }
  /// log b [T x N]. DataError that names the frame for a NaN, an infinity (-infinity is a possible
  /// external log score), a symbol that does not exist, and for a dimension that does not fit.
  Matrix score(MatrixView frames) const;

  /// For compute::Backend::open(); null when a stream takes the rows of score() instead.
  std::shared_ptr<const compute::LoadedEmissions> loaded() const { return loaded_; }

 private:
  struct Kind;

  compute::Backend& backend_;
  int states_;
  int dimension_;
  std::shared_ptr<const compute::LoadedEmissions> loaded_;
  std::unique_ptr<const Kind> kind_;  // of what the backend does not load
};

/// Draws frames. SettingsError for external scores, which describe no frames.
class EmissionSampler {
 public:
  explicit EmissionSampler(const Emission& emission);
  /// One frame of that state, [D].
  void draw(int state, Random& random, std::span<float> frame) const;

 private:
  const Emission& emission_;
  std::vector<double> factors_;  // of full covariances
};

}  // namespace hmm
