#include "core/base/byte_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "core/base/error.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const ParseError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ByteReader, ReadsBothByteOrders) {
  const std::array<std::byte, 4> raw = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  ByteReader reader(raw, "x");
  EXPECT_EQ(reader.read<uint32_t>("a number"), 0x04030201u);
  reader.seek(0);
  reader.swap_bytes(true);
  EXPECT_EQ(reader.read<uint32_t>("a number"), 0x01020304u);
  reader.seek(0);
  EXPECT_EQ(reader.read_array<uint16_t>(2, "numbers"), (std::vector<uint16_t>{0x0102, 0x0304}));
}

TEST(ByteReader, TruncationNamesFileOffsetAndWhat) {
  ByteReader reader(bytes_of("abcdef"), "model.bin");
  reader.take(4, "start");
  EXPECT_EQ(message_of([&] { reader.read<uint32_t>("the number of states"); }),
            "model.bin: byte 4: the file ends within the number of states");
}

TEST(ByteReader, HugeCountIsRefusedBeforeAllocation) {
  ByteReader reader(bytes_of("abcdef"), "model.bin");
  EXPECT_THAT(message_of([&] { reader.read_array<double>(SIZE_MAX / 4, "weights"); }),
              HasSubstr("ends within weights"));
  EXPECT_THAT(message_of([&] { reader.seek(7); }), HasSubstr("past the end"));
}

TEST(ByteReader, LinesAndStringsNeedTheirEnd) {
  ByteReader reader(bytes_of("one\ntwo"), "x");
  EXPECT_EQ(reader.read_line("a line"), "one");
  EXPECT_THAT(message_of([&] { reader.read_line("a line"); }), HasSubstr("ends within a line"));
  EXPECT_THAT(message_of([&] { reader.read_c_string("a name"); }), HasSubstr("a name"));
}

TEST(ByteReader, EmptyFile) {
  ByteReader reader({}, "empty");
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_THROW(reader.read<uint8_t>("anything"), ParseError);
  EXPECT_TRUE(reader.read_array<float>(0, "nothing").empty());
}

}  // namespace
}  // namespace hmm
