#include "core/model/io/lm_bin.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/byte_reader.h"
#include "core/base/error.h"

namespace hmm {
namespace {

constexpr std::string_view kMagic = "Trie Language Model";
constexpr int kCodeBits = 16;
constexpr std::size_t kTableBytes = sizeof(float) << kCodeBits;
constexpr uint32_t kMaximalEntries = 1U << 31;

std::vector<uint32_t> read_counts(ByteReader& reader) {
  const auto order = reader.read<uint8_t>("the order");
  if (order < 1 || order > NgramTrie::kMaximalOrder) {
    reader.fail("the order is " + std::to_string(order) + "; orders from 1 to " +
                std::to_string(NgramTrie::kMaximalOrder) + " are supported");
  }
  const auto counts = reader.read_array<uint32_t>(order, "the numbers of n-grams");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] >= kMaximalEntries || (i == 0 && counts[i] == 0)) {
      reader.fail("there are " + std::to_string(counts[i]) + " " + std::to_string(i + 1) +
                  "-grams");
    }
  }
  return counts;
}

std::span<const std::byte> take_values(ByteReader& reader, std::size_t size, std::size_t stride,
                                       std::size_t values, const char* what) {
  const std::size_t start = reader.offset();
  const auto bytes = reader.take(size, what);
  for (std::size_t record = 0; record < size; record += stride) {
    for (std::size_t i = 0; i < values; ++i) {
      float value;
      std::memcpy(&value, bytes.data() + record + i * sizeof(float), sizeof(float));
      if (!std::isfinite(value)) {
        reader.seek(start + record + i * sizeof(float));
        reader.fail(std::string(what) + " hold a value that is not a finite number");
      }
    }
  }
  return bytes;
}

std::vector<NgramLevel> read_tables(ByteReader& reader, const std::vector<uint32_t>& counts) {
  std::vector<NgramLevel> levels(counts.size() - 1);
  if (levels.empty()) return levels;
  const auto quantisation = reader.read<int32_t>("the kind of quantisation");
  if (quantisation != 1) {
    reader.fail("the quantisation " + std::to_string(quantisation) + " is not known; 1 is");
  }
  const auto word_bits = static_cast<int>(std::bit_width(counts[0]));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    NgramLevel& level = levels[i];
    level.entries = counts[i + 1];
    level.word_bits = word_bits;
    level.code_bits = kCodeBits;
    level.longest = i + 1 == levels.size();
    level.child_bits = level.longest ? 0 : static_cast<int>(std::bit_width(counts[i + 2]));
    level.probabilities =
        take_values(reader, kTableBytes, sizeof(float), 1, "the table of probabilities");
    if (!level.longest) {
      level.backoffs = take_values(reader, kTableBytes, sizeof(float), 1, "the table of back-offs");
    }
  }
  return levels;
}

std::span<const std::byte> read_unigrams(ByteReader& reader, const std::vector<uint32_t>& counts) {
  const std::size_t size = (std::size_t{counts[0]} + 1) * NgramTrie::kUnigramBytes;
  // The last record only ends the list.
  if (size > reader.remaining()) reader.take(size, "the unigrams");
  const std::size_t start = reader.offset();
  take_values(reader, size - NgramTrie::kUnigramBytes, NgramTrie::kUnigramBytes, 2, "the unigrams");
  reader.seek(start);
  return reader.take(size, "the unigrams");
}

}  // namespace

NgramModel parse_lm_bin(std::span<const std::byte> bytes, const std::string& file,
                        std::shared_ptr<const void> owner) {
  ByteReader reader(bytes, file);
  const auto head = reader.take(std::min(bytes.size(), kMagic.size()), "the header");
  if (std::string_view(reinterpret_cast<const char*>(head.data()), head.size()) != kMagic) {
    reader.seek(0);
    reader.fail("this is no binary language model: it does not start with \"" +
                std::string(kMagic) + "\"");
  }
  const std::vector<uint32_t> counts = read_counts(reader);
  std::vector<NgramLevel> levels = read_tables(reader, counts);
  const auto unigrams = read_unigrams(reader, counts);
  for (NgramLevel& level : levels) {
    level.records = reader.take(level.record_bytes(), "the n-grams");
  }
  const auto length = reader.read<int32_t>("the length of the words");
  if (length < 0) reader.fail("the words have the length " + std::to_string(length));
  const auto text = reader.take(static_cast<std::size_t>(length), "the words");
  if (reader.remaining() != 0) {
    reader.fail(std::to_string(reader.remaining()) + " bytes follow the words");
  }
  try {
    return {{reinterpret_cast<const char*>(text.data()), text.size()},
            NgramTrie(unigrams, std::move(levels), std::log(1.0001)),
            std::move(owner)};
  } catch (const DataError& error) {
    reader.fail(error.what());
  }
}

}  // namespace hmm
