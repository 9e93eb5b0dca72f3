// Global variance (GV): restores the liveliness that maximum-likelihood trajectories lack.
#pragma once

#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/synthesis/trajectory_solver.h"
#include "core/synthesis/voice_blend.h"

namespace hmm {

/// Brings the variance of each dimension of a trajectory [T x D] towards that of natural utterances
/// (Toda and Tokuda 2007): frames with `counted` [T] are stretched about their mean so that the
/// variance is the expected one, then five gradient steps (first of 0.1, then x1.2 or x0.5) weigh
/// it against the likelihood of the trajectory. As in hts_engine, the variance of the GV multiplies
/// its term where the paper divides by it. `solver` holds the equations of all T frames. A
/// dimension that does not vary stays as it is.
void apply_global_variance(const TrajectorySolver& solver, const GlobalVariance& target,
                           const std::vector<char>& counted, BasicMatrix<double>& trajectory);

}  // namespace hmm
