#include "core/synthesis/wave_writer.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"

namespace hmm {

namespace {

constexpr uint32_t kMostSamples = 0x3fffff00;

void append(std::string& bytes, uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

WaveWriter::WaveWriter(const std::filesystem::path& path, unsigned sample_rate)
    : path_(path), file_(path, std::ios::binary), sample_rate_(sample_rate) {
  if (!file_) throw NotFoundError(path.string() + " cannot be written");
  write_header();
}

void WaveWriter::write_header() {
  std::string header = "RIFF";
  append(header, 36 + 2 * n_sample_, 4);
  header += "WAVEfmt ";
  append(header, 16, 4);
  append(header, 1, 2);  // PCM
  append(header, 1, 2);  // channels
  append(header, sample_rate_, 4);
  append(header, 2 * sample_rate_, 4);
  append(header, 2, 2);   // bytes a frame
  append(header, 16, 2);  // bits a sample
  header += "data";
  append(header, 2 * n_sample_, 4);
  file_.write(header.data(), static_cast<std::streamsize>(header.size()));
}

void WaveWriter::write(std::span<const double> samples) {
  if (samples.size() > kMostSamples - n_sample_) {
    throw DataError(path_.string() + " would grow past 2 GiB, too long for a WAVE file");
  }
  std::string bytes;
  for (const double sample : samples) {
    const auto value = static_cast<int16_t>(std::clamp(sample, -32768.0, 32767.0));
    append(bytes, static_cast<uint16_t>(value), 2);
  }
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  n_sample_ += static_cast<uint32_t>(samples.size());
}

void WaveWriter::finish() {
  file_.seekp(0);
  write_header();
  file_.close();
  if (!file_) throw NotFoundError(path_.string() + " could not be written in full");
}

}  // namespace hmm
