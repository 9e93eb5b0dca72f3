// Models of the Python library pytorch_hmm, from a module's state dict saved as safetensors
// (safetensors.torch.save_file(module.state_dict(), path)).
#pragma once

#include <vector>

#include "core/model/hmm.h"
#include "core/model/io/safetensors.h"

namespace hmm {

struct PytorchHmmOptions {
  /// The library adds 1e-8 to probabilities before it takes logs, so that a forbidden transition is
  /// stored as log 1e-8. Every transition and initial probability at or below this floor becomes
  /// exactly impossible and its row is normalised again. Mixture weights are left alone.
  double floor = 1e-7;
  /// Limits of durations, where the state dict does not have them (SemiMarkovHMM).
  int shortest = 1;
  int longest = 50;
  /// Names of the states; none: their numbers.
  std::vector<std::string> labels = {};
};

/// Recognised by the tensors they have: HMMLayer (external posteriors), GaussianHMMLayer,
/// MixtureGaussianHMMLayer, HSMMLayer, SemiMarkovHMM with Gaussian observations.
///
/// Where the library differs from what it documents, this follows what it computes: a "full"
/// covariance of GaussianHMMLayer is its diagonal; a segment of an HSMM is not followed by one of
/// the same state. Duration densities are integrated over each frame and normalised, which it does
/// not do. ParseError for tensors that do not fit or hold no such model.
Model import_pytorch_hmm(const Safetensors& file, const PytorchHmmOptions& options = {});

}  // namespace hmm
