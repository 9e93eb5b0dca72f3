#include "core/model/io/sphinx_model.h"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "core/base/file.h"
#include "core/model/io/sphinx_mdef.h"
#include "core/model/io/sphinx_s3.h"
#include "core/model/io/sphinx_sendump.h"
#include "tests/core/model/io/expect_error.h"
#include "tests/core/model/io/sphinx_writers.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

/// A folder with a small model, gone at the end of the test.
class ModelFolder {
 public:
  ModelFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("hmm-sphinx-model-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(path_);
    write("mdef", testing::kTextMdef);
    write("means", testing::gaussians_file(-1, 0.25F));
    write("variances", testing::gaussians_file(1, 0.5F));
    write("mixture_weights", testing::mixture_weights_file());
    write("transition_matrices", testing::transitions_file());
    write("feat.params", "-ncep 3 -nfilt 25 -feat 1s_c -svspec 0-1/2\n");
    write("noisedict", testing::kNoisedict);
  }
  ~ModelFolder() { std::filesystem::remove_all(path_); }

  void write(const char* name, const std::string& content) const {
    write_file(path_ / name, content);
  }
  void remove(const char* name) const { std::filesystem::remove(path_ / name); }
  AcousticModel load(bool triphones = true) const {
    return load_sphinx_model(path_, {.triphones = triphones});
  }
  std::string place(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

TEST(SphinxModel, PutsTheFilesTogether) {
  const ModelFolder folder;
  const AcousticModel model = folder.load();
  EXPECT_NO_THROW(model.senones.validate());
  EXPECT_EQ(model.senones.states(), 6);
  EXPECT_THAT(model.senones.codebook_of, ElementsAre(0, 0, 1, 1, 0, 0));  // by phone
  EXPECT_EQ(model.transitions.matrices(), 2);
  EXPECT_EQ(model.fillers.size(), 3U);
  EXPECT_EQ(model.front_end.dimension(), 3);
}

TEST(SphinxModel, LeavesTriphonesAndTheirSenonesOut) {
  const ModelFolder folder;
  for (const bool sendump : {false, true}) {
    if (sendump) folder.write("sendump", testing::sendump_file(true));
    const AcousticModel model = folder.load(false);
    EXPECT_NO_THROW(model.senones.validate());
    EXPECT_EQ(model.senones.states(), 4);
    EXPECT_EQ(model.phones.triphones(), 0U);
  }
}

TEST(SphinxModel, KnowsSilenceWithoutANoisedict) {
  const ModelFolder folder;
  folder.remove("noisedict");
  const AcousticModel model = folder.load();
  ASSERT_EQ(model.fillers.size(), 3U);
  EXPECT_EQ(model.fillers[0].word, "<s>");
  EXPECT_THAT(model.fillers[2].phones, ElementsAre(model.phones.silence()));
}

TEST(SphinxModel, NamesAFileThatIsAbsentAndThePackage) {
  for (const char* name :
       {"mdef", "means", "variances", "mixture_weights", "transition_matrices", "feat.params"}) {
    const ModelFolder folder;
    folder.remove(name);
    EXPECT_THAT(message_of<NotFoundError>([&] { folder.load(); }),
                AllOf(HasSubstr(folder.place(name)), HasSubstr("pocketsphinx-en-us")));
  }
  EXPECT_THROW(load_sphinx_model("/nowhere"), NotFoundError);
}

TEST(SphinxModel, NamesBothFilesThatDoNotFit) {
  const auto expect_mismatch = [](const char* name, const std::string& content, const char* other,
                                  const char* what) {
    const ModelFolder folder;
    folder.write(name, content);
    EXPECT_THAT(
        message_of<DataError>([&] { folder.load(); }),
        AllOf(HasSubstr(folder.place(name)), HasSubstr(folder.place(other)), HasSubstr(what)));
  };
  using testing::s3_file;
  expect_mismatch("variances", s3_file({2, 1, 2, 3, 12}, std::vector<float>(12, 1)), "means",
                  "streams");
  expect_mismatch("variances", s3_file({2, 2, 2, 1, 2, 12}, std::vector<float>(12, 1)), "means",
                  "dimensions in a stream");
  expect_mismatch("variances", s3_file({2, 2, 1, 2, 1, 6}, std::vector<float>(6, 1)), "means",
                  "densities");
  expect_mismatch("mixture_weights", s3_file({5, 2, 2, 20}, std::vector<float>(20, 1)), "mdef",
                  "senones");
  expect_mismatch("mixture_weights", s3_file({6, 2, 3, 36}, std::vector<float>(36, 1)), "means",
                  "densities");
  expect_mismatch("transition_matrices", s3_file({1, 2, 3, 6}, {1, 1, 0, 0, 1, 1}), "mdef",
                  "transition matrices");
  expect_mismatch("transition_matrices", s3_file({2, 1, 2, 4}, {1, 1, 1, 1}), "mdef",
                  "states in a phone");
  expect_mismatch("feat.params", "-ncep 4 -feat 1s_c -svspec 0-1/2\n", "means", "dimensions");
  expect_mismatch("feat.params", "-ncep 3 -feat 1s_c\n", "means", "streams");
  expect_mismatch("feat.params", "-ncep 3 -feat 1s_c -svspec 0/1-2\n", "means",
                  "dimensions in a stream");
  expect_mismatch("mdef", testing::with(testing::kTextMdef, "b n/a 0 4 5 N", "b n/a 0 4 3 N"),
                  "means", "shares a senone");
}

TEST(SphinxModel, RefusesCodebooksThatBelongToNothing) {
  const ModelFolder folder;
  const std::string content = testing::s3_file({3, 2, 2, 2, 1, 18}, std::vector<float>(18, 1));
  folder.write("means", content);
  folder.write("variances", content);
  EXPECT_THAT(message_of<DataError>([&] { folder.load(); }), HasSubstr("3 codebooks"));
}

TEST(SphinxModel, LoadsDebiansEnglishModel) {
  const auto folder = testing::kEnUs / "en-us";
  SKIP_WITHOUT(folder);
  const AcousticModel model = load_sphinx_model(folder);
  EXPECT_NO_THROW(model.senones.validate());
  EXPECT_EQ(model.phones.size(), 42);
  EXPECT_EQ(model.phones.triphones(), 137053U);
  EXPECT_EQ(model.phones.states_per_phone(), 3);
  EXPECT_EQ(model.phones.name(model.phones.silence()), "SIL");
  EXPECT_EQ(model.senones.states(), 5126);
  EXPECT_EQ(model.senones.codebooks, 42);
  EXPECT_EQ(model.senones.densities, 128);
  EXPECT_THAT(model.senones.stream_dimensions, ElementsAre(13, 13, 13));
  EXPECT_EQ(model.transitions.matrices(), 42);
  EXPECT_EQ(model.fillers.size(), 5U);
  EXPECT_EQ(model.front_end.dimension(), 39);

  const AcousticModel small = load_sphinx_model(folder, {.triphones = false});
  EXPECT_NO_THROW(small.senones.validate());
  EXPECT_EQ(small.senones.states(), 126);
  EXPECT_TRUE(std::equal(small.senones.weights.begin(), small.senones.weights.end(),
                         model.senones.weights.begin()));
}

void expect_phone(const AcousticModel& model, std::istringstream& fields, const std::string& line) {
  std::string base, left, right, position;
  fields >> base >> left >> right >> position;
  const std::string positions = "ibes";
  const int hmm =
      left == "-" ? model.phones.hmm(model.phones.find(base).value())
                  : model.phones.hmm(
                        {model.phones.find(base).value(), model.phones.find(left).value(),
                         model.phones.find(right).value(), WordPosition(positions.find(position))});
  int matrix = -1;
  fields >> matrix;
  EXPECT_EQ(model.phones.transition_matrix(hmm), matrix) << line;
  for (const int32_t senone : model.phones.senones(hmm)) {
    int expected = -1;
    fields >> expected;
    EXPECT_EQ(senone, expected) << line;
  }
}

TEST(SphinxModel, AgreesWithOtherReadersOnDebiansEnglishModel) {
  const auto folder = testing::kEnUs / "en-us";
  SKIP_WITHOUT(folder);
  const AcousticModel model = load_sphinx_model(folder);
  std::ifstream lines(testing::source_file("tests/data/sphinx/en-us.txt"));
  int compared = 0;
  for (std::string line; std::getline(lines, line); ++compared) {
    std::istringstream fields(line);
    std::string kind;
    fields >> kind;
    if (kind == "phone") {
      expect_phone(model, fields, line);
    } else if (kind == "transition") {
      int matrix = 0, source = 0, target = 0;
      double expected = 0;
      fields >> matrix >> source >> target >> expected;
      EXPECT_NEAR(model.transitions.matrix(matrix)(source, target), expected, 1e-6) << line;
    } else if (kind == "weight") {
      int senone = 0, stream = 0, density = 0;
      double expected = 0;
      fields >> senone >> stream >> density >> expected;
      const double weight = model.senones.weights[(senone * 3 + stream) * 128 + density];
      EXPECT_NEAR(weight, expected, 1e-6 * expected + 1e-12) << line;
    } else {
      int codebook = 0, stream = 0, density = 0, dimension = 0;
      float expected = 0;
      fields >> codebook >> stream >> density >> dimension >> expected;
      const auto& values = kind == "means" ? model.senones.means : model.senones.variances;
      if (kind == "variances") expected = std::max(expected, 1e-4F);
      EXPECT_EQ(values[((codebook * 3 + stream) * 128 + density) * 13 + dimension], expected)
          << line;
    }
  }
  EXPECT_EQ(compared, 952);
}

TEST(SphinxModel, LoadsAContinuousModel) {
  const auto folder = testing::kPocketsphinxTestData / "an4_ci_cont";
  SKIP_WITHOUT(folder);
  const AcousticModel model = load_sphinx_model(folder);
  EXPECT_NO_THROW(model.senones.validate());
  EXPECT_EQ(model.phones.size(), 34);
  EXPECT_EQ(model.senones.states(), 102);
  EXPECT_EQ(model.senones.codebooks, 102);
  EXPECT_EQ(model.senones.densities, 1);
  EXPECT_EQ(model.senones.codebook_of[101], 101);
  EXPECT_FLOAT_EQ(model.senones.weights[7], 1);
}

TEST(SphinxModel, ReadsAClusteredSemiContinuousModel) {
  const auto folder = testing::kPocketsphinxTestData / "tidigits/hmm";
  SKIP_WITHOUT(folder);
  const MappedFile mdef(folder / "mdef");
  const SphinxModelDefinition definition = parse_sphinx_mdef(mdef.bytes(), "mdef");
  const MappedFile means_file(folder / "means");
  const SphinxGaussians means = parse_sphinx_means(means_file.bytes(), "means");
  EXPECT_EQ(means.codebooks, 1);
  EXPECT_THAT(means.stream_dimensions, ElementsAre(12, 24, 3, 12));
  const MappedFile sendump(folder / "sendump");
  const SphinxMixtureWeights weights = parse_sphinx_sendump(
      sendump.bytes(), "sendump", 4, means.densities, definition.senones, definition.senones);
  EXPECT_EQ(weights.values.size(), std::size_t(definition.senones) * 4 * 256);
  // Its features are of an older kind, which the front end does not make.
  EXPECT_THAT(message_of<ParseError>([&] { load_sphinx_model(folder); }), HasSubstr("s2_4x"));
}

}  // namespace
}  // namespace hmm
