// Topologies that are drawn with a few numbers.
//
// Every builder here gives arcs whose rows sum to 1; what it does not name is exactly impossible.
// The left-to-right ones start in state 0, must end in their last state, and never leave it.
// Probabilities out of range and state counts below 1 are a SettingsError.
#pragma once

#include <span>
#include <vector>

#include "core/model/topology/builder.h"

namespace hmm::topology {

/// Every state leads to every other, equally likely; at most 4096 states.
Transitions ergodic(int states, double self_loop = 0.5);

/// Each state leads to the next and the last to the first; starts and ends anywhere.
Transitions circular(int states, double self_loop = 0.7);

/// Stay or move on to the next state (Bakis without skips).
Transitions left_to_right(int states, double self_loop = 0.7);

/// Stay, move on, or leave out one state. The three are divided by their sum where fewer states are
/// left.
Transitions left_to_right_skip(int states, double self_loop = 0.6, double forward = 0.3,
                               double skip = 0.1);

/// Like left_to_right_skip(), with jumps of 2 to `longest_jump` states that share `skip` in
/// proportion to 1 / jump: fast speech that drops phones.
Transitions skip_state(int states, int longest_jump = 2, double self_loop = 0.6,
                       double forward = 0.3, double skip = 0.1);

/// One left-to-right stretch of `states_per_phone` states for each phone; a phone's states share
/// its mean duration (in frames) equally, each with the self-loop 1 - 1 / mean that gives it.
/// A mean below one frame a state is a SettingsError.
Transitions phone_aware(std::span<const double> mean_durations, int states_per_phone = 1);

/// The frames of an F0 contour (Hz; 0 or less where unvoiced) divided into `states` stretches, each
/// as straight in log F0 as possible: the division with the least squared error (Bellman 1961),
/// unvoiced gaps bridged by a line. Lengths in frames sum to the contour's. Contours longer than
/// 1000 frames are divided on a grid of 1000 points.
std::vector<int> prosodic_stretches(std::span<const float> f0, int states);

/// Left-to-right, one state for each prosodic stretch with that stretch's length as its mean
/// duration: tones and accents of a reference contour set the pace.
Transitions prosody_aware(std::span<const float> f0, int states);

}  // namespace hmm::topology
