// The safetensors container: named tensors behind a JSON header.
//
// u64 length of the header, the header ({"name": {"dtype", "shape", "data_offsets"}, ...,
// "__metadata__": strings}), then the data, little-endian, without gaps. Source: the format's
// description at github.com/huggingface/safetensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

enum class TensorType : uint8_t {
  kBool,
  kU8,
  kI8,
  kI16,
  kU16,
  kI32,
  kU32,
  kI64,
  kU64,
  kF16,
  kBF16,
  kF32,
  kF64
};

/// Bytes of one element.
std::size_t size_of(TensorType type);
/// "F32", "I64", ... as in the header.
std::string_view name_of(TensorType type);

using TensorShape = std::vector<std::size_t>;
/// "[2 x 3]"
std::string to_string(const TensorShape& shape);

struct Tensor {
  TensorType type = TensorType::kF32;
  TensorShape shape;
  std::span<const std::byte> bytes;  // in the file

  std::size_t elements() const { return bytes.size() / size_of(type); }
};

/// A safetensors file that has been checked as a whole: any bytes give an object or a ParseError.
/// Duplicate names, gaps, overlaps and data that the header does not account for are refused. The
/// bytes must outlive the object.
class Safetensors {
 public:
  Safetensors(std::span<const std::byte> bytes, std::string file);

  const std::string& file() const { return file_; }
  const std::map<std::string, std::string, std::less<>>& metadata() const { return metadata_; }
  const std::map<std::string, Tensor, std::less<>>& tensors() const { return tensors_; }
  bool contains(std::string_view name) const { return tensors_.find(name) != tensors_.end(); }

  /// ParseError when there is none of that name.
  const Tensor& tensor(std::string_view name) const;
  /// Elements as float: any floating type, F64 rounded. ParseError when the type is another.
  std::vector<float> floats(std::string_view name) const;
  /// Elements as int32: any integer type. ParseError for a value that does not fit.
  std::vector<int32_t> integers(std::string_view name) const;
  /// Elements of U8 or BOOL.
  std::vector<uint8_t> bytes(std::string_view name) const;

  /// ParseError that names a tensor (or metadata) and says what is wrong with it.
  [[noreturn]] void fail(std::string_view name, const std::string& reason) const;

 private:
  void parse_header(std::string_view header, std::span<const std::byte> data);
  void check_coverage(std::span<const std::byte> data) const;

  std::string file_;
  std::map<std::string, std::string, std::less<>> metadata_;
  std::map<std::string, Tensor, std::less<>> tensors_;
};

/// Puts a file together. The same calls give the same bytes.
class SafetensorsWriter {
 public:
  /// Text must be UTF-8, else a SettingsError.
  void metadata(const std::string& key, const std::string& value);
  /// SettingsError when shape and values do not fit or the name was there before.
  void add(const std::string& name, TensorShape shape, std::span<const float> values);
  void add(const std::string& name, TensorShape shape, std::span<const int32_t> values);
  void add(const std::string& name, TensorShape shape, std::span<const uint64_t> values);
  void add(const std::string& name, TensorShape shape, std::span<const uint8_t> values);

  /// The whole file.
  std::string file() const;

 private:
  struct Entry {
    std::string name;
    TensorType type;
    TensorShape shape;
    std::string data;
  };
  void add(const std::string& name, TensorType type, TensorShape shape, std::size_t count,
           std::span<const std::byte> data);

  std::map<std::string, std::string> metadata_;
  std::vector<Entry> entries_;
};

}  // namespace hmm
