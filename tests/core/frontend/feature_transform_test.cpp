#include "core/frontend/feature_transform.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/error.h"

namespace hmm {
namespace {

TEST(FeatureTransform, NormalizesBeforeItDifferentiates) {
  FrontEndConfig config;
  config.normalization = NormalizationKind::live;
  FeatureTransform transform(config);
  ASSERT_EQ(transform.input_dimension(), 13U);
  ASSERT_EQ(transform.dimension(), 39U);
  for (int t = 0; t < 5; ++t) transform.push(std::vector<float>(13, 41.0F + static_cast<float>(t)));
  EXPECT_EQ(transform.ready(), 2U);
  transform.flush();
  Matrix frames(5, 39);
  ASSERT_EQ(transform.take(frames.view()), 5U);
  EXPECT_FLOAT_EQ(frames(0, 0), 0);  // c0's initial mean is 41.
  EXPECT_FLOAT_EQ(frames(4, 0), 4);
  EXPECT_FLOAT_EQ(frames(2, 13), 4);  // c[4] - c[0]
  EXPECT_FLOAT_EQ(frames(2, 26), 0 + (4 - 1) - (3 - 0));
}

TEST(FeatureTransform, RefusesOtherSizesAndSettings) {
  FeatureTransform transform{FrontEndConfig()};
  EXPECT_THROW(transform.push(std::vector<float>(39)), DataError);
  EXPECT_THROW(transform.push(std::vector<float>()), DataError);
  Matrix narrow(3, 13);
  EXPECT_THROW(transform.take(narrow.view()), DataError);
  FrontEndConfig config;
  config.delta_order = 0;
  EXPECT_THROW(FeatureTransform{config}, SettingsError);
}

TEST(FeatureTransform, ResetDropsEverything) {
  FeatureTransform transform{FrontEndConfig()};
  for (int t = 0; t < 8; ++t) transform.push(std::vector<float>(13, 1.0F));
  EXPECT_EQ(transform.ready(), 5U);
  transform.reset();
  transform.flush();
  EXPECT_EQ(transform.ready(), 0U);
}

}  // namespace
}  // namespace hmm
