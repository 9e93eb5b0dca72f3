// Raw float tracks: float32 frames without a header, as SPTK, HTS and WORLD tools write them.
#pragma once

#include <cstddef>
#include <filesystem>

#include "core/base/matrix.h"

namespace hmm {

/// Little-endian float32, frame after frame: [T x dimension]. Throws NotFoundError; ParseError,
/// with the byte, for NaN and infinity and for a size that is no whole number of frames;
/// SettingsError for a dimension of 0.
Matrix read_float_track(const std::filesystem::path& path, std::size_t dimension);

}  // namespace hmm
