// Captions: SubRip (.srt) and WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format").
#pragma once

#include <string>
#include <string_view>

#include "core/language/labels/labels.h"

namespace hmm {

/// One tier "caption"; the lines of a caption are joined by '\n', its text is kept as it is
/// written. Throws ParseError with the line.
Labels read_srt(std::string_view bytes, const std::string& file);

/// Likewise, without the tags of voices, classes and karaoke times and with character references
/// resolved; NOTE, STYLE and REGION blocks are passed over.
Labels read_webvtt(std::string_view bytes, const std::string& file);

/// The first tier, one caption a label, without the empty ones. An empty line within a caption,
/// which would end it, is left out.
std::string write_srt(const Labels& labels);
std::string write_webvtt(const Labels& labels);

}  // namespace hmm
