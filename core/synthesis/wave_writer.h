// Writes 16-bit mono WAVE files as the samples come.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>

namespace hmm {

class WaveWriter {
 public:
  /// Throws NotFoundError when the file cannot be written.
  WaveWriter(const std::filesystem::path& path, unsigned sample_rate);

  /// Samples of +-32768 at full scale; what is louder is clipped, fractions are cut off. Throws
  /// DataError past 2 GiB, the most that the format's sizes can be trusted with.
  void write(std::span<const double> samples);
  /// Writes the sizes. Throws NotFoundError when the file could not be written in full.
  void finish();

 private:
  void write_header();

  std::filesystem::path path_;
  std::ofstream file_;
  unsigned sample_rate_;
  uint32_t n_sample_ = 0;
};

}  // namespace hmm
