// Baum-Welch training (Rabiner 1989, section III.C; Dempster, Laird and Rubin 1977).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/backend.h"
#include "core/model/hmm.h"

namespace hmm {

struct TrainingOptions {
  int iterations = 20;
  /// Stops when the log-likelihood grows by less than this many nats a frame; 0: never.
  double tolerance = 1e-4;
  /// Variances stay above this share of the variance of all frames in that dimension (diagonal and
  /// spherical covariances); covariance matrices that are not positive definite are not taken over.
  double variance_floor = 0.01;
  /// Components with fewer frames than this keep their parameters.
  double least_occupancy = 1e-3;
  /// One variance for all dimensions of a component of diagonal mixtures.
  bool spherical = false;
  /// Called after each E step with its number, from 0, and the log-likelihood of all frames.
  std::function<void(int iteration, double log_likelihood)> progress = {};
};

struct TrainingReport {
  std::vector<double> log_likelihood;  // before each M step, and of the trained model at last
  bool converged = false;              // the tolerance was reached
};

/// Fits a model to sequences stacked into frames [T x D], `row_splits` [B + 1] as in
/// compute::Backend: initial and transition probabilities and the emissions, diagonal, full, tied
/// and categorical; external scores keep theirs. What is impossible stays impossible; a state that
/// is never visited keeps its parameters; final probabilities are kept.
///
/// The log-likelihood never falls, but for rounding: a fall by more than 1e-5 of its size is an
/// Error, which would be a fault of this library. Throws DataError for a sequence that the model
/// cannot explain, SettingsError for shared codebooks, whose training is not implemented.
TrainingReport train(Hmm& model, MatrixView frames, std::span<const int64_t> row_splits,
                     compute::Backend& backend, const TrainingOptions& options = {});

}  // namespace hmm
