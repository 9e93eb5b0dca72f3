// Topologies put together from smaller ones: words over phones, durations over states.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/model/topology/builder.h"

namespace hmm::topology {

/// A word as the phones it is made of, and how likely it is to be said.
struct Word {
  std::vector<int32_t> phones;
  double probability = 1;
};

struct HierarchyOptions {
  int states_per_phone = 3;
  double self_loop = 0.7;
  bool repeat = true;  // after a word comes another; otherwise its last state stays to the end
};

/// Words over phones over states. State n reads the emission of (phone, place in the phone), so
/// that all occurrences of a phone share their emissions; each word is a left-to-right chain.
struct Hierarchy {
  Transitions transitions;
  std::vector<int32_t> word_of;   // [N]
  std::vector<int32_t> phone_of;  // [N], the position of the phone in its word
};

/// `phones` is how many phones there are. `bigrams` [W x W] (P(next | word), rows need not be
/// normalised) replaces the words' own probabilities after the first word. SettingsError for a word
/// with no phone or with one that does not exist.
Hierarchy hierarchical(std::span<const Word> words, int phones,
                       const HierarchyOptions& options = {}, MatrixView bigrams = {});

/// How sequences may end once states have durations.
enum class LastSegment : uint8_t {
  kComplete,   // at the end of a segment: its duration counts in full
  kUnfinished  // within a segment: it has lasted d frames or would have lasted longer
};

/// A semi-Markov model written out as an equal Markov model: state n becomes a chain of as many
/// states as it can last frames, all of which read its emission. `segments` are the transitions
/// between segments, `log_durations[n][d - 1]` = log P(D = d) in state n, normalised.
Transitions with_durations(const Transitions& segments,
                           std::span<const std::vector<double>> log_durations,
                           LastSegment last = LastSegment::kComplete);

/// Left-to-right over `states` states, each of which lasts `shortest` to `longest` frames: once it
/// may, it is left with probability `leave` a frame, and at the latest after `longest`.
Transitions duration_constrained(int states, int shortest, int longest, double leave = 0.3);

}  // namespace hmm::topology
