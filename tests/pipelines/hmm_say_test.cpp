// hmm-say as a user runs it: what it writes and how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "core/base/file.h"
#include "tests/small_voice.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

class HmmSay : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("HMM_BUILD_ROOT");
    ASSERT_NE(root, nullptr) << "run the tests with meson test";
    program_ = std::string(root) + "/pipelines/hmm-say";
    folder_ = std::filesystem::temp_directory_path() / ("hmm-say-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    write_file(file("voice.htsvoice"), testing::SmallVoice{}.bytes());
    write_file(file("x.lab"), testing::kSmallLabels);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const char* name) const { return (folder_ / name).string(); }

  /// Runs with the small voice and x.wav as output; returns the exit status, keeps what was said.
  int say(const std::string& options) {
    return run("--voice " + file("voice.htsvoice") + " --output " + file("x.wav") + " " + options);
  }
  int run(const std::string& arguments, const std::string& environment = "") {
    const std::string command =
        environment + " " + program_ + " " + arguments + " >" + file("said") + " 2>&1";
    const int status = std::system(command.c_str());
    said_ = MappedFile(file("said")).text();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::size_t size_of(const char* name) const { return std::filesystem::file_size(file(name)); }

  std::filesystem::path folder_;
  std::string program_, said_;
};

TEST_F(HmmSay, WritesSpeechAndParameters) {
  ASSERT_EQ(say("--labels " + file("x.lab") + " --durations " + file("d") + " --mel-cepstra " +
                file("m") + " --log-f0 " + file("f")),
            0)
      << said_;
  const std::size_t n_frame = size_of("f") / 4;
  EXPECT_EQ(size_of("m"), n_frame * 9 * 4);
  EXPECT_EQ(size_of("x.wav"), 44 + n_frame * 80 * 2);
  const MappedFile durations(file("d"));
  EXPECT_THAT(std::string(durations.text()), HasSubstr(" x^sil-a+b=a@x/A:1/E:1-2\n"));
  EXPECT_TRUE(durations.text().starts_with("0 "));
}

TEST_F(HmmSay, StreamingSpeaksAsMuch) {
  ASSERT_EQ(say("--labels " + file("x.lab")), 0) << said_;
  const std::size_t whole = size_of("x.wav");
  ASSERT_EQ(say("--streaming=5 --labels " + file("x.lab")), 0) << said_;
  EXPECT_EQ(size_of("x.wav"), whole);
  ASSERT_EQ(say("--labels " + file("x.lab") + " --streaming"), 0) << said_;
  EXPECT_EQ(size_of("x.wav"), whole);
}

TEST_F(HmmSay, VoicesMix) {
  EXPECT_EQ(say("--voice " + file("voice.htsvoice") + " --weights 1,3 --labels " + file("x.lab")),
            0)
      << said_;
  EXPECT_EQ(say("--weights 1,3 --labels " + file("x.lab")), 2);
  EXPECT_THAT(said_, HasSubstr("needs a weight"));
}

TEST_F(HmmSay, HelpTeaches) {
  EXPECT_EQ(run("--help"), 0);
  EXPECT_THAT(said_, HasSubstr("hmm-say --labels hello.lab --output hello.wav"));
  EXPECT_THAT(said_, HasSubstr("Exit status"));
}

TEST_F(HmmSay, WrongUseIsTwo) {
  EXPECT_EQ(run(""), 2);
  EXPECT_EQ(say("--labels"), 2);
  EXPECT_EQ(say("--labels " + file("x.lab") + " --nonsense"), 2);
  EXPECT_EQ(say("--labels " + file("x.lab") + " --streaming=many"), 2);
  EXPECT_THAT(said_, HasSubstr("number of frames"));
  EXPECT_EQ(say("--labels " + file("x.lab") + " --speaking-rate 0"), 2);
  EXPECT_THAT(said_, HasSubstr("speaking rate must be from"));
}

TEST_F(HmmSay, FaultsAreOneAndNamed) {
  EXPECT_EQ(say("--labels " + file("none.lab")), 1);
  EXPECT_THAT(said_, HasSubstr("none.lab"));
  write_file(file("empty.lab"), "\n");
  EXPECT_EQ(say("--labels " + file("empty.lab")), 1);
  EXPECT_THAT(said_, HasSubstr("there is no label to speak"));
  EXPECT_EQ(say("--from-times --labels " + file("x.lab")), 1);
  EXPECT_THAT(said_, HasSubstr("have none"));
  write_file(file("other.lab"), "hello\n");
  EXPECT_EQ(say("--labels " + file("other.lab")), 1);
  EXPECT_THAT(said_, HasSubstr("no question of the voice"));
  EXPECT_EQ(say("--any-labels --labels " + file("other.lab")), 0);
  write_file(file("voice.htsvoice"), testing::SmallVoice{}.bytes().substr(0, 3000));
  EXPECT_EQ(say("--labels " + file("x.lab")), 1);
  EXPECT_THAT(said_, HasSubstr("voice.htsvoice"));
}

TEST_F(HmmSay, UnwritableOutputIsNamed) {
  EXPECT_EQ(run("--voice " + file("voice.htsvoice") + " --labels " + file("x.lab") +
                " --output /nowhere/to/be.wav"),
            1);
  EXPECT_THAT(said_, HasSubstr("/nowhere/to/be.wav cannot be written"));
}

TEST_F(HmmSay, DefaultVoiceIsFoundOrItsPackageNamed) {
  const std::string here = "HMM_MODEL_PATH=" + folder_.string() +
                           " XDG_DATA_HOME=" + folder_.string() +
                           " XDG_DATA_DIRS=" + folder_.string();
  const std::string arguments = "--labels " + file("x.lab") + " --output " + file("x.wav");
  EXPECT_EQ(run(arguments, here), 1);
  EXPECT_THAT(said_, HasSubstr("Debian package festvox-us-slt-hts"));
  write_file(file("cmu_us_slt_arctic_hts.htsvoice"), testing::SmallVoice{}.bytes());
  EXPECT_EQ(run(arguments, here), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("speaking with"));
}

}  // namespace
}  // namespace hmm
