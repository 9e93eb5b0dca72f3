// Reads voices in the .htsvoice format, version 1.0, of HTS and hts_engine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "core/model/voice.h"

namespace hmm {

/// Throws ParseError, naming the file, the place and the reason, when the bytes are not a voice
/// that can be spoken with: a truncated or overlong section, a tree that refers to nothing, numbers
/// that are not finite, variances below 0.
Voice read_htsvoice(std::span<const std::byte> bytes, const std::string& file);

/// As above. Throws NotFoundError when the file cannot be opened.
Voice load_htsvoice(const std::filesystem::path& path);

}  // namespace hmm
