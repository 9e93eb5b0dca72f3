#include "core/model/io/sphinx_feat_params.h"

#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::HasSubstr;
using testing::kFeatParams;
using testing::message_of;
using testing::with;

SphinxFeatureParameters parse(const std::string& file) {
  return parse_sphinx_feat_params(as_bytes(file), "feat.params");
}

TEST(SphinxFeatParams, ReadsOptionsAndKeepsDefaults) {
  const SphinxFeatureParameters parameters = parse(kFeatParams);
  EXPECT_EQ(parameters.filters, 25);
  EXPECT_EQ(parameters.low_frequency, 130);
  EXPECT_EQ(parameters.mean_normalisation, "batch");
  EXPECT_EQ(parameters.sample_rate, 16000);
  EXPECT_TRUE(parameters.remove_noise);
  ASSERT_EQ(parameters.streams.size(), 3U);
  EXPECT_EQ(parameters.streams[2].front(), 26);
  EXPECT_EQ(parameters.streams[2].back(), 38);
}

TEST(SphinxFeatParams, IsTheSphinxPreset) {
  FrontEndConfig expected = preset("sphinx-denoise");
  expected.fft_size = 512;
  expected.normalization = NormalizationKind::batch;
  FrontEndConfig config = sphinx_front_end(parse(kFeatParams), "feat.params");
  EXPECT_NEAR(config.initial_mean[1], -5.29, 1e-6);
  EXPECT_EQ(config.initial_mean.size(), 13U);
  config.initial_mean.clear();
  expected.initial_mean.clear();
  EXPECT_EQ(config, expected);
}

TEST(SphinxFeatParams, ReadsOlderNames) {
  EXPECT_EQ(parse("-cmn current\n").mean_normalisation, "batch");
  EXPECT_EQ(parse("-cmn prior -varnorm yes\r\n").mean_normalisation, "live");
}

TEST(SphinxFeatParams, NamesLineAndReason) {
  const auto message = [](const std::string& file) {
    return message_of<ParseError>([&] { parse(file); });
  };
  EXPECT_THAT(message("-nfilt 25\nnonsense 3\n"), HasSubstr("feat.params: line 2: "));
  EXPECT_THAT(message("-nfilt\n"), HasSubstr("no value"));
  EXPECT_THAT(message("-nfilt 0\n"), HasSubstr("-nfilt has the value \"0\""));
  EXPECT_THAT(message("-nfilt 1e3\n"), HasSubstr("an integer"));
  EXPECT_THAT(message("-lowerf nan\n"), HasSubstr("a number"));
  EXPECT_THAT(message("-lowerf 7000 -upperf 300\n"), HasSubstr("not below"));
  EXPECT_THAT(message("-cmn sometimes\n"), HasSubstr("one of none, batch, live"));
  EXPECT_THAT(message("-varnorm maybe\n"), HasSubstr("yes or no"));
  EXPECT_THAT(message("-svspec 0-12/12-\n"), HasSubstr("-svspec"));
  EXPECT_THAT(message("-svspec 12-0\n"), HasSubstr("-svspec"));
  EXPECT_THAT(message("-svspec 0-4000,0-4000,0-4000\n"), HasSubstr("at most once"));
  EXPECT_THAT(message("-cmninit 40,,1\n"), HasSubstr("-cmninit"));
  EXPECT_THAT(message("-lda feature_transform\n"), HasSubstr("not supported"));
}

TEST(SphinxFeatParams, RefusesAFrontEndThatIsNotThere) {
  const auto message = [](const std::string& file) {
    return message_of<ParseError>([&] { sphinx_front_end(parse(file), "feat.params"); });
  };
  EXPECT_THAT(message("-feat s2_4x\n"), HasSubstr("-feat: the front end has no \"s2_4x\""));
  EXPECT_THAT(message("-agc max\n"), HasSubstr("-agc"));
  EXPECT_THAT(message("-doublebw yes\n"), HasSubstr("-doublebw"));
  EXPECT_THAT(message("-samprate 8000\n"), HasSubstr("half the sample rate"));
}

}  // namespace
}  // namespace hmm
