#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/model/io/sphinx_mdef.h"

namespace hmm {
namespace {

constexpr uint32_t kMagic = 0x46444D42;  // "BMDF" in a little-endian file
constexpr std::size_t kTreeNodeSize = 8;
constexpr std::size_t kPhoneSize = 12;

bool is_binary(std::span<const std::byte> bytes) {
  if (bytes.size() < 4) return false;
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), 4);
  return head == "BMDF" || head == "FDMB";
}

struct Header {
  int32_t ci_phones, phones, states, ci_senones, senones, transition_matrices, sequences, context,
      tree_nodes, silence;
};

void skip_description(ByteReader& reader) {
  const auto magic = reader.read<uint32_t>("the magic number");
  if (magic != kMagic) {
    reader.swap_bytes(true);
    reader.seek(0);
    if (reader.read<uint32_t>("the magic number") != kMagic) {
      reader.fail("this is no binary model definition: it does not start with BMDF");
    }
  }
  const auto version = reader.read<int32_t>("the version");
  if (version != 1) {
    reader.fail("version " + std::to_string(version) + " of the binary model definition is not " +
                "known; version 1 is");
  }
  const auto length = reader.read<int32_t>("the length of the description");
  if (length < 0) reader.fail("the description has the length " + std::to_string(length));
  reader.take(static_cast<std::size_t>(length), "the description");
}

Header read_header(ByteReader& reader) {
  Header header{};
  struct Field {
    const char* what;
    int32_t& value;
    int32_t minimum, maximum;
  };
  constexpr int32_t kAny = std::numeric_limits<int32_t>::max();
  const Field fields[] = {
      {"the number of phones without context", header.ci_phones, 1, 256},
      {"the number of phones", header.phones, 1, kAny},
      {"the number of states of a phone", header.states, 1, 255},
      {"the number of senones without context", header.ci_senones, 1, kAny},
      {"the number of senones", header.senones, 1, kAny},
      {"the number of transition matrices", header.transition_matrices, 1, kAny},
      {"the number of senone sequences", header.sequences, 1, kAny},
      {"the width of the context", header.context, 0, kAny},
      {"the number of tree nodes", header.tree_nodes, 0, kAny},
      {"the silence phone", header.silence, 0, 255},
  };
  for (const Field& field : fields) {
    field.value = reader.read<int32_t>(field.what);
    if (field.value < field.minimum || field.value > field.maximum) {
      reader.fail(std::string(field.what) + " is " + std::to_string(field.value));
    }
  }
  if (header.phones < header.ci_phones || header.senones < header.ci_senones) {
    reader.fail("there are fewer phones or senones in all than there are without context");
  }
  if (header.silence >= header.ci_phones) {
    reader.fail("the silence is phone " + std::to_string(header.silence) + " of " +
                std::to_string(header.ci_phones));
  }
  return header;
}

struct PhoneRecord {
  int32_t sequence;
  int32_t transition_matrix;
  std::array<uint8_t, 4> attributes;  // without context: filler; else position, base, left, right
};

PhoneRecord read_phone(ByteReader& reader, const Header& header) {
  PhoneRecord phone{};
  phone.sequence = reader.read<int32_t>("the phones");
  phone.transition_matrix = reader.read<int32_t>("the phones");
  for (uint8_t& attribute : phone.attributes) attribute = reader.read<uint8_t>("the phones");
  if (phone.sequence < 0 || phone.sequence >= header.sequences) {
    reader.fail("a phone has the senone sequence " + std::to_string(phone.sequence) + " of " +
                std::to_string(header.sequences));
  }
  if (phone.transition_matrix < 0 || phone.transition_matrix >= header.transition_matrices) {
    reader.fail("a phone has the transition matrix " + std::to_string(phone.transition_matrix) +
                " of " + std::to_string(header.transition_matrices));
  }
  return phone;
}

/// [sequences x states]
std::vector<int32_t> read_sequences(ByteReader& reader, const Header& header) {
  const auto size = reader.read<int32_t>("the size of the senone sequences");
  const int64_t expected = int64_t{header.sequences} * header.states;
  if (size != expected) {
    reader.fail("the senone sequences have " + std::to_string(size) + " entries; " +
                std::to_string(header.sequences) + " sequences of " +
                std::to_string(header.states) + " states need " + std::to_string(expected));
  }
  const auto stored =
      reader.read_array<uint16_t>(static_cast<std::size_t>(size), "the senone sequences");
  for (const uint16_t senone : stored) {
    if (senone >= header.senones) {
      reader.fail("a senone sequence names senone " + std::to_string(senone) + " of " +
                  std::to_string(header.senones));
    }
  }
  if (reader.remaining() != 0) {
    reader.fail(std::to_string(reader.remaining()) + " bytes follow the senone sequences");
  }
  return {stored.begin(), stored.end()};
}

/// Fills the phone set; the reader stands at the first phone.
PhoneSet read_phones(ByteReader& reader, const Header& header,
                     const std::vector<std::string_view>& names,
                     const std::vector<int32_t>& sequences, bool triphones) {
  PhoneSet::Builder builder(header.states);
  const auto senones_of = [&](const PhoneRecord& phone) {
    return std::span(sequences).subspan(
        static_cast<std::size_t>(phone.sequence) * static_cast<std::size_t>(header.states),
        static_cast<std::size_t>(header.states));
  };
  for (const std::string_view name : names) {
    const PhoneRecord phone = read_phone(reader, header);
    for (const int32_t senone : senones_of(phone)) {
      if (senone >= header.ci_senones) {
        reader.fail("the phone " + std::string(name) + " has senone " + std::to_string(senone) +
                    ", but only the first " + std::to_string(header.ci_senones) +
                    " are for phones without context");
      }
    }
    builder.add_phone(name, phone.attributes[0] != 0, senones_of(phone), phone.transition_matrix);
  }
  for (int32_t i = header.ci_phones; triphones && i < header.phones; ++i) {
    const PhoneRecord phone = read_phone(reader, header);
    const auto [position, base, left, right] = phone.attributes;
    if (position > static_cast<uint8_t>(WordPosition::kSingle)) {
      reader.fail("a triphone has the word position " + std::to_string(position) +
                  "; positions are 0 to 3");
    }
    builder.add_triphone({base, left, right, static_cast<WordPosition>(position)},
                         senones_of(phone), phone.transition_matrix);
  }
  return builder.build(header.silence);
}

}  // namespace

SphinxModelDefinition parse_sphinx_mdef_binary(std::span<const std::byte> bytes,
                                               const std::string& file, bool triphones) {
  ByteReader reader(bytes, file);
  skip_description(reader);
  const Header header = read_header(reader);

  std::vector<std::string_view> names;
  const std::size_t names_start = reader.offset();
  for (int32_t i = 0; i < header.ci_phones; ++i) {
    names.push_back(reader.read_c_string("the phone names"));
    if (names.back().empty()) reader.fail("a phone has an empty name");
  }
  const std::size_t padding = (4 - (reader.offset() - names_start) % 4) % 4;
  reader.take(padding, "the padding of the phone names");
  // The tree only finds phones by context, which the phones themselves say as well.
  reader.take(static_cast<std::size_t>(header.tree_nodes) * kTreeNodeSize, "the context tree");

  const std::size_t phones_start = reader.offset();
  reader.take(static_cast<std::size_t>(header.phones) * kPhoneSize, "the phones");
  const std::vector<int32_t> sequences = read_sequences(reader, header);
  reader.seek(phones_start);
  try {
    return {read_phones(reader, header, names, sequences, triphones), header.senones,
            header.ci_senones, header.transition_matrices};
  } catch (const DataError& error) {
    reader.fail(error.what());
  }
}

SphinxModelDefinition parse_sphinx_mdef(std::span<const std::byte> bytes, const std::string& file,
                                        bool triphones) {
  return is_binary(bytes) ? parse_sphinx_mdef_binary(bytes, file, triphones)
                          : parse_sphinx_mdef_text(bytes, file, triphones);
}

}  // namespace hmm
