// Models for the usual tasks, ready to be trained.
//
// Means are drawn from a standard normal by a fixed seed and variances are 1: every state differs
// from every other, which is what EM needs to start from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/hmm.h"

namespace hmm {

struct FactoryOptions {
  int dimension = 80;  // D of a frame
  int components = 4;  // Gaussians a state
  uint64_t seed = 0;
};

/// Recognition: any label may follow any other, each a left-to-right stretch of three states with
/// Gaussian mixtures.
Hmm recognition_model(const std::vector<std::string>& labels, const FactoryOptions& options = {});

/// Synthesis: a semi-Markov model of one state a phone with one Gaussian each and gamma durations
/// of 10 frames on average, up to 50.
Hsmm synthesis_model(const std::vector<std::string>& phones, const FactoryOptions& options = {});

/// Real time: a circle of states with one Gaussian each and no look-back but to the neighbour, the
/// least work a frame.
Hmm realtime_model(int states, const FactoryOptions& options = {});

/// The phones of Korean as synthesis models name them: silence, vowels, then consonants, plain,
/// aspirated (h after the letter) and tense (the letter twice).
std::vector<std::string> korean_phones();

/// Left-to-right topologies for ways of speaking: "normal", "slow", "fast" (drops states),
/// "emotional" (varied). SettingsError for any other.
compute::Transitions speech_topology(int states, std::string_view style);

}  // namespace hmm
