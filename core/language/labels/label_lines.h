// What the readers of line-based formats share: lines with numbers, fields, numbers and times.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/model/io/text_lines.h"

namespace hmm {

/// Seconds. Later times are damage; sums of times before it fit in 64 bits of nanoseconds.
constexpr double kLongestRecording = 1e9;

/// A text file's content as UTF-8: a byte order mark is dropped and UTF-16 with one is converted.
/// Throws ParseError, with the line, for text that is neither.
std::string decode_text(std::string_view bytes, const std::string& file);

/// The lines of a label file, and what their fields say.
class LabelLines : public TextLines {
 public:
  /// `text`, as decode_text() gives it, must outlive the object.
  LabelLines(std::string_view text, const std::string& file)
      : TextLines(std::as_bytes(std::span(text)), file) {}

  using TextLines::number;
  /// A finite decimal number that fills the whole field; `what` names it in the error.
  double number(std::string_view field, std::string_view what) const;
  int64_t integer(std::string_view field, std::string_view what) const;
  /// A time in seconds, as nanoseconds; not negative.
  int64_t seconds(std::string_view field, std::string_view what) const;
  /// A confidence from 0 to 1.
  double confidence(std::string_view field) const;
};

std::string_view trim(std::string_view text);

/// Nanoseconds of a time in seconds, rounded.
int64_t nanoseconds(double seconds);

/// Seconds with as few decimals as give the nanoseconds back: "1.5", "0".
std::string format_seconds(int64_t nanoseconds);
/// Seconds with exactly `decimals` (0 to 9), rounded.
std::string format_seconds(int64_t nanoseconds, int decimals);

}  // namespace hmm
