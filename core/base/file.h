// Whole files in memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hmm {

/// A file mapped read-only into memory, so that processes share its pages and unused parts of a
/// large model cost nothing. Throws NotFoundError when the file cannot be opened.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Replaces the file at once: readers see the old content or the new, never a part.
/// Throws NotFoundError when the place cannot be written.
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace hmm
