// What a model is made of, in the form that every backend loads.
//
// Plain data, checked once by validate(); core/model builds it and owns it. Probabilities of
// transitions and mixture weights in `log_` fields are natural logs with -infinity for impossible.
#pragma once

#include <cstdint>
#include <vector>

namespace hmm::compute {

/// Mixtures of Gaussians with diagonal covariance, one mixture a state:
/// log b_n(x) = log sum_k w_nk N(x; mean_nk, diag(variance_nk)).
struct GaussianMixtures {
  int states = 0;                  // N
  int components = 0;              // K, the largest number of any state
  int dimension = 0;               // D
  std::vector<float> means;        // [N x K x D]
  std::vector<float> variances;    // [N x K x D], above 0
  std::vector<float> log_weights;  // [N x K], -infinity for a component that a state lacks

  /// Throws SettingsError for sizes that do not fit each other and values that are not allowed.
  void validate() const;
};

/// Mixtures whose Gaussians are shared: C codebooks, each with F feature streams of K densities.
/// A state takes all densities of its codebook with weights of its own; streams multiply:
/// log b_n(x) = sum_f log sum_k w_nfk N(x_f; mean_cfk, diag(variance_cfk)), c = codebook_of[n].
/// One codebook is a semi-continuous model, one a phone a phonetically tied one.
struct TiedMixtures {
  int codebooks = 0;                   // C
  int densities = 0;                   // K
  std::vector<int> stream_dimensions;  // [F]; a frame is the F parts one after another
  std::vector<float> means;            // per codebook, stream and density: stream_dimensions[f]
  std::vector<float> variances;        // likewise, above 0
  std::vector<float> weights;          // [N x F x K], each row of K sums to 1
  std::vector<int32_t> codebook_of;    // [N]

  int states() const { return static_cast<int>(codebook_of.size()); }
  int dimension() const;
  void validate() const;
};

/// A sparse Markov chain over N states, and which emission each of them reads.
struct Transitions {
  struct Arc {
    int32_t source = 0;
    int32_t target = 0;
    float log_probability = 0;
    bool operator==(const Arc&) const = default;
  };

  int states = 0;                  // N
  std::vector<float> log_initial;  // [N]
  std::vector<float> log_final;  // [N], added when a sequence ends in that state; 0: may end there
  std::vector<Arc> arcs;  // at most one for each (source, target), sorted by (target, source)
  std::vector<int32_t>
      emission_of;  // [N], column of the emission scores; empty: state n reads column n

  /// How many columns of emission scores the states read.
  int emissions() const;
  void validate() const;
};

/// How long each state lasts, for a semi-Markov chain (HSMM): with them, Transitions are those
/// between segments, and a state does not follow itself.
struct Durations {
  int states = 0;              // N
  int longest = 0;             // D
  std::vector<float> log_pmf;  // [N x D], element d - 1: log P(a segment lasts d frames)
  /// A sequence may end within a segment, which then has the probability of lasting at least as
  /// long as it did; otherwise the last frame must complete its segment.
  bool last_unfinished = false;

  void validate() const;
};

}  // namespace hmm::compute
