#include "core/model/io/lm_bin.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/model/io/language_model.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

TEST(LmBin, ReadsDebiansPhoneModel) {
  const auto path = testing::kEnUs / "en-us-phone.lm.bin";
  SKIP_WITHOUT(path);
  const NgramModel model = load_language_model(path);
  EXPECT_EQ(model.words(), 43);
  const int history[] = {*model.find("AH")};
  EXPECT_NEAR(model.log_probability(*model.find("</s>"), history) / 2.302585, -2.1677, 1e-4);
}

}  // namespace
}  // namespace hmm
