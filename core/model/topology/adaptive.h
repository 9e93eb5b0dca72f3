// Topologies whose probabilities follow a context or attention weights.
//
// Both reweight the arcs of a base topology and never add one: what the base forbids stays exactly
// impossible, and a state with a single way on keeps it. The result holds for a whole sequence, or
// until the next context is given.
#pragma once

#include <span>

#include "core/base/matrix.h"
#include "core/model/topology/builder.h"

namespace hmm::topology {

/// a'_ij = m_i a_ij exp(logit_ij) / sum_k a_ik exp(logit_ik), m_i the mass of row i's arcs.
/// `arc_logits` [arcs] follow the order of `base.arcs`. One that is not finite is a DataError.
Transitions reweighted(const Transitions& base, std::span<const float> arc_logits);

/// Transition probabilities that are a log-linear function of a context vector (a speaker, a style,
/// a speaking rate): logit_ij = w_ij . context.
class ContextAdaptive {
 public:
  /// `weights` is [arcs x C]. SettingsError when its rows are not the arcs of `base`.
  ContextAdaptive(Transitions base, Matrix weights);

  int context_dimension() const { return static_cast<int>(weights_.columns()); }
  /// The topology under `context` [C]; a vector of zeros gives the base.
  Transitions transitions(std::span<const float> context) const;

 private:
  Transitions base_;
  Matrix weights_;
};

/// Scaled dot-product attention between states as transition probabilities (Vaswani et al. 2017,
/// eq. 1): logit_ij = sharpness q_i . k_j / sqrt(E), from one query [N x E] for what a state looks
/// for next and one key [N x E] for what it offers. Over an ergodic base with equal probabilities
/// the rows are the attention weights themselves; over a left-to-right base they are masked by it.
Transitions attention_based(const Transitions& base, MatrixView queries, MatrixView keys,
                            double sharpness = 1);

}  // namespace hmm::topology
