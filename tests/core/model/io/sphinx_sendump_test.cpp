#include "core/model/io/sphinx_sendump.h"

#include <cmath>

#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;
using ::testing::HasSubstr;
using testing::message_of;
using testing::sendump_file;

SphinxMixtureWeights parse(const std::string& file, int streams = 2, int densities = 2,
                           int senones_in_file = 6, int senones = 6) {
  return parse_sphinx_sendump(as_bytes(file), "sendump", streams, densities, senones_in_file,
                              senones);
}

TEST(SphinxSendump, ReadsBothFormsInBothByteOrders) {
  for (const bool swap : {false, true}) {
    const SphinxMixtureWeights plain = parse(sendump_file(false, swap));
    const SphinxMixtureWeights clustered = parse(sendump_file(true, swap));
    ASSERT_EQ(plain.values.size(), 24U);
    // Both densities of a senone have the same code in these files.
    for (const float weight : plain.values) EXPECT_FLOAT_EQ(weight, 0.5F);
    EXPECT_EQ(plain.values, clustered.values);
  }
}

TEST(SphinxSendump, DecodesWeights) {
  std::string file = sendump_file(false);
  file[file.size() - 24] = 0;       // stream 0, density 0, senone 0
  file[file.size() - 24 + 6] = 20;  // stream 0, density 1, senone 0
  const double ratio = std::pow(1.0001, -1024 * 20);
  EXPECT_NEAR(parse(file).values[1], ratio / (1 + ratio), 1e-6);
  std::string clustered = sendump_file(true);
  clustered[clustered.size() - 12 + 3] = 0x12;  // density 1: senone 0 has cluster 2, senone 1 1
  const SphinxMixtureWeights weights = parse(clustered);
  EXPECT_NEAR(weights.values[1], ratio / (1 + ratio), 1e-6);
  EXPECT_FLOAT_EQ(weights.values[5], 0.5F);
}

TEST(SphinxSendump, KeepsTheFirstSenones) {
  EXPECT_EQ(parse(sendump_file(false), 2, 2, 6, 1).values.size(), 4U);
}

TEST(SphinxSendump, RefusesWhatDoesNotFitTheModel) {
  const auto message = [](int streams, int densities, int senones) {
    return message_of<ParseError>(
        [&] { parse(sendump_file(false), streams, densities, senones, senones); });
  };
  EXPECT_THAT(message(3, 2, 6), HasSubstr("feature_count 2"));
  EXPECT_THAT(message(2, 3, 6), HasSubstr("3 densities"));
  EXPECT_THAT(message(2, 2, 7), HasSubstr("model_count 6"));
}

TEST(SphinxSendump, RefusesUnknownCodes) {
  const std::string file = testing::with(sendump_file(true), "cluster_bits 4", "cluster_bits 3");
  EXPECT_THAT(message_of<ParseError>([&] { parse(file); }), HasSubstr("15 clusters in 3 bits"));
}

TEST(SphinxSendump, RefusesHugeHeaderStringsAndBytesLeft) {
  std::string file = sendump_file(false);
  const int32_t huge = 0x7FFFFFFF;
  std::memcpy(file.data() + 10, &huge, 4);
  EXPECT_THAT(message_of<ParseError>([&] { parse(file); }), HasSubstr("length 2147483647"));
  EXPECT_THAT(message_of<ParseError>([&] { parse(sendump_file(true) + "x"); }),
              HasSubstr("1 bytes follow"));
  EXPECT_THROW(parse(""), ParseError);
}

}  // namespace
}  // namespace hmm
