#include "core/model/io/sphinx_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "tests/test_data.h"

namespace hmm {
namespace {

TEST(SphinxModel, LoadsDebiansEnglishModel) {
  const auto folder = testing::kEnUs / "en-us";
  SKIP_WITHOUT(folder);
  const AcousticModel acoustic = load_sphinx_model(folder);
  EXPECT_EQ(acoustic.phones.size(), 42);
  EXPECT_EQ(acoustic.phones.triphones(), 137053U);
  EXPECT_EQ(acoustic.phones.states_per_phone(), 3);
  EXPECT_EQ(acoustic.phones.name(acoustic.phones.silence()), "SIL");
  EXPECT_EQ(acoustic.senones.states(), 5126);
  EXPECT_EQ(acoustic.senones.codebooks, 42);
  EXPECT_EQ(acoustic.senones.densities, 128);
  EXPECT_THAT(acoustic.senones.stream_dimensions, ::testing::ElementsAre(13, 13, 13));
  EXPECT_EQ(acoustic.transitions.matrices(), 42);
  EXPECT_NO_THROW(acoustic.senones.validate());
}

}  // namespace
}  // namespace hmm
