#include "core/model/io/any_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/factories.h"
#include "core/model/io/model_file.h"
#include "core/model/io/safetensors.h"
#include "tests/core/model/io/mutations.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

class AnyModel : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(const std::string& content) const {
    write_file(folder_ / "model", content);
    return folder_ / "model";
  }
  std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / "hmm_any_model_test";
};

TEST_F(AnyModel, TellsFormatsApart) {
  const Hmm native = realtime_model(2, {.dimension = 3});
  EXPECT_EQ(load_any_model(file(write_model(native))).format, "hmm-model");

  SafetensorsWriter state_dict;
  state_dict.add("log_initial_logits", {2}, std::vector<float>{0, 0});
  state_dict.add("log_transition_logits", {2, 2}, std::vector<float>{0, 0, 0, 0});
  EXPECT_EQ(load_any_model(file(state_dict.file())).format, "pytorch_hmm");

  const auto htk = testing::test_data("models/htk-prosodylab-eng/hmmdefs");
  if (std::filesystem::exists(htk)) {
    const FoundModel found = load_any_model(htk);
    EXPECT_EQ(found.format, "htk");
    EXPECT_EQ(hmm_of(found.model).graph.labels.size(), 70u);
  }
}

TEST_F(AnyModel, ASphinxFolderBecomesAPhoneLoop) {
  const auto folder = testing::kEnUs / "en-us";
  SKIP_WITHOUT(folder);
  const FoundModel found = load_any_model(folder);
  EXPECT_EQ(found.format, "sphinx");
  const std::string written = write_model(found.model);
  const Model read = read_model(testing::bytes_of(written), "x");
  EXPECT_EQ(write_model(read), written);
  EXPECT_EQ(dimension_of(hmm_of(read).emission), 39);
  EXPECT_EQ(hmm_of(read).graph.labels.size(), 42u);
}

TEST_F(AnyModel, WhatIsNoModelIsNamed) {
  EXPECT_THROW(load_any_model(file("")), ParseError);
  EXPECT_THROW(load_any_model(file("hello, this is text")), ParseError);
  EXPECT_THROW(load_any_model(file("~h \"a\"")), ParseError);
  EXPECT_THROW(load_any_model(file(SafetensorsWriter().file())), ParseError);
  EXPECT_THROW(load_any_model(folder_ / "absent"), NotFoundError);
  EXPECT_THROW(load_any_model(folder_), NotFoundError) << "a folder without a Sphinx model";
}

}  // namespace
}  // namespace hmm
