#include "core/base/byte_reader.h"

#include "core/base/error.h"

namespace hmm {

void ByteReader::seek(std::size_t offset) {
  if (offset > bytes_.size()) {
    fail("points to byte " + std::to_string(offset) + ", past the end of the file (" +
         std::to_string(bytes_.size()) + " bytes)");
  }
  offset_ = offset;
}

std::span<const std::byte> ByteReader::take(std::size_t size, std::string_view what) {
  if (size > remaining()) fail_truncated(what);
  const auto taken = bytes_.subspan(offset_, size);
  offset_ += size;
  return taken;
}

std::string_view ByteReader::read_until(char end, std::string_view what) {
  const auto* first = reinterpret_cast<const char*>(bytes_.data()) + offset_;
  const void* found = remaining() == 0 ? nullptr : std::memchr(first, end, remaining());
  if (found == nullptr) fail_truncated(what);
  const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - first);
  offset_ += length + 1;
  return {first, length};
}

std::string_view ByteReader::read_line(std::string_view what) { return read_until('\n', what); }

std::string_view ByteReader::read_c_string(std::string_view what) { return read_until('\0', what); }

void ByteReader::fail(const std::string& reason) const {
  throw ParseError::at_byte(file_, offset_, reason);
}

void ByteReader::fail_truncated(std::string_view what) const {
  fail("the file ends within " + std::string(what));
}

}  // namespace hmm
