// What was heard and what was decoded, as one picture over time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/matrix.h"
#include "core/language/labels/labels.h"

/// Times in seconds.
struct DecodePicture {
  struct State {
    double start = 0;
    double end = 0;
    int state = 0;
    double confidence = 0;
  };

  std::string title;
  double duration = 0;
  std::vector<float> samples;  // [-1, 1], spread evenly over the duration
  hmm::Matrix log_mel;         // [T x bins], spread evenly over the duration
  hmm::Tier phones;
  std::vector<State> states;

  /// Draws waveform, log-mel spectrogram, phones, states and confidence one below the other.
  /// Throws NotFoundError when the file cannot be written.
  void write_png(const std::filesystem::path& path) const;
};
