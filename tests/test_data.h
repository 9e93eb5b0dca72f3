// Where tests find real recordings and models. Each macro skips the test, with the reason, when the
// data is not on this machine.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace hmm::testing {

/// A file or folder of the test data set (HMM_TEST_DATA, else ../shared/data beside the project).
inline std::filesystem::path test_data(const char* name) {
  const char* folder = std::getenv("HMM_TEST_DATA");
  const char* root = std::getenv("HMM_SOURCE_ROOT");
  return (folder != nullptr
              ? std::filesystem::path(folder)
              : std::filesystem::path(root != nullptr ? root : ".") / "../shared/data") /
         name;
}

/// A file or folder of this source tree.
inline std::filesystem::path source_file(const char* name) {
  const char* root = std::getenv("HMM_SOURCE_ROOT");
  return std::filesystem::path(root != nullptr ? root : ".") / name;
}

/// What Debian's packages pocketsphinx-en-us and pocketsphinx-testdata install.
inline const std::filesystem::path kEnUs = "/usr/share/pocketsphinx/model/en-us";
inline const std::filesystem::path kPocketsphinxTestData = "/usr/share/pocketsphinx/test/data";

}  // namespace hmm::testing

#define SKIP_WITHOUT(place)            \
  if (!std::filesystem::exists(place)) \
  GTEST_SKIP() << "not on this machine: " << std::filesystem::path(place).filename().string()
