#include "core/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace hmm {
namespace {

std::filesystem::path temporary(const char* name) {
  return std::filesystem::path(::testing::TempDir()) / name;
}

TEST(File, WritesAndMaps) {
  const auto path = temporary("hmm_file_test");
  write_file(path, "first");
  write_file(path, "second");
  EXPECT_EQ(MappedFile(path).text(), "second");
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  std::filesystem::remove(path);
}

TEST(File, EmptyFileMapsToNothing) {
  const auto path = temporary("hmm_file_test_empty");
  write_file(path, "");
  EXPECT_TRUE(MappedFile(path).bytes().empty());
  std::filesystem::remove(path);
}

TEST(File, AbsentFolderAndUnwritablePlaceNameThePath) {
  for (const char* path : {"/nonexistent/model", "/tmp"}) {
    try {
      MappedFile file(path);
      FAIL() << path;
    } catch (const NotFoundError& error) {
      EXPECT_THAT(error.what(), ::testing::StartsWith(path));
    }
  }
  EXPECT_THROW(write_file("/nonexistent/result", "x"), NotFoundError);
}

}  // namespace
}  // namespace hmm
