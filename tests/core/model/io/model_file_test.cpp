#include "core/model/io/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/factories.h"
#include "core/model/io/duration_json.h"
#include "core/model/io/safetensors.h"
#include "core/model/topology/chains.h"
#include "tests/core/model/io/mutations.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using testing::bytes_of;
using ::testing::HasSubstr;

const std::vector<Duration> kDurations = {{HistogramDuration{{0.1, 1.0 / 3, 5}}, 1, 10},
                                          {GaussianDuration{8, 0.1}, 2, 20},
                                          {LogNormalDuration{2, 0.4}, 1, 40},
                                          {GammaDuration{1.0 / 3, 2.5}, 3, 30},
                                          {PoissonDuration{6.7}, 1, 25},
                                          {WeibullDuration{1.8, 9}, 2, 35},
                                          {NegativeBinomialDuration{2.5, 0.3}, 1, 40},
                                          {GeometricDuration{0.7}, 4, 30},
                                          {FixedDuration{5}, 1, 9}};

std::vector<Model> models_of_every_kind() {
  compute::TiedMixtures shared;
  shared.codebooks = 2;
  shared.densities = 2;
  shared.stream_dimensions = {1, 2};
  shared.means = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  shared.variances.assign(12, 0.3F);
  shared.weights = {0.1F, 0.9F, 0.5F, 0.5F, 1, 0, 0.25F, 0.75F};
  shared.codebook_of = {1, 0};
  const std::vector<Emission> emissions = {
      compute::GaussianMixtures{2, 2, 1, {0.1F, 2, 3, 4}, {1, 2, 3, 4}, {-INFINITY, 0, 0, -1e-3F}},
      spherical_mixtures(2, 1, 3, {1, 2, 3, 4, 5, 6}, std::vector{0.5F, 0.1F}, {0, 0}),
      FullMixtures{2, 1, 2, false, {0, 1, 2, 3}, {2, 0.7F, 0.7F, 1, 1, 0, 0, 1}, {0, 0}},
      FullMixtures{2, 1, 2, true, {0, 1, 2, 3}, {2, 0.7F, 0.7F, 1}, {0, 0}},
      shared,
      Categorical{2, 2, {0, -INFINITY, std::log(0.25F), std::log(0.75F)}},
      ExternalScores{2, ExternalScores::Kind::kPosterior, {0.25F, 0.75F}, 0.3F},
      ExternalScores{2, ExternalScores::Kind::kLogLikelihood, {}, 1}};
  std::vector<Model> models;
  for (const Emission& emission : emissions) {
    Hmm model{"two states", state_graph(topology::left_to_right(2, 0.9), {"a", "\xea\xb0\x80"}),
              emission, "{\"rate\": 16000}"};
    models.emplace_back(model);
  }
  Hsmm semi = synthesis_model({"a", "b", "c", "d", "e", "f", "g", "h", "i"}, {.dimension = 2});
  semi.durations = kDurations;
  models.emplace_back(semi);
  semi.context.weights = Matrix(9, 2, 0.1F);
  models.emplace_back(semi);
  return models;
}

std::string message_of(const std::string& file) {
  try {
    read_model(bytes_of(file), "x");
  } catch (const ParseError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ModelFile, RoundTripsAreBitExact) {
  for (const Model& model : models_of_every_kind()) {
    const std::string file = write_model(model);
    const Model read = read_model(bytes_of(file), "x");
    EXPECT_EQ(read.index(), model.index());
    EXPECT_EQ(write_model(read), file) << kind_of(hmm_of(model).emission);
    const ModelHeader header = read_model_header(bytes_of(file), "x");
    EXPECT_EQ(header.states, hmm_of(model).states());
    EXPECT_EQ(header.dimension, dimension_of(hmm_of(model).emission));
    EXPECT_EQ(header.emission, kind_of(hmm_of(model).emission));
    EXPECT_EQ(header.front_end, hmm_of(model).front_end);
  }
}

TEST(ModelFile, ValuesComeBack) {
  const std::string file = write_model(models_of_every_kind()[0]);
  const Hmm read = std::get<Hmm>(read_model(bytes_of(file), "x"));
  EXPECT_EQ(read.name, "two states");
  EXPECT_EQ(read.graph.labels[1], "\xea\xb0\x80");
  EXPECT_EQ(read.graph.transitions.log_initial[1], -INFINITY) << "impossible stays impossible";
  EXPECT_EQ(read.graph.transitions.arcs, hmm_of(models_of_every_kind()[0]).graph.transitions.arcs);
  const auto& mixtures = std::get<compute::GaussianMixtures>(read.emission);
  EXPECT_EQ(mixtures.means[0], 0.1F);
  EXPECT_EQ(mixtures.log_weights[0], -INFINITY);
}

TEST(ModelFile, DurationsKeepEveryBit) {
  EXPECT_EQ(durations_from_json(durations_to_json(kDurations)), kDurations);
  EXPECT_THROW(durations_from_json("[{\"family\":\"uniform\"}]"), SettingsError);
  EXPECT_THROW(durations_from_json("[{\"family\":\"gamma\",\"shape\":1}]"), SettingsError);
  EXPECT_THROW(durations_from_json("[{\"family\":\"gamma\",\"shape\":\"1\"}]"), SettingsError);
  EXPECT_THROW(durations_from_json("[7]"), SettingsError);
  EXPECT_THROW(durations_from_json("{}"), SettingsError);
  EXPECT_THROW(durations_from_json(""), SettingsError);
  EXPECT_THROW(durations_from_json(std::string(100000, '[')), SettingsError);
}

TEST(ModelFile, SaveAndLoad) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "hmm_model_file_test.safetensors";
  const Model model = models_of_every_kind().back();
  save_model(model, path);
  EXPECT_EQ(write_model(load_model(path)), write_model(model));
  std::filesystem::remove(path);
  EXPECT_THROW(load_model(path), NotFoundError);
}

/// A valid file with one change to its parts.
std::string changed(const std::function<void(SafetensorsWriter&)>& change,
                    const std::string& without_tensor = "", const std::string& without_key = "") {
  const std::string file = write_model(models_of_every_kind()[0]);
  const Safetensors parsed(bytes_of(file), "x");
  SafetensorsWriter writer;
  for (const auto& [key, value] : parsed.metadata()) {
    if (key != without_key) writer.metadata(key, value);
  }
  for (const auto& [name, tensor] : parsed.tensors()) {
    if (name == without_tensor) continue;
    if (tensor.type == TensorType::kF32) writer.add(name, tensor.shape, parsed.floats(name));
    if (tensor.type == TensorType::kI32) writer.add(name, tensor.shape, parsed.integers(name));
    if (tensor.type == TensorType::kU8) writer.add(name, tensor.shape, parsed.bytes(name));
    if (tensor.type == TensorType::kU64) {
      const auto offsets = parsed.integers(name);
      writer.add(name, tensor.shape, std::vector<uint64_t>(offsets.begin(), offsets.end()));
    }
  }
  change(writer);
  return writer.file();
}

TEST(ModelFile, BrokenModelsAreNamed) {
  EXPECT_EQ(message_of(changed([](auto&) {})), "no error");
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("format", "pt"); })),
              HasSubstr("x: \"format\": it must be hmm-model"));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("version", "2"); })),
              HasSubstr("reads version 1, not \"2\""));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("kind", "crf"); })), HasSubstr("crf"));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("states", "-2"); })),
              HasSubstr("above 0"));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("states", "3"); })),
              HasSubstr("for each state"));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("dimension", "3"); })),
              HasSubstr("the tensors have 1"));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("emission", "full"); })),
              HasSubstr("\"covariances\": there is no tensor"));
  EXPECT_THAT(message_of(changed([](auto& w) { w.metadata("emission", "odd"); })),
              HasSubstr("no kind of emission"));
  EXPECT_THAT(message_of(changed([](auto&) {}, "", "front_end")), HasSubstr("front_end"));
  EXPECT_THAT(message_of(changed([](auto&) {}, "means")), HasSubstr("\"means\""));
}

TEST(ModelFile, BrokenTensorsAreNamed) {
  const auto with_floats = [](const char* name, TensorShape shape, std::vector<float> values) {
    return message_of(changed([&](auto& w) { w.add(name, shape, values); }, name));
  };
  EXPECT_THAT(with_floats("variances", {2, 2, 1}, {1, 2, 0, 4}), HasSubstr("above 0"));
  EXPECT_THAT(with_floats("means", {2, 2, 1}, {1, 2, NAN, 4}), HasSubstr("finite"));
  EXPECT_THAT(with_floats("means", {4}, {1, 2, 3, 4}), HasSubstr("3 axes, not the shape [4]"));
  EXPECT_THAT(with_floats("log_initial", {2}, {0, 0}), HasSubstr("initial probabilities sum to 2"));
  EXPECT_THAT(with_floats("arcs.log_probability", {3}, {0, 0, 0}), HasSubstr("sum to 2"));
  const auto with_integers = [](const char* name, std::vector<int32_t> values) {
    const TensorShape shape = {values.size()};
    return message_of(changed([&](auto& w) { w.add(name, shape, values); }, name));
  };
  EXPECT_THAT(with_integers("arcs.target", {0, 1, 2}), HasSubstr("does not exist"));
  EXPECT_THAT(with_integers("arcs.target", {0, 1}), HasSubstr("as many sources"));
  EXPECT_THAT(with_integers("label_of", {0, 2}), HasSubstr("label that does not exist"));
  EXPECT_THAT(with_integers("emission_of", {0, 2}), HasSubstr("reads 3 emissions"));
  const auto with_offsets = [](std::vector<uint64_t> values) {
    const TensorShape shape = {values.size()};
    return message_of(
        changed([&](auto& w) { w.add("labels.offsets", shape, values); }, "labels.offsets"));
  };
  EXPECT_THAT(with_offsets({}), HasSubstr("run from 0"));
  EXPECT_THAT(with_offsets({0, 9, 4}), HasSubstr("must not fall"));
  EXPECT_THAT(with_offsets({0, 2, 4}), HasSubstr("not UTF-8"));
}

TEST(ModelFile, SurvivesMutations) {
  int accepted = 0;
  const auto read = [&](const std::string& file) {
    try {
      const Model model = read_model(bytes_of(file), "x");
      write_model(model);
      ++accepted;
    } catch (const ParseError&) {
    }
  };
  const auto models = models_of_every_kind();
  testing::for_each_mutation(write_model(models[0]), 1200, read);
  testing::for_each_mutation(write_model(models.back()), 2500, read);
  EXPECT_GT(accepted, 0);
}

TEST(ModelFile, PythonOpensItWithItsSafetensorsPackage) {
  const char* python = std::getenv("HMM_TEST_PYTHON");
  const std::string interpreter = python != nullptr ? python : "python3";
  if (std::system((interpreter + " -c 'import numpy, safetensors' 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "Python's safetensors package is not on this machine";
  }
  const auto path =
      std::filesystem::path(::testing::TempDir()) / "hmm_model_for_python.safetensors";
  save_model(models_of_every_kind().back(), path);
  const auto script = testing::source_file("docs/read_model.py");
  const std::string command = interpreter + " " + script.string() + " " + path.string();
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  EXPECT_EQ(::pclose(pipe), 0);
  std::filesystem::remove(path);
  EXPECT_THAT(output,
              HasSubstr("hsmm synthesis: 9 states, frames of 2 values, spherical emissions"));
  EXPECT_THAT(output, HasSubstr("state 3 (d): gamma, 3 to 30 frames"));
  EXPECT_THAT(output, HasSubstr("rows of transition probabilities sum to 1.000 .. 1.000"));
}

}  // namespace
}  // namespace hmm
