#include "core/language/labels/label_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

std::filesystem::path temporary(const char* name, const std::string& content) {
  const auto path = std::filesystem::path(::testing::TempDir()) / name;
  write_file(path, content);
  return path;
}

TEST(LabelFile, EveryFormatReadsWhatIsWritten) {
  const Labels labels{
      0,
      2'000'000'000,
      {{"word", {{0, 1'000'000'000, "a", {}}, {1'000'000'000, 2'000'000'000, "b", {}}}}}};
  for (const char* extension : {"TextGrid", "ctm", "jsonl", "lab", "mlf", "srt", "vtt", "csv"}) {
    const std::string name = std::string("hmm_label_file_test.") + extension;
    const auto format = label_format_of(name);
    ASSERT_TRUE(format) << extension;
    const auto path = temporary(name.c_str(), write_labels(labels, *format));
    EXPECT_EQ(read_labels(path).tiers.at(0).labels, labels.tiers[0].labels) << extension;
    std::filesystem::remove(path);
  }
}

TEST(LabelFile, TheNamedFormatWinsOverTheExtension) {
  const auto path = temporary("hmm_label_file_test.txt", "0 16000 a\n");
  EXPECT_EQ(read_labels(path, {LabelFormat::kTimit, 8000}).end, 2'000'000'000);
  EXPECT_EQ(read_labels(path, {parse_label_format("htk")}).end, 1'600'000);
  EXPECT_THROW(read_labels(path), SettingsError);
  std::filesystem::remove(path);
}

TEST(LabelFile, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(read_labels("/nonexistent/a.TextGrid"), NotFoundError);
  EXPECT_THROW(write_labels({}, LabelFormat::kTimit), SettingsError);
  EXPECT_EQ(label_format_of("a.wav"), std::nullopt);
  try {
    parse_label_format("textgird");
    FAIL();
  } catch (const SettingsError& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"textgird\" is no label format; these are: textgrid, "));
  }
}

TEST(Labels, DisorderIsNamed) {
  EXPECT_THROW(require_ordered({0, 9, {{"w", {{3, 2, "a", {}}}}}}), DataError);
  EXPECT_THROW(require_ordered({0, 9, {{"w", {{3, 4, "a", {}}, {2, 5, "b", {}}}}}}), DataError);
  EXPECT_NO_THROW(require_ordered({0, 9, {{"w", {{3, 4, "a", {}}, {3, 5, "b", {}}}}}}));
}

}  // namespace
}  // namespace hmm
