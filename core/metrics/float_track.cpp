#include "core/metrics/float_track.h"

#include <bit>
#include <cmath>
#include <string>

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace hmm {

Matrix read_float_track(const std::filesystem::path& path, std::size_t dimension) {
  if (dimension == 0) throw SettingsError("a track has at least 1 value a frame");
  const MappedFile file(path);
  ByteReader reader(file.bytes(), path.string());
  reader.swap_bytes(std::endian::native == std::endian::big);
  const std::size_t size = reader.remaining();
  if (size % sizeof(float) != 0 || size / sizeof(float) % dimension != 0) {
    reader.seek(size);
    reader.fail("the file does not hold a whole number of frames of " + std::to_string(dimension) +
                " float32 values");
  }
  const auto values = reader.read_array<float>(size / sizeof(float), "a track");
  Matrix track(values.size() / dimension, dimension);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      reader.seek(i * sizeof(float));
      reader.fail("the track holds a NaN or an infinity");
    }
    track.data()[i] = values[i];
  }
  return track;
}

}  // namespace hmm
