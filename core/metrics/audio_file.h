// Samples of audio files.
#pragma once

#include <filesystem>
#include <vector>

namespace hmm {

struct Audio {
  double sample_rate = 0;      // Hz
  std::vector<float> samples;  // one channel, full scale is 1
};

/// Reads WAV, FLAC and what else libsndfile knows; several channels are averaged.
/// Throws NotFoundError for a file that cannot be opened, ParseError for one that is no audio, ends
/// early or holds a NaN.
Audio read_audio(const std::filesystem::path& path);

}  // namespace hmm
