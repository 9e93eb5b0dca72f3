// Checks of what a caller hands to a backend, the same for every backend.
#pragma once

#include <span>

#include "core/compute/backend.h"

namespace hmm::compute {

/// All of these throw SettingsError, saying what does not fit.
void check_score_arguments(const LoadedEmissions& emissions, ConstRows frames,
                           std::span<const int32_t> active, Rows log_b);
void check_forward_backward_arguments(const Transitions& transitions,
                                      std::span<const int64_t> row_splits, ConstRows log_b,
                                      const ForwardBackwardOutput& output);
void check_viterbi_arguments(const Transitions& transitions, std::span<const int64_t> row_splits,
                             ConstRows log_b, std::span<int32_t> path, std::span<double> score);
/// That transitions lead from segment to segment of states with these durations.
void check_segments(const Transitions& transitions, const Durations& durations);
void check_hsmm_arguments(const Transitions& transitions, const Durations& durations,
                          std::span<const int64_t> row_splits, ConstRows log_b,
                          const HsmmOutput& output);
void check_copy_arguments(ConstRows from, Rows to);
void check_stream_options(const StreamOptions& options, int states);

}  // namespace hmm::compute
