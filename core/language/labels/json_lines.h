// Labels as JSON lines: PocketSphinx's output and ours. Times are in seconds.
#pragma once

#include <string>
#include <string_view>

#include "core/language/labels/labels.h"

namespace hmm {

/// Ours has a label a line:
///   {"tier": "word", "start": 0.12, "duration": 0.3, "label": "go", "confidence": 0.93}
/// ("end" for "duration" reads too; without "tier" it is "label"). PocketSphinx has an utterance a
/// line: b, d, p and t are start, duration, posterior and text, w is the list of the same one level
/// down; the levels become the tiers "utterance", "word", "phone" and "state".
/// Throws ParseError with the line.
Labels read_json_lines(std::string_view bytes, const std::string& file);

std::string write_json_lines(const Labels& labels);

}  // namespace hmm
