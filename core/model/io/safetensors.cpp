#include "core/model/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/utf8.h"

namespace hmm {
namespace {

using nlohmann::json;

constexpr uint64_t kLongestHeader = 100'000'000;
constexpr int kDeepestHeader = 4;

struct TypeName {
  std::string_view name;
  std::size_t size;
};
constexpr TypeName kTypes[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"U16", 2},
                               {"I32", 4},  {"U32", 4}, {"I64", 8}, {"U64", 8}, {"F16", 2},
                               {"BF16", 2}, {"F32", 4}, {"F64", 8}};

float half_to_float(uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int fraction = half & 1023;
  float value = 0;
  if (exponent == 31) {
    value = fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                          : std::numeric_limits<float>::infinity();
  } else if (exponent == 0) {
    value = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    value = std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  }
  return (half & 0x8000) != 0 ? -value : value;
}

float bfloat_to_float(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

/// Elements of a tensor, each through `convert`.
template <class Stored, class Result, class Convert>
std::vector<Result> converted(const Tensor& tensor, Convert convert) {
  ByteReader reader(tensor.bytes, "");
  reader.swap_bytes(std::endian::native == std::endian::big);
  std::vector<Result> result;
  result.reserve(tensor.elements());
  for (const Stored value : reader.read_array<Stored>(tensor.elements(), "a tensor")) {
    result.push_back(convert(value));
  }
  return result;
}

template <class T>
T as_is(T value) {
  return value;
}

/// A JSON reader that refuses deep nesting and names given twice.
class HeaderCheck {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepestHeader) throw std::runtime_error("its JSON is nested too deeply");
    if (event == json::parse_event_t::key && depth == 1 &&
        !names_.insert(parsed.get<std::string>()).second) {
      throw std::runtime_error("the name " + parsed.dump() + " is given twice");
    }
    return true;
  }

 private:
  std::set<std::string> names_;
};

uint64_t whole_number(const json& value, const char* what) {
  if (!value.is_number_unsigned()) throw std::runtime_error(std::string(what) + " is no number");
  return value.get<uint64_t>();
}

Tensor parse_entry(const json& entry, std::span<const std::byte> data) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets") || entry.size() != 3) {
    throw std::runtime_error("it needs dtype, shape and data_offsets and nothing else");
  }
  Tensor tensor;
  const std::string type = entry["dtype"].is_string() ? entry["dtype"].get<std::string>() : "";
  const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const TypeName& t) { return t.name == type; });
  if (known == std::end(kTypes)) throw std::runtime_error("its dtype is not one that is known");
  tensor.type = static_cast<TensorType>(known - std::begin(kTypes));

  const json& shape = entry["shape"];
  const json& offsets = entry["data_offsets"];
  if (!shape.is_array() || !offsets.is_array() || offsets.size() != 2) {
    throw std::runtime_error("its shape or its data_offsets are no list of the right length");
  }
  const uint64_t begin = whole_number(offsets[0], "an offset");
  const uint64_t end = whole_number(offsets[1], "an offset");
  if (begin > end || end > data.size()) {
    throw std::runtime_error("its data lies outside the file");
  }
  uint64_t size = known->size;
  for (const json& extent : shape) {
    const uint64_t count = whole_number(extent, "an extent of its shape");
    if (count != 0 && size > std::numeric_limits<uint64_t>::max() / 2 / count) {
      throw std::runtime_error("its shape is too large");
    }
    size *= count;
    tensor.shape.push_back(count);
  }
  if (size != end - begin) {
    throw std::runtime_error("its shape takes " + std::to_string(size) + " bytes, its data " +
                             std::to_string(end - begin));
  }
  tensor.bytes = data.subspan(begin, end - begin);
  return tensor;
}

template <class T>
std::span<const std::byte> bytes_of(std::span<const T> values) {
  static_assert(std::endian::native == std::endian::little, "values are written as they are");
  return std::as_bytes(values);
}

}  // namespace

std::size_t size_of(TensorType type) { return kTypes[static_cast<std::size_t>(type)].size; }

std::string_view name_of(TensorType type) { return kTypes[static_cast<std::size_t>(type)].name; }

std::string to_string(const TensorShape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? " x " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

Safetensors::Safetensors(std::span<const std::byte> bytes, std::string file)
    : file_(std::move(file)) {
  ByteReader reader(bytes, file_);
  reader.swap_bytes(std::endian::native == std::endian::big);
  const auto length = reader.read<uint64_t>("the length of the header");
  if (length > kLongestHeader || length > reader.remaining()) {
    throw ParseError::at_byte(file_, 0,
                              "this is no safetensors file: its header would be " +
                                  std::to_string(length) + " bytes long");
  }
  const auto header = reader.take(length, "the header");
  parse_header({reinterpret_cast<const char*>(header.data()), header.size()},
               bytes.subspan(reader.offset()));
}

void Safetensors::parse_header(std::string_view header, std::span<const std::byte> data) {
  json parsed;
  try {
    parsed = json::parse(header, HeaderCheck());
  } catch (const json::parse_error& error) {
    throw ParseError::at_byte(file_, 8 + error.byte, "the header is not JSON");
  } catch (const std::exception& error) {
    throw ParseError(file_, "header", error.what());
  }
  if (!parsed.is_object()) throw ParseError(file_, "header", "it must be a JSON object");
  for (const auto& [name, entry] : parsed.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) fail(name, "it must be a JSON object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) fail(name, "its values must be strings");
        metadata_[key] = value.get<std::string>();
      }
      continue;
    }
    try {
      tensors_[name] = parse_entry(entry, data);
    } catch (const std::runtime_error& error) {
      fail(name, error.what());
    }
  }
  check_coverage(data);
}

void Safetensors::check_coverage(std::span<const std::byte> data) const {
  std::vector<std::pair<std::size_t, std::size_t>> ranges;  // offset, size
  for (const auto& [name, tensor] : tensors_) {
    ranges.emplace_back(tensor.bytes.data() - data.data(), tensor.bytes.size());
  }
  std::sort(ranges.begin(), ranges.end());
  std::size_t covered = 0;
  bool seamless = true;
  for (const auto& [offset, size] : ranges) {
    seamless = seamless && offset == covered;
    if (seamless) covered += size;
  }
  if (!seamless || covered != data.size()) {
    throw ParseError(file_, "header",
                     "the tensors leave a gap, overlap, or do not account for all data");
  }
}

const Tensor& Safetensors::tensor(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail(name, "there is no tensor of this name");
  return found->second;
}

std::vector<float> Safetensors::floats(std::string_view name) const {
  const Tensor& from = tensor(name);
  switch (from.type) {
    case TensorType::kF32:
      return converted<float, float>(from, as_is<float>);
    case TensorType::kF64:
      return converted<double, float>(from, [](double v) { return static_cast<float>(v); });
    case TensorType::kF16:
      return converted<uint16_t, float>(from, half_to_float);
    case TensorType::kBF16:
      return converted<uint16_t, float>(from, bfloat_to_float);
    default:
      fail(name, "its elements must be floating-point numbers");
  }
}

std::vector<int32_t> Safetensors::integers(std::string_view name) const {
  const auto narrow = [&](auto value) {
    if (!std::in_range<int32_t>(value)) fail(name, "a value does not fit into 32 bits");
    return static_cast<int32_t>(value);
  };
  const Tensor& from = tensor(name);
  switch (from.type) {
    case TensorType::kU8:
      return converted<uint8_t, int32_t>(from, narrow);
    case TensorType::kI8:
      return converted<int8_t, int32_t>(from, narrow);
    case TensorType::kI16:
      return converted<int16_t, int32_t>(from, narrow);
    case TensorType::kU16:
      return converted<uint16_t, int32_t>(from, narrow);
    case TensorType::kI32:
      return converted<int32_t, int32_t>(from, narrow);
    case TensorType::kU32:
      return converted<uint32_t, int32_t>(from, narrow);
    case TensorType::kI64:
      return converted<int64_t, int32_t>(from, narrow);
    case TensorType::kU64:
      return converted<uint64_t, int32_t>(from, narrow);
    default:
      fail(name, "its elements must be whole numbers");
  }
}

std::vector<uint8_t> Safetensors::bytes(std::string_view name) const {
  const Tensor& from = tensor(name);
  if (from.type != TensorType::kU8 && from.type != TensorType::kBool) {
    fail(name, "its elements must be bytes");
  }
  return converted<uint8_t, uint8_t>(from, as_is<uint8_t>);
}

void Safetensors::fail(std::string_view name, const std::string& reason) const {
  throw ParseError(file_, "\"" + std::string(name.substr(0, 80)) + "\"", reason);
}

void SafetensorsWriter::metadata(const std::string& key, const std::string& value) {
  if (find_invalid_utf8(key) != std::string::npos ||
      find_invalid_utf8(value) != std::string::npos) {
    throw SettingsError("the metadata \"" + key.substr(0, 20) + "\" is not UTF-8 text");
  }
  metadata_[key] = value;
}

void SafetensorsWriter::add(const std::string& name, TensorShape shape,
                            std::span<const float> values) {
  add(name, TensorType::kF32, std::move(shape), values.size(), bytes_of(values));
}

void SafetensorsWriter::add(const std::string& name, TensorShape shape,
                            std::span<const int32_t> values) {
  add(name, TensorType::kI32, std::move(shape), values.size(), bytes_of(values));
}

void SafetensorsWriter::add(const std::string& name, TensorShape shape,
                            std::span<const uint64_t> values) {
  add(name, TensorType::kU64, std::move(shape), values.size(), bytes_of(values));
}

void SafetensorsWriter::add(const std::string& name, TensorShape shape,
                            std::span<const uint8_t> values) {
  add(name, TensorType::kU8, std::move(shape), values.size(), bytes_of(values));
}

void SafetensorsWriter::add(const std::string& name, TensorType type, TensorShape shape,
                            std::size_t count, std::span<const std::byte> data) {
  std::size_t elements = 1;
  for (const std::size_t extent : shape) elements *= extent;
  if (elements != count) {
    throw SettingsError("the tensor " + name + " has " + std::to_string(count) +
                        " values for a shape of " + to_string(shape));
  }
  for (const Entry& entry : entries_) {
    if (entry.name == name) throw SettingsError("the tensor " + name + " is given twice");
  }
  entries_.push_back({name, type, std::move(shape),
                      std::string(reinterpret_cast<const char*>(data.data()), data.size())});
}

std::string SafetensorsWriter::file() const {
  // Wide elements first, so that each tensor is aligned to its own elements.
  std::vector<const Entry*> ordered;
  for (const Entry& entry : entries_) ordered.push_back(&entry);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Entry* a, const Entry* b) {
    return size_of(a->type) > size_of(b->type);
  });
  json header = json::object();
  if (!metadata_.empty()) header["__metadata__"] = metadata_;
  std::size_t offset = 0;
  for (const Entry* entry : ordered) {
    header[entry->name] = {{"dtype", name_of(entry->type)},
                           {"shape", entry->shape},
                           {"data_offsets", {offset, offset + entry->data.size()}}};
    offset += entry->data.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  std::string result(reinterpret_cast<const char*>(&length), sizeof(length));
  result += text;
  for (const Entry* entry : ordered) result += entry->data;
  return result;
}

}  // namespace hmm
