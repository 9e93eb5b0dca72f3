#include "core/base/data_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "core/base/file.h"

namespace hmm {
namespace {

/// Sets the variables that are searched and puts the old values back.
class DataPath : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"HMM_MODEL_PATH", "XDG_DATA_HOME", "XDG_DATA_DIRS"}) {
      if (const char* value = std::getenv(name)) before_[name] = value;
      unsetenv(name);
    }
  }
  void TearDown() override {
    for (const char* name : {"HMM_MODEL_PATH", "XDG_DATA_HOME", "XDG_DATA_DIRS"}) {
      if (before_.count(name)) {
        setenv(name, before_[name].c_str(), 1);
      } else {
        unsetenv(name);
      }
    }
  }

 private:
  std::map<std::string, std::string> before_;
};

TEST_F(DataPath, OwnPathComesFirstThenHomeThenSystem) {
  setenv("HMM_MODEL_PATH", "/a::/b:", 1);
  setenv("XDG_DATA_HOME", "/home-data", 1);
  EXPECT_THAT(data_folders(),
              ::testing::ElementsAre("/a", "/b", "/home-data", "/usr/local/share", "/usr/share"));
}

TEST_F(DataPath, EmptyVariablesCountAsUnset) {
  setenv("XDG_DATA_DIRS", "", 1);
  setenv("HMM_MODEL_PATH", "", 1);
  EXPECT_THAT(data_folders(), ::testing::Contains("/usr/share"));
}

TEST_F(DataPath, FindsByRelativePathAndByName) {
  const std::filesystem::path root = std::filesystem::path(::testing::TempDir()) / "hmm_data_path";
  std::filesystem::create_directories(root / "deep/er");
  write_file(root / "deep/er/model", "x");
  setenv("HMM_MODEL_PATH", root.c_str(), 1);
  EXPECT_EQ(find_data("deep/er/model"), root / "deep/er/model");
  setenv("HMM_MODEL_PATH", (root / "deep/er").c_str(), 1);
  EXPECT_EQ(find_data("deep/er/model"), root / "deep/er/model");
  EXPECT_EQ(find_data("deep/er/another"), std::nullopt);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace hmm
