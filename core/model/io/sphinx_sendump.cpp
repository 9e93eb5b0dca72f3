#include "core/model/io/sphinx_sendump.h"

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

/// A string is a length that counts its final NUL, and the string.
constexpr int32_t kMaximalStringLength = 999;

std::string_view read_string(ByteReader& reader) {
  const auto length = reader.read<int32_t>("the length of a header string");
  if (length < 0 || length > kMaximalStringLength) {
    reader.fail("a header string has the length " + std::to_string(length));
  }
  const auto raw = reader.take(static_cast<std::size_t>(length), "a header string");
  const std::string_view text(reinterpret_cast<const char*>(raw.data()), raw.size());
  return text.substr(0, text.find('\0'));
}

/// The header's `key value` lines whose value is an integer.
std::map<std::string, int64_t, std::less<>> read_header(ByteReader& reader) {
  const auto first = reader.read<int32_t>("the header");
  reader.swap_bytes(first < 1 || first > kMaximalStringLength);
  reader.seek(0);
  std::map<std::string, int64_t, std::less<>> fields;
  for (;;) {
    const std::size_t start = reader.offset();
    if (reader.read<int32_t>("the header") == 0) return fields;
    reader.seek(start);
    const auto words = split_words(read_string(reader));
    if (words.size() != 2) continue;
    if (const auto value = parse_integer(words[1], 0)) fields[std::string(words[0])] = *value;
  }
}

struct Shape {
  std::size_t streams, densities, columns;
};

/// Weights of one (stream, density) for all senones, as codes.
class Rows {
 public:
  Rows(ByteReader& reader, const Shape& shape, bool clustered)
      : shape_(shape), clustered_(clustered) {
    if (clustered) {
      const auto codes = reader.take(clusters_.size(), "the clusters");
      for (std::size_t i = 0; i < clusters_.size(); ++i) clusters_[i] = uint8_t(codes[i]);
    }
    row_size_ = clustered ? (shape.columns + 1) / 2 : shape.columns;
    const std::size_t rows = shape.streams * shape.densities;
    if (rows > reader.remaining() / row_size_) {
      reader.fail("the file ends within the weights: " + std::to_string(rows) + " rows of " +
                  std::to_string(row_size_) + " bytes are needed");
    }
    data_ = reader.take(rows * row_size_, "the weights");
  }

  uint8_t code(std::size_t stream, std::size_t density, std::size_t senone) const {
    const std::size_t row = (stream * shape_.densities + density) * row_size_;
    if (!clustered_) return uint8_t(data_[row + senone]);
    const auto pair = uint8_t(data_[row + senone / 2]);
    return clusters_[senone % 2 == 0 ? pair & 0x0F : pair >> 4];
  }

 private:
  Shape shape_;
  bool clustered_;
  std::array<uint8_t, 16> clusters_{};
  std::size_t row_size_ = 0;
  std::span<const std::byte> data_;
};

std::array<double, 256> weight_table() {
  std::array<double, 256> table;
  const double step = -1024 * std::log(1.0001);
  for (std::size_t q = 0; q < table.size(); ++q) table[q] = std::exp(step * static_cast<double>(q));
  return table;
}

}  // namespace

SphinxMixtureWeights parse_sphinx_sendump(std::span<const std::byte> bytes, const std::string& file,
                                          int streams, int densities, int senones_in_file,
                                          int senones) {
  ByteReader reader(bytes, file);
  const auto fields = read_header(reader);
  const auto expect = [&](const char* key, int64_t expected) {
    const auto field = fields.find(key);
    if (field != fields.end() && field->second != expected) {
      reader.fail("the header has " + std::string(key) + " " + std::to_string(field->second) +
                  "; the other files of the model have " + std::to_string(expected));
    }
  };
  expect("feature_count", streams);
  expect("mixture_count", densities);
  expect("model_count", senones_in_file);
  const auto value_of = [&](const char* key, int64_t otherwise) {
    const auto field = fields.find(key);
    return field == fields.end() ? otherwise : field->second;
  };
  const int64_t clusters = value_of("cluster_count", 0);
  const int64_t bits = value_of("cluster_bits", clusters == 0 ? 8 : 4);
  const bool clustered = clusters != 0;
  if (clustered ? bits != 4 || clusters > 16 : bits != 8) {
    reader.fail(std::to_string(clusters) + " clusters in " + std::to_string(bits) +
                " bits are not supported; 8 bits without clusters and 4 bits with at most 16 are");
  }
  auto columns = static_cast<int32_t>(senones_in_file);
  if (!clustered) {
    const auto rows = reader.read<int32_t>("the number of densities");
    columns = reader.read<int32_t>("the number of senones");
    // Some writers pad the columns to a multiple of 4.
    if (rows != densities || columns < senones_in_file || columns / 4 > senones_in_file / 4 + 1) {
      reader.fail("the weights are " + std::to_string(rows) + " x " + std::to_string(columns) +
                  "; the other files of the model have " + std::to_string(densities) +
                  " densities x " + std::to_string(senones_in_file) + " senones");
    }
  }
  const Rows rows(reader,
                  {static_cast<std::size_t>(streams), static_cast<std::size_t>(densities),
                   static_cast<std::size_t>(columns)},
                  clustered);
  if (reader.remaining() != 0) {
    reader.fail(std::to_string(reader.remaining()) + " bytes follow the weights");
  }

  const std::array<double, 256> table = weight_table();
  SphinxMixtureWeights weights{senones, streams, densities, {}};
  weights.values.reserve(static_cast<std::size_t>(senones) * static_cast<std::size_t>(streams) *
                         static_cast<std::size_t>(densities));
  std::vector<double> row(static_cast<std::size_t>(densities));
  for (std::size_t n = 0; n < static_cast<std::size_t>(senones); ++n) {
    for (std::size_t f = 0; f < static_cast<std::size_t>(streams); ++f) {
      double sum = 0;
      for (std::size_t k = 0; k < row.size(); ++k) sum += row[k] = table[rows.code(f, k, n)];
      for (const double weight : row) weights.values.push_back(static_cast<float>(weight / sum));
    }
  }
  return weights;
}

}  // namespace hmm
