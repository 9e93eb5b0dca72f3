// Reads binary files that may be truncated, corrupt or hostile.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hmm {

/// A cursor over a file's bytes. Every read is checked: past the end is a ParseError that names the
/// file, the offset and what was being read. The bytes must outlive the reader.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string file)
      : bytes_(bytes), file_(std::move(file)) {}

  std::size_t offset() const { return offset_; }
  std::size_t remaining() const { return bytes_.size() - offset_; }
  const std::string& file() const { return file_; }

  /// Numbers read from now on are stored in the byte order that this machine does not use.
  void swap_bytes(bool swap) { swap_ = swap; }
  bool swaps_bytes() const { return swap_; }

  void seek(std::size_t offset);

  /// The next `size` bytes; `what` names them in the error message.
  std::span<const std::byte> take(std::size_t size, std::string_view what);

  template <class T>
  requires std::is_arithmetic_v<T> T read(std::string_view what) {
    return decode<T>(take(sizeof(T), what).data());
  }

  /// `count` numbers. Nothing is allocated before the file is seen to hold that many.
  template <class T>
  requires std::is_arithmetic_v<T> std::vector<T> read_array(std::size_t count,
                                                             std::string_view what) {
    if (count > remaining() / sizeof(T)) fail_truncated(what);
    const auto raw = take(count * sizeof(T), what);
    std::vector<T> values(count);
    if (!swap_ && count > 0) {
      std::memcpy(values.data(), raw.data(), raw.size());
    } else {
      for (std::size_t i = 0; i < count; ++i) values[i] = decode<T>(raw.data() + i * sizeof(T));
    }
    return values;
  }

  /// Text up to and without the next newline.
  std::string_view read_line(std::string_view what);
  /// Text up to and without the next NUL.
  std::string_view read_c_string(std::string_view what);

  [[noreturn]] void fail(const std::string& reason) const;

 private:
  template <class T>
  T decode(const std::byte* source) const {
    std::byte raw[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) raw[i] = source[swap_ ? sizeof(T) - 1 - i : i];
    T value;
    std::memcpy(&value, raw, sizeof(T));
    return value;
  }
  std::string_view read_until(char end, std::string_view what);
  [[noreturn]] void fail_truncated(std::string_view what) const;

  std::span<const std::byte> bytes_;
  std::string file_;
  std::size_t offset_ = 0;
  bool swap_ = false;
};

}  // namespace hmm
