// How many frames each state lasts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hmm {

/// The most likely durations: each mean rounded, at least one frame.
/// Means [N] in frames -> durations [N].
std::vector<uint32_t> most_likely_durations(std::span<const double> means);

/// Durations [N] that sum to `total` frames: mean + rho * variance with one rho for all states
/// (Yoshimura et al. 1998), rounded, then frames given to or taken from the states where that costs
/// the least, as hts_engine does. States never fall below one frame, so the sum is larger when
/// `total` is below N. Variances are above 0.
std::vector<uint32_t> durations_of_total(std::span<const double> means,
                                         std::span<const double> variances, uint64_t total);

/// A length in frames, rounded to a whole number and at least 1. Throws DataError above 2^31.
uint64_t round_frames(double frames);

}  // namespace hmm
