// What the readers of line-based formats share: lines with numbers, fields, numbers and times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// A text file's content as UTF-8: a byte order mark is dropped and UTF-16 with one is converted.
/// Throws ParseError, with the line, for text that is neither.
std::string decode_text(std::string_view bytes, const std::string& file);

/// Goes through the lines of a text, LF or CRLF, and knows where it is for error messages.
class TextLines {
 public:
  /// Both must outlive the object; `text` as decode_text() gives it.
  TextLines(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  /// Moves to the next line; false at the end of the text.
  bool next();
  std::string_view line() const { return line_; }
  uint64_t number() const { return number_; }

  /// Throws ParseError for the current line.
  [[noreturn]] void fail(const std::string& reason) const;

  /// A finite decimal number that fills the whole field; `what` names it in the error.
  double number(std::string_view field, std::string_view what) const;
  int64_t integer(std::string_view field, std::string_view what) const;
  /// A time in seconds, as nanoseconds; not negative.
  int64_t seconds(std::string_view field, std::string_view what) const;
  /// A confidence from 0 to 1.
  double confidence(std::string_view field) const;

 private:
  std::string_view rest_;
  std::string_view line_;
  const std::string& file_;
  uint64_t number_ = 0;
};

/// The parts of a line between spaces and tabs.
std::vector<std::string_view> split_fields(std::string_view line);

std::string_view trim(std::string_view text);

/// Nanoseconds of a time in seconds, rounded.
int64_t nanoseconds(double seconds);

/// Seconds with as few decimals as give the nanoseconds back: "1.5", "0".
std::string format_seconds(int64_t nanoseconds);
/// Seconds with exactly `decimals` (0 to 9), rounded.
std::string format_seconds(int64_t nanoseconds, int decimals);

}  // namespace hmm
