// Hours of stream through one pipeline: does its memory stay as it is?
#pragma once

#include <functional>

namespace hmm::testing {

struct SoakReading {
  double stream_seconds = 0;
  double resident_mib = 0;
};

/// The process' resident memory now.
double resident_mib();

/// Plays `minutes` of speech with noise and pauses through front end and decoder, as fast as it
/// goes. `listener` hears after every minute of stream. Throws std::runtime_error when the pipeline
/// fails or gives out less than it should.
void soak(int minutes, const std::function<void(const SoakReading&)>& listener);

}  // namespace hmm::testing
