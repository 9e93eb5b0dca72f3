#include "core/metrics/audio_file.h"

#include <sndfile.h>

#include <cmath>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"

namespace hmm {

Audio read_audio(const std::filesystem::path& path) {
  { const MappedFile readable(path); }
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(::sf_open(path.c_str(), SFM_READ, &info),
                                                         ::sf_close);
  if (!file) throw ParseError(path.string(), "audio", ::sf_strerror(nullptr));
  const auto channels = static_cast<std::size_t>(info.channels);
  Audio audio{static_cast<double>(info.samplerate), {}};
  std::vector<float> block(4096 * channels);
  for (;;) {
    const sf_count_t frames = ::sf_readf_float(file.get(), block.data(), 4096);
    if (frames <= 0) break;
    for (std::size_t t = 0; t < static_cast<std::size_t>(frames); ++t) {
      float sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += block[t * channels + c];
      const float sample = sum / static_cast<float>(channels);
      if (!std::isfinite(sample)) {
        throw ParseError(path.string(), "sample " + std::to_string(audio.samples.size()),
                         "the audio holds a NaN or an infinity");
      }
      audio.samples.push_back(sample);
    }
  }
  if (::sf_error(file.get()) != SF_ERR_NO_ERROR) {
    throw ParseError(path.string(), "audio", ::sf_strerror(file.get()));
  }
  if (info.frames != SF_COUNT_MAX && audio.samples.size() < static_cast<std::size_t>(info.frames)) {
    throw ParseError(path.string(), "sample " + std::to_string(audio.samples.size()),
                     "the audio ends early");
  }
  return audio;
}

}  // namespace hmm
