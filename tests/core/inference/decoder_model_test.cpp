#include "core/inference/decoder_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

const std::filesystem::path kModel = testing::kEnUs / "en-us";

DecoderSettings en_us() {
  DecoderSettings settings;
  settings.model = kModel;
  settings.language_model = phone_language_model_beside(kModel);
  return settings;
}

TEST(DecoderModel, LoadsDebiansModelOnce) {
  SKIP_WITHOUT(kModel);
  const auto model = load_decoder_model(en_us());
  EXPECT_EQ(model->graph->graph.transitions.states, 42 * 3);
  EXPECT_THAT(model->graph->graph.labels, ::testing::Contains("SIL"));
  EXPECT_EQ(load_decoder_model(en_us()), model);
  DecoderSettings other = en_us();
  other.insertion_weight = -2;
  EXPECT_NE(load_decoder_model(other), model);
}

TEST(DecoderModel, FramesComeBeforeNormalization) {
  SKIP_WITHOUT(kModel);
  const FrontEndConfig front_end = read_front_end(kModel);
  EXPECT_EQ(front_end.normalization, NormalizationKind::recursive);
  EXPECT_EQ(front_end.initial_mean.size(), 13u);
  EXPECT_EQ(before_normalization(front_end).digest(), preset("sphinx-denoise").digest());
}

TEST(DecoderModel, LanguageModelBesideTheModel) {
  SKIP_WITHOUT(kModel);
  EXPECT_EQ(phone_language_model_beside(kModel), testing::kEnUs / "en-us-phone.lm.bin");
  EXPECT_EQ(phone_language_model_beside(kModel / ""), testing::kEnUs / "en-us-phone.lm.bin");
  EXPECT_EQ(phone_language_model_beside("/nonexistent/model"), "");
}

TEST(DecoderModel, AbsentAndUnfitFilesAreNamed) {
  DecoderSettings settings;
  settings.model = "/nonexistent/model";
  EXPECT_THROW(load_decoder_model(settings), NotFoundError);
  SKIP_WITHOUT(kModel);
  settings = en_us();
  settings.language_model = "/nonexistent/phones.lm";
  EXPECT_THROW(load_decoder_model(settings), NotFoundError);
  settings.language_model = testing::kEnUs / "en-us.lm.bin";
  EXPECT_THAT([&] { load_decoder_model(settings); },
              ::testing::ThrowsMessage<SettingsError>(
                  ::testing::HasSubstr("en-us.lm.bin: the language model is none of phones")));
}

}  // namespace
}  // namespace hmm
