// Splits the text of a model file into lines and the lines into words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// A cursor over the lines of a text file, each without its line end (LF or CR LF).
class TextLines {
 public:
  TextLines(std::span<const std::byte> bytes, std::string file)
      : rest_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), file_(std::move(file)) {}

  /// Moves to the next line. False at the end of the file.
  bool next();
  std::string_view line() const { return line_; }
  /// Number of the line, from 1.
  uint64_t number() const { return number_; }
  const std::string& file() const { return file_; }
  /// Bytes after this line.
  std::size_t remaining() const { return rest_.size(); }

  /// Throws ParseError for the current line.
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  std::string_view rest_;
  std::string_view line_;
  std::string file_;
  uint64_t number_ = 0;
};

/// The words of a line: what stands between spaces and tabs.
std::vector<std::string_view> split_words(std::string_view line);

/// The whole word as a number in C notation, whatever the locale; none for anything else, infinity
/// and NaN included.
std::optional<double> parse_number(std::string_view word);
/// The whole word as a decimal integer from `minimum` to `maximum`.
std::optional<int64_t> parse_integer(std::string_view word, int64_t minimum,
                                     int64_t maximum = std::numeric_limits<int32_t>::max());

/// What a message shows of text from a file: short, and without control characters.
std::string quoted(std::string_view text);

}  // namespace hmm
