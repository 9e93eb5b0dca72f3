#include "core/model/io/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "tests/core/model/io/mutations.h"

namespace hmm {
namespace {

using testing::bytes_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A file from its header's text and its data.
std::string file_of(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

std::string message_of(const std::string& file) {
  try {
    const Safetensors parsed(bytes_of(file), "x");
  } catch (const ParseError& error) {
    return error.what();
  }
  return "no error";
}

std::string entry(const char* type, const char* shape, const char* offsets) {
  return std::string("{\"dtype\":\"") + type + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

TEST(Safetensors, ReadsAFileWrittenByHand) {
  const std::string file = file_of(
      "{\"__metadata__\":{\"k\":\"v\"},\"a\":" + entry("F16", "[2]", "[0,4]") +
          ",\"b\":" + entry("BF16", "[]", "[4,6]") + ",\"c\":" + entry("I8", "[1,2]", "[6,8]") +
          ",\"none\":" + entry("F32", "[0,3]", "[8,8]") + "}",
      std::string("\x00\x3c\x01\x80", 4) + std::string("\xc0\x3f", 2) + "\xff\x05");
  const Safetensors parsed(bytes_of(file), "x");
  EXPECT_EQ(parsed.metadata().at("k"), "v");
  EXPECT_THAT(parsed.floats("a"), ElementsAre(1, -0x1p-24F));
  EXPECT_THAT(parsed.floats("b"), ElementsAre(1.5F));
  EXPECT_THAT(parsed.integers("c"), ElementsAre(-1, 5));
  EXPECT_THAT(parsed.tensor("c").shape, ElementsAre(1, 2));
  EXPECT_TRUE(parsed.floats("none").empty());
  EXPECT_FALSE(parsed.contains("d"));
}

TEST(Safetensors, RoundTripIsBitExact) {
  const std::vector<float> floats = {0, -0.0F, INFINITY, -INFINITY, 1e-45F, 0.1F};
  const std::vector<int32_t> integers = {-2147483647 - 1, 2147483647};
  SafetensorsWriter writer;
  writer.metadata("greek", "\xce\xb1");
  writer.add("u8", {3}, std::vector<uint8_t>{1, 2, 255});
  writer.add("f32", {2, 3}, floats);
  writer.add("i32", {2}, integers);
  writer.add("u64", {1}, std::vector<uint64_t>{7});
  const std::string file = writer.file();
  const Safetensors parsed(bytes_of(file), "x");
  const auto read = parsed.floats("f32");
  EXPECT_EQ(std::memcmp(read.data(), floats.data(), sizeof(float) * floats.size()), 0);
  EXPECT_EQ(parsed.integers("i32"), integers);
  EXPECT_THAT(parsed.bytes("u8"), ElementsAre(1, 2, 255));
  EXPECT_THAT(parsed.integers("u64"), ElementsAre(7));
  EXPECT_EQ(parsed.metadata().at("greek"), "\xce\xb1");
  for (const auto& [name, tensor] : parsed.tensors()) {
    EXPECT_EQ((tensor.bytes.data() - bytes_of(file).data()) %
                  static_cast<std::ptrdiff_t>(size_of(tensor.type)),
              0)
        << name << " is not aligned";
  }
}

TEST(Safetensors, BrokenFilesAreNamed) {
  EXPECT_THAT(message_of(""), HasSubstr("x: byte 0: the file ends within the length"));
  EXPECT_THAT(message_of(std::string(8, '\xff')), HasSubstr("no safetensors file"));
  EXPECT_THAT(message_of(file_of("{", "")), HasSubstr("not JSON"));
  EXPECT_THAT(message_of(file_of("[]", "")), HasSubstr("JSON object"));
  EXPECT_THAT(message_of(file_of(std::string(100000, '['), "")), HasSubstr("nested too deeply"));
  const std::string twice = entry("U8", "[1]", "[0,1]");
  EXPECT_THAT(message_of(file_of("{\"a\":" + twice + ",\"a\":" + twice + "}", "1")),
              HasSubstr("given twice"));
  EXPECT_THAT(message_of(file_of("{\"__metadata__\":{\"a\":1}}", "")), HasSubstr("strings"));
  EXPECT_THAT(message_of(file_of("{\"__metadata__\":3}", "")), HasSubstr("JSON object"));
}

TEST(Safetensors, BrokenEntriesAreNamed) {
  const auto complaint = [](const std::string& broken, const std::string& data = "1234") {
    return message_of(file_of("{\"a\":" + broken + "}", data));
  };
  EXPECT_EQ(complaint(entry("F32", "[1]", "[0,4]")), "no error");
  EXPECT_THAT(complaint("{}"), HasSubstr("x: \"a\": it needs dtype"));
  EXPECT_THAT(complaint(entry("F31", "[1]", "[0,4]")), HasSubstr("dtype"));
  EXPECT_THAT(complaint(entry("F32", "[2]", "[0,4]")), HasSubstr("takes 8 bytes, its data 4"));
  EXPECT_THAT(complaint(entry("F32", "[-1]", "[0,4]")), HasSubstr("no number"));
  EXPECT_THAT(complaint(entry("F32", "[1.5]", "[0,4]")), HasSubstr("no number"));
  EXPECT_THAT(complaint(entry("F32", "[4294967296,4294967296]", "[0,4]")), HasSubstr("too large"));
  EXPECT_THAT(complaint(entry("F32", "[1]", "[4,0]")), HasSubstr("outside"));
  EXPECT_THAT(complaint(entry("F32", "[1]", "[4,8]")), HasSubstr("outside"));
  EXPECT_THAT(complaint(entry("F32", "[1]", "[0,99999999999999999999999]")),
              HasSubstr("no number"));
  EXPECT_THAT(complaint(entry("F32", "[1]", "[0]")), HasSubstr("data_offsets"));
}

TEST(Safetensors, GapsOverlapsAndRestsAreRefused) {
  const std::string one = entry("F32", "[1]", "[0,4]");
  EXPECT_THAT(message_of(file_of("{\"a\":" + one + "}", "12345")), HasSubstr("account for"));
  EXPECT_THAT(message_of(file_of("{}", "1")), HasSubstr("account for"));
  EXPECT_THAT(message_of(file_of("{\"a\":" + one + ",\"b\":" + one + "}", "1234")),
              HasSubstr("overlap"));
  EXPECT_THAT(message_of(file_of("{\"a\":" + entry("F32", "[1]", "[4,8]") + "}", "12345678")),
              HasSubstr("gap"));
  EXPECT_EQ(message_of(file_of("{}", "")), "no error");
}

TEST(Safetensors, WrongTypesAndAbsentTensors) {
  SafetensorsWriter writer;
  writer.add("u64", {1}, std::vector<uint64_t>{1ULL << 40});
  writer.add("f32", {1}, std::vector<float>{1});
  EXPECT_THROW(writer.add("f32", {1}, std::vector<float>{1}), SettingsError);
  EXPECT_THROW(writer.add("other", {2}, std::vector<float>{1}), SettingsError);
  EXPECT_THROW(writer.metadata("a", "\xff"), SettingsError);
  const std::string file = writer.file();
  const Safetensors parsed(bytes_of(file), "x");
  EXPECT_THROW(parsed.integers("u64"), ParseError);
  EXPECT_THROW(parsed.integers("f32"), ParseError);
  EXPECT_THROW(parsed.floats("u64"), ParseError);
  EXPECT_THROW(parsed.bytes("f32"), ParseError);
  EXPECT_THROW(parsed.tensor("absent"), ParseError);
}

TEST(Safetensors, SurvivesMutations) {
  SafetensorsWriter writer;
  writer.metadata("format", "test");
  writer.add("a", {2, 2}, std::vector<float>{1, 2, 3, 4});
  writer.add("b", {3}, std::vector<int32_t>{1, 2, 3});
  const std::string seed = writer.file();
  int accepted = 0;
  testing::for_each_mutation(seed, seed.size() - 28, [&](const std::string& file) {
    try {
      const Safetensors parsed(bytes_of(file), "x");
      for (const auto& [name, tensor] : parsed.tensors()) {
        if (tensor.type == TensorType::kF32) parsed.floats(name);
      }
      ++accepted;
    } catch (const ParseError&) {
    }
  });
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace hmm
