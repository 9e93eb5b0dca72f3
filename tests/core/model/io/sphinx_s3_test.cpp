#include "core/model/io/sphinx_s3.h"

#include <cmath>
#include <limits>

#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;
using testing::s3_file;

TEST(SphinxS3, ReadsMeansOfBothByteOrders) {
  for (const bool swap : {false, true}) {
    const std::string file = testing::gaussians_file(-1, 0.25F, {.swap = swap});
    const SphinxGaussians means = parse_sphinx_means(as_bytes(file), "means");
    EXPECT_EQ(means.codebooks, 2);
    EXPECT_EQ(means.densities, 2);
    EXPECT_THAT(means.stream_dimensions, ElementsAre(2, 1));
    EXPECT_EQ(means.values.size(), 12U);
    EXPECT_EQ(means.values[0], -1);
    EXPECT_EQ(means.values[11], 1.75F);
  }
}

TEST(SphinxS3, ReadsFilesWithoutChecksum) {
  const std::string file = testing::gaussians_file(1, 1, {.checksum = false});
  EXPECT_EQ(parse_sphinx_means(as_bytes(file), "means").values[2], 3);
}

TEST(SphinxS3, FloorsVariances) {
  const std::string file = s3_file({1, 1, 2, 1, 2}, {0, 0.5F});
  EXPECT_THAT(parse_sphinx_variances(as_bytes(file), "variances").values, ElementsAre(1e-4F, 0.5F));
}

TEST(SphinxS3, NormalisesMixtureWeights) {
  const std::string file = s3_file({2, 1, 2, 4}, {3, 1, 0, 0});
  const SphinxMixtureWeights weights = parse_sphinx_mixture_weights(as_bytes(file), "weights");
  EXPECT_THAT(weights.values, ElementsAre(0.75F, 0.25F, 0.5F, 0.5F));
  EXPECT_EQ(parse_sphinx_mixture_weights(as_bytes(file), "weights", 1).values.size(), 2U);
}

TEST(SphinxS3, FloorsMixtureWeights) {
  const std::string file = s3_file({1, 1, 2, 2}, {5, 0});
  const SphinxMixtureWeights weights = parse_sphinx_mixture_weights(as_bytes(file), "weights");
  EXPECT_NEAR(weights.values[1], 1e-7, 1e-12);
}

TEST(SphinxS3, TakesLogarithmsOfTransitions) {
  const std::string file = testing::transitions_file();
  const PhoneTransitions transitions = parse_sphinx_transition_matrices(as_bytes(file), "tmat");
  EXPECT_EQ(transitions.matrices(), 2);
  EXPECT_EQ(transitions.states, 2);
  EXPECT_FLOAT_EQ(transitions.matrix(0)(0, 0), std::log(0.75F));
  EXPECT_EQ(transitions.matrix(0)(0, 2), -std::numeric_limits<float>::infinity());
  EXPECT_FLOAT_EQ(transitions.matrix(1)(0, 2), std::log(0.25F));
  // A state that was never left.
  EXPECT_EQ(transitions.matrix(1)(1, 2), -std::numeric_limits<float>::infinity());
}

TEST(SphinxS3, FloorsTransitionsThatArePossible) {
  const std::string file = s3_file({1, 1, 2, 2}, {1e6F, 1});
  const auto transitions = parse_sphinx_transition_matrices(as_bytes(file), "tmat");
  EXPECT_NEAR(transitions.matrix(0)(0, 1), std::log(1e-4 / 1.0001), 1e-5);
}

TEST(SphinxS3, RefusesTransitionsBackwards) {
  const std::string file = s3_file({1, 2, 3, 6}, {1, 1, 0, 1, 1, 1});
  EXPECT_THAT(
      message_of<ParseError>([&] { parse_sphinx_transition_matrices(as_bytes(file), "t"); }),
      HasSubstr("backwards from state 1"));
}

TEST(SphinxS3, RefusesMatricesWithoutAnExit) {
  const std::string file = s3_file({1, 2, 2, 4}, {1, 1, 0, 1});
  EXPECT_THAT(
      message_of<ParseError>([&] { parse_sphinx_transition_matrices(as_bytes(file), "t"); }),
      HasSubstr("2 x 2"));
}

TEST(SphinxS3, NamesFileAndPlaceOfACorruptValue) {
  std::string file = testing::gaussians_file(1, 1);
  file[file.size() - 12] ^= 0x10;
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_means(as_bytes(file), "m/means"); }),
              ::testing::AllOf(::testing::StartsWith("m/means: byte "), HasSubstr("checksum")));
}

TEST(SphinxS3, RefusesValuesThatAreNoNumbers) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const std::string file = s3_file({1, 1, 1, 2, 2}, {1, bad});
    EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_means(as_bytes(file), "means"); }),
                HasSubstr("not a finite number"));
  }
}

TEST(SphinxS3, RefusesNegativeVariancesAndWeights) {
  const std::string variances = s3_file({1, 1, 1, 2, 2}, {1, -1});
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_variances(as_bytes(variances), "v"); }),
              HasSubstr("negative"));
  const std::string weights = s3_file({1, 1, 2, 2}, {1, -1});
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_mixture_weights(as_bytes(weights), "w"); }),
              HasSubstr("negative"));
}

TEST(SphinxS3, RefusesCountsThatDoNotFit) {
  // Product of the dimensions overflows 64 bits; announced values agree with nothing.
  const std::string huge =
      s3_file({0x7FFFFFFF, 2, 0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF, 4}, {1, 1, 1, 1});
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_means(as_bytes(huge), "means"); }),
              HasSubstr("dimensions need"));
  // The announced size agrees with the dimensions but not with the file: nothing is allocated.
  const std::string empty = s3_file({1 << 20, 1, 16, 13, 218103808}, {});
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_means(as_bytes(empty), "means"); }),
              HasSubstr("ends within"));
  const std::string negative = s3_file({-2, 1, 1, 1, 1}, {1});
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_means(as_bytes(negative), "means"); }),
              HasSubstr("is -2"));
}

TEST(SphinxS3, RefusesWhatFollowsTheValues) {
  const std::string file = testing::gaussians_file(1, 1) + "x";
  EXPECT_THAT(message_of<ParseError>([&] { parse_sphinx_means(as_bytes(file), "means"); }),
              HasSubstr("1 bytes follow"));
}

TEST(SphinxS3, RefusesOtherFiles) {
  for (const std::string file : {"", "s", "RIFF....\n", "s3\nversion", "s3\nendhdr\n\x11\x22"}) {
    EXPECT_THROW(parse_sphinx_means(as_bytes(file), "means"), ParseError) << file;
  }
}

}  // namespace
}  // namespace hmm
