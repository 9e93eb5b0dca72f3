// Labels as comma-separated values (RFC 4180) with a heading line.
#pragma once

#include <string>
#include <string_view>

#include "core/language/labels/labels.h"

namespace hmm {

/// The heading names the columns, in any order and case: "start" or "begin"; "end" or "duration";
/// "label", "text", "word" or "phone"; and, where there are any, "tier" or "type", "confidence".
/// Times are in seconds. Throws ParseError with the line.
Labels read_csv_labels(std::string_view bytes, const std::string& file);

/// Columns tier, start, end, label, confidence.
std::string write_csv_labels(const Labels& labels);

}  // namespace hmm
