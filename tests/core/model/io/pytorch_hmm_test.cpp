#include "core/model/io/pytorch_hmm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "tests/core/model/io/mutations.h"
#include "tests/core/model/topology/topology_testing.h"

namespace hmm {
namespace {

using testing::bytes_of;
using ::testing::HasSubstr;

Model import(const SafetensorsWriter& writer, const PytorchHmmOptions& options = {}) {
  const std::string file = writer.file();
  return import_pytorch_hmm(Safetensors(bytes_of(file), "x"), options);
}

std::string message_of(const SafetensorsWriter& writer, const PytorchHmmOptions& options = {}) {
  try {
    import(writer, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// log(P + 1e-8) of a left-to-right matrix, as the library's HMMLayer starts.
std::vector<float> left_to_right_logits() {
  std::vector<float> logits;
  for (const double p : {0.7, 0.3, 0.0, 0.0, 0.7, 0.3, 0.0, 0.0, 1.0}) {
    logits.push_back(static_cast<float>(std::log(p + 1e-8)));
  }
  return logits;
}

SafetensorsWriter gaussian_layer(TensorShape scale_shape, std::vector<float> scales) {
  SafetensorsWriter writer;
  writer.add("hmm_layer.log_transition_logits", {3, 3}, left_to_right_logits());
  writer.add("hmm_layer.log_initial_logits", {3}, std::vector<float>(3, std::log(1.0F / 3)));
  writer.add("means", {3, 2}, std::vector<float>{1, 2, 3, 4, 5, 6});
  writer.add("log_scales", std::move(scale_shape), scales);
  return writer;
}

TEST(PytorchHmm, TheEpsilonFloorIsRemoved) {
  const Hmm model = std::get<Hmm>(import(gaussian_layer({3, 2}, {0, 0, 1, 1, 2, 2})));
  // The trap: a step back at 18 nats instead of none.
  const auto p = testing::dense(model.graph.transitions);
  EXPECT_EQ(model.graph.transitions.arcs.size(), 5u);
  EXPECT_EQ(p(1, 0), 0);
  EXPECT_EQ(p(0, 2), 0);
  EXPECT_NEAR(p(0, 0), 0.7, 1e-6);
  EXPECT_NEAR(p(2, 2), 1, 1e-7);
  EXPECT_NEAR(model.graph.transitions.log_initial[2], std::log(1.0 / 3), 1e-6);
  const Hmm kept = std::get<Hmm>(import(gaussian_layer({3, 2}, {0, 0, 1, 1, 2, 2}), {.floor = 0}));
  EXPECT_EQ(kept.graph.transitions.arcs.size(), 9u) << "a floor of 0 removes nothing";
}

TEST(PytorchHmm, GaussianLayerOfEveryCovarianceType) {
  const auto variances = [](const Model& model) {
    return std::get<compute::GaussianMixtures>(hmm_of(model).emission).variances;
  };
  const auto diagonal = variances(import(gaussian_layer({3, 2}, {0, 0.5F, 1, 1, 2, 2})));
  EXPECT_NEAR(diagonal[1], std::exp(1.0), 1e-6);
  const auto spherical = variances(import(gaussian_layer({3, 1}, {0, 1, 2})));
  EXPECT_NEAR(spherical[3], std::exp(2.0), 1e-5);
  std::vector<float> full(12, 9);
  full[0] = 0;
  full[3] = 0.5F;
  EXPECT_NEAR(variances(import(gaussian_layer({3, 2, 2}, full)))[1], std::exp(1.0), 1e-6)
      << "the library uses the diagonal only";
}

SafetensorsWriter mixture_layer(const char* name, TensorShape shape, std::vector<float> values) {
  SafetensorsWriter writer;
  writer.add("transition_logits", {2, 2}, std::vector<float>{0, 0, 1, -1});
  writer.add("mixture_weights_logits", {2, 2}, std::vector<float>{0, 0, std::log(3.0F), 0});
  writer.add("means", {2, 2, 2}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7});
  writer.add(name, std::move(shape), values);
  return writer;
}

TEST(PytorchHmm, MixtureLayerOfEveryCovarianceType) {
  const Model diagonal = import(mixture_layer("log_vars", {2, 2, 2}, {0, 1, 0, 0, 0, 0, 0, 0}));
  const auto& m = std::get<compute::GaussianMixtures>(hmm_of(diagonal).emission);
  EXPECT_NEAR(m.variances[1], std::exp(1.0), 1e-6);
  EXPECT_NEAR(m.log_weights[2], std::log(0.75), 1e-6);
  EXPECT_NEAR(testing::dense(hmm_of(diagonal).graph.transitions)(1, 1), 1 / (1 + std::exp(2.0)),
              1e-6);
  const Model spherical = import(mixture_layer("log_vars", {2, 2}, {0, 1, 2, 3}));
  EXPECT_EQ(kind_of(hmm_of(spherical).emission), "spherical");
  const Model tied = import(mixture_layer("log_vars", {2}, {0, 1}));
  EXPECT_NEAR(std::get<compute::GaussianMixtures>(hmm_of(tied).emission).variances[7],
              std::exp(1.0), 1e-6);
  std::vector<float> packed(12, 0);
  packed[0] = std::log(2.0F);
  packed[1] = 0.5F;
  const Model full = import(mixture_layer("cholesky_params", {2, 2, 3}, packed));
  const auto& f = std::get<FullMixtures>(hmm_of(full).emission);
  EXPECT_NEAR(f.covariances[0], 4, 1e-6);
  EXPECT_NEAR(f.covariances[1], 1, 1e-6);
  EXPECT_NEAR(f.covariances[3], 1.25, 1e-6);
}

SafetensorsWriter hsmm_layer() {
  SafetensorsWriter writer;
  writer.add("transition_logits", {3, 3}, std::vector<float>{9, 0, 0, 0, 9, 0, 0, 1, 9});
  writer.add("observation_means", {3, 1}, std::vector<float>{1, 2, 3});
  writer.add("observation_log_vars", {3, 1}, std::vector<float>{0, 0, 0});
  writer.add("duration_range", {3}, std::vector<float>{2, 3, 4});
  return writer;
}

TEST(PytorchHmm, HsmmLayerKeepsItsLimitsAndHasNoSelfLoops) {
  SafetensorsWriter writer = hsmm_layer();
  writer.add("duration_shape", {3}, std::vector<float>{2, 2, 2});
  writer.add("duration_rate", {3}, std::vector<float>{0.2F, 0.2F, 0.2F});
  const Hsmm model = std::get<Hsmm>(import(writer, {.labels = {"a", "b", "c"}}));
  const auto p = testing::dense(model.hmm.graph.transitions);
  for (std::size_t n = 0; n < 3; ++n) EXPECT_EQ(p(n, n), 0);
  EXPECT_NEAR(p(2, 1), std::exp(1.0) / (1 + std::exp(1.0)), 1e-6);
  EXPECT_EQ(model.durations[1].shortest, 2);
  EXPECT_EQ(model.durations[1].longest, 4);
  const auto& gamma = std::get<GammaDuration>(model.durations[0].density);
  EXPECT_NEAR(gamma.shape, std::log1p(std::exp(2.0)), 1e-6);
  EXPECT_NEAR(gamma.scale, 1 / std::log1p(std::exp(0.2)), 1e-5);
  EXPECT_EQ(model.hmm.graph.labels[2], "c");
}

TEST(PytorchHmm, SemiMarkovFamilies) {
  const auto base = [] {
    SafetensorsWriter writer;
    writer.add("transition_logits", {2, 2}, std::vector<float>{0, 0, 0, 0});
    writer.add("initial_logits", {2}, std::vector<float>{0, 0});
    writer.add("observation_means", {2, 1}, std::vector<float>{1, 2});
    writer.add("observation_logvars", {2, 1}, std::vector<float>{0, 0});
    return writer;
  };
  SafetensorsWriter poisson = base();
  poisson.add("duration_model.lambda_params", {2}, std::vector<float>{30, 5});
  const Hsmm model = std::get<Hsmm>(import(poisson, {.longest = 60}));
  EXPECT_NEAR(std::get<PoissonDuration>(model.durations[0].density).rate, 30, 1e-4);
  EXPECT_EQ(model.durations[0].longest, 60);
  SafetensorsWriter gaussian = base();
  gaussian.add("duration_model.mean_params", {2}, std::vector<float>{30, 30});
  gaussian.add("duration_model.std_params", {2}, std::vector<float>{30, 30});
  const Hsmm second = std::get<Hsmm>(import(gaussian));
  EXPECT_NEAR(std::get<GaussianDuration>(second.durations[0].density).mean, 31, 1e-4);
  EXPECT_THAT(message_of(base()), HasSubstr("network"));
}

TEST(PytorchHmm, ExternalPosteriors) {
  SafetensorsWriter writer;
  writer.add("log_initial_logits", {3}, std::vector<float>{0, 0, 0});
  writer.add("transition_matrix", {3, 3}, std::vector<float>{0.5F, 0.5F, 0, 0, 1, 0, 0, 0, 1});
  const Hmm model = std::get<Hmm>(import(writer));
  EXPECT_EQ(kind_of(model.emission), "external");
  EXPECT_EQ(model.graph.transitions.arcs.size(), 4u);
}

TEST(PytorchHmm, WhatDoesNotFitIsNamed) {
  EXPECT_THAT(message_of({}), HasSubstr("holds none of"));
  EXPECT_THAT(message_of(gaussian_layer({6}, {0, 0, 0, 0, 0, 0})), HasSubstr("log_scales"));
  EXPECT_THAT(message_of(mixture_layer("log_vars", {8}, std::vector<float>(8))),
              HasSubstr("log_vars"));
  EXPECT_THAT(message_of(mixture_layer("log_vars", {2}, {0, NAN})), HasSubstr("variances"));
  EXPECT_THAT(message_of(hsmm_layer()), HasSubstr("duration_scale"));
  EXPECT_THAT(message_of(gaussian_layer({3, 1}, {0, 1, 2}), {.floor = 0.9}),
              HasSubstr("floor of probabilities"));
  EXPECT_THAT(message_of(gaussian_layer({3, 1}, {0, 1, 2}), {.labels = {"one"}}),
              HasSubstr("not for all 3"));
  SafetensorsWriter no_numbers;
  no_numbers.add("log_initial_logits", {2}, std::vector<float>{0, NAN});
  no_numbers.add("log_transition_logits", {2, 2}, std::vector<float>{0, 0, 0, 0});
  EXPECT_THAT(message_of(no_numbers), HasSubstr("not finite"));
  SafetensorsWriter dead_end;
  dead_end.add("log_initial_logits", {2}, std::vector<float>{0, 0});
  dead_end.add("transition_matrix", {2, 2}, std::vector<float>{0, 0, 0.5F, 0.5F});
  EXPECT_THAT(message_of(dead_end), HasSubstr("no way on"));
}

}  // namespace
}  // namespace hmm
