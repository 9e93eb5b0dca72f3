// Whether one recogniser is really better than another on the same utterances.
//
// Bisani and Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance
// evaluation".
#pragma once

#include <cstdint>
#include <span>

namespace hmm {

/// Errors of two systems on one utterance. Their reference words differ only where alternatives of
/// different length were taken.
struct PairedErrors {
  int64_t errors_a = 0;
  int64_t words_a = 0;
  int64_t errors_b = 0;
  int64_t words_b = 0;
};

struct BootstrapOptions {
  int samples = 10'000;
  double confidence = 0.95;
  uint64_t seed = 1;  // the same seed gives the same result on every machine
};

struct BootstrapResult {
  double rate_a = 0;
  double rate_b = 0;
  double difference = 0;  // rate_b - rate_a: below 0 when b is better
  double low = 0;         // the difference lies from low to high with the confidence asked for
  double high = 0;
  double probability_of_improvement = 0;  // share of samples in which b makes fewer errors
};

/// Draws utterances with replacement, the same for both systems.
/// Throws DataError for no utterances or no reference words, SettingsError for less than one sample
/// or a confidence that is not between 0 and 1.
BootstrapResult paired_bootstrap(std::span<const PairedErrors> utterances,
                                 const BootstrapOptions& options = {});

}  // namespace hmm
