// Praat TextGrid, long and short (Praat manual, "TextGrid file formats").
#pragma once

#include <string>
#include <string_view>

#include "core/language/labels/labels.h"

namespace hmm {

/// Reads either form, UTF-8 or UTF-16. Like Praat it takes the free-standing numbers, quoted texts
/// and flags and skips everything else, so that files of other programs read too.
/// Throws ParseError with the line.
Labels read_textgrid(std::string_view bytes, const std::string& file);

enum class TextGridForm { kLong, kShort };

/// Gaps between labels become empty intervals. Throws DataError for labels that overlap, which a
/// TextGrid cannot hold.
std::string write_textgrid(const Labels& labels, TextGridForm form);

}  // namespace hmm
