// hmm-eval as a user runs it: options, exit status, text, JSON and what it says of bad input.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class HmmEval : public ::testing::Test {
 protected:
  struct Result {
    int status = -1;
    std::string out;
    std::string err;

    nlohmann::json json() const { return nlohmann::json::parse(out); }
  };

  void SetUp() override {
    const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::path(::testing::TempDir()) / ("hmm_eval_test_" + name);
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& content) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  void write_floats(const std::string& name, const std::vector<float>& values) const {
    write(name,
          std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)));
  }
  std::string read(const std::string& name) const {
    std::ifstream stream(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// Runs "hmm-eval ARGUMENTS" in the test's own folder, with VARIABLE=VALUE words in front.
  Result run(const std::string& arguments, const std::string& environment = {}) const {
    const char* root = std::getenv("HMM_BUILD_ROOT");
    const fs::path program = fs::path(root != nullptr ? root : ".") / "pipelines/hmm-eval";
    const std::string command = "cd '" + folder_.string() + "' && " + environment + " '" +
                                program.string() + "' " + arguments + " >out.txt 2>err.txt";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("out.txt"), read("err.txt")};
  }

  fs::path folder_;
};

TEST_F(HmmEval, HelpTeaches) {
  EXPECT_EQ(run("--help").status, 0);
  EXPECT_THAT(run("--help").out, AllOf(HasSubstr("wer"), HasSubstr("boundaries"), HasSubstr("mcd"),
                                       HasSubstr("hmm-eval COMMAND --help")));
  EXPECT_THAT(run("boundaries --help").out, HasSubstr("--tolerance FLOAT"));
}

TEST_F(HmmEval, WrongUseIsStatus2) {
  write("a.trn", "a (s-1)\n");
  for (const char* arguments :
       {"", "nonsense", "wer", "wer a.trn", "wer a.trn missing.trn", "wer a.trn .",
        "wer --case upper a.trn a.trn", "wer --samples 0 a.trn a.trn", "mcd a.trn a.trn",
        "wer --list a.trn a.trn a.trn", "boundaries --tolerance -1 a.trn a.trn",
        "boundaries a.trn a.trn", "boundaries --reference-format x a.trn a.trn", "latency",
        "calibration", "calibration --bins 0 a.trn a.trn", "captions --likeness 2 a.trn a.trn"}) {
    const Result result = run(arguments);
    EXPECT_EQ(result.status, 2) << arguments;
    EXPECT_THAT(result.out, IsEmpty()) << arguments;
    EXPECT_FALSE(result.err.empty()) << arguments;
  }
}

TEST_F(HmmEval, WerCountsBySpeaker) {
  write("ref.trn", "a b c d (s-1)\ne f (t-1)\n");
  write("hyp.trn", "a x c (s-1)\ne f g (t-1)\n");
  const Result text = run("wer ref.trn hyp.trn --alignments");
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, AllOf(HasSubstr("s            1      4   50.0  25.0  25.0   0.0  50.0"),
                              HasSubstr("Sum/Avg      2      6   66.7  16.7  16.7  16.7  50.0"),
                              HasSubstr("Scores: (#C #S #D #I) 2 1 1 0")));
  const auto json = run("wer ref.trn hyp.trn --json").json();
  EXPECT_EQ(json["all"]["errors"], 3);
  EXPECT_DOUBLE_EQ(json["all"]["error-rate"], 0.5);
  EXPECT_EQ(json["speakers"][1]["insertions"], 1);
  EXPECT_EQ(json["faults"].size(), 0u);
}

TEST_F(HmmEval, WerReadsEveryKindOfTranscript) {
  write("ref.stm", "f 1 s 0 2 hello { big / @ } world\n");
  write("hyp.ctm", "f 1 0.1 0.5 HELLO 0.9\nf 1 0.7 0.5 word 0.2\n");
  write("ref.txt", "one two\nthree\n");
  write("hyp.txt", "one two\nfour\n");
  write("ref.srt", "1\n00:00:00,000 --> 00:00:01,000\nOne two.\n");
  EXPECT_EQ(run("wer --json ref.stm hyp.ctm").json()["all"]["substitutions"], 1);
  EXPECT_EQ(run("wer --json ref.txt hyp.txt").json()["all"]["errors"], 1);
  EXPECT_EQ(run("wer --json ref.srt ref.srt").json()["all"]["correct"], 2);
  EXPECT_EQ(run("wer --json --characters all ref.txt hyp.txt").json()["all"]["words"], 11);
  EXPECT_EQ(run("wer ref.stm hyp.txt").status, 1);
}

TEST_F(HmmEval, WerComparesSystems) {
  std::string reference, first, second;
  for (int i = 0; i < 30; ++i) {
    const std::string id = " (s-" + std::to_string(i) + ")\n";
    reference += "a b c" + id;
    first += (i % 2 == 0 ? "a x c" : "a b c") + id;
    second += "a b c" + id;
  }
  write("ref.trn", reference);
  write("one.trn", first);
  write("two.trn", second);
  const auto json = run("wer ref.trn one.trn --against two.trn --samples 500 --json").json();
  EXPECT_LT(json["bootstrap"]["high"], 0);
  EXPECT_EQ(json["bootstrap"]["probability-of-improvement"], 1);
  write("two.trn", "z (other-1)\n");
  EXPECT_EQ(run("wer ref.trn one.trn --against two.trn").status, 1);
  write("list", "ref.trn one.trn\n");
  EXPECT_EQ(run("wer --list list --against two.trn").status, 2);
}

TEST_F(HmmEval, OneBadFileDoesNotStopTheRest) {
  write("ref/a.trn", "a (s-1)\n");
  write("ref/b.trn", "no identifier\n");
  write("ref/sub/c.trn", "c (s-3)\n");
  write("ref/only.trn", "x (s-4)\n");
  for (const char* name : {"hyp/a.trn", "hyp/b.trn"}) write(name, "a (s-1)\n");
  write("hyp/sub/c.trn", "d (s-3)\n");
  const Result result = run("wer ref hyp --json");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.json()["all"]["utterances"], 2);
  EXPECT_EQ(result.json()["all"]["errors"], 1);
  EXPECT_EQ(result.json()["faults"].size(), 2u);
  EXPECT_THAT(result.err, AllOf(HasSubstr("hmm-eval: ref/b.trn: line 1: the line does not end in"),
                                HasSubstr("ref/only.trn: no file of hyp goes with it")));
}

TEST_F(HmmEval, NothingToCompareGivesNoFigures) {
  write("bad.trn", "no identifier\n");
  const Result text = run("wer bad.trn bad.trn");
  EXPECT_EQ(text.status, 1);
  EXPECT_THAT(text.out, IsEmpty());
  EXPECT_THAT(text.err, HasSubstr("nothing could be compared"));
  EXPECT_FALSE(run("wer bad.trn bad.trn --json").json().contains("all"));
}

TEST_F(HmmEval, AListNamesThePairs) {
  write("data/r.trn", "a (s-1)\n");
  write("data/h.trn", "b (s-1)\n");
  write("data/pairs", "# reference hypothesis\nr.trn h.trn\nr.trn missing.trn\n");
  const Result result = run("wer --list data/pairs --json");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.json()["all"]["errors"], 1);
  EXPECT_THAT(result.err, HasSubstr("data/missing.trn: cannot be opened"));
  write("data/pairs", "r.trn\n");
  EXPECT_THAT(run("wer --list data/pairs").err, HasSubstr("data/pairs: line 1: expected"));
}

TEST_F(HmmEval, BoundariesTakeEveryOption) {
  write("ref.phn", "0 1600 h#\n1600 3200 a\n3200 4800 b\n4800 6400 h#\n");
  write("hyp.lab", "0 1300000 sil\n1300000 2050000 a\n2050000 3000000 b\n3000000 4000000 sil\n");
  auto json = run("boundaries --json ref.phn hyp.lab").json();
  EXPECT_EQ(json["all"]["hits"], 2);  // 30, 5 and 0 ms apart
  EXPECT_DOUBLE_EQ(json["all"]["mean-absolute-ms"], 35.0 / 3);
  EXPECT_DOUBLE_EQ(json["in-speech"]["bias-ms"], 5);
  EXPECT_DOUBLE_EQ(json["at-silence"]["share-within-ms"]["10"], 0.5);
  json = run("boundaries --json --tolerance 30 --silence nothing --frame 5 ref.phn hyp.lab").json();
  EXPECT_EQ(json["all"]["hits"], 3);
  EXPECT_EQ(json["at-silence"]["reference"], 0);
  EXPECT_EQ(json["frames"], 80);
  EXPECT_EQ(run("boundaries --sample-rate 8000 --json ref.phn ref.phn").json()["frames"], 80);
  EXPECT_THAT(run("boundaries ref.phn hyp.lab").out, HasSubstr("Within 20.0 ms"));
}

TEST_F(HmmEval, BoundariesAskForTheTier) {
  write("a.csv", "tier,start,end,label\nword,0,1,hi\nphone,0,0.5,h\nphone,0.5,1,i\n");
  write("b.csv", "tier,start,end,label\nphones,0,0.5,h\nphones,0.5,1,i\n");
  const Result result = run("boundaries a.csv b.csv");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("a.csv has the tiers \"word\", \"phone\"; choose with --tier"));
  EXPECT_EQ(run("boundaries a.csv b.csv --reference-tier phone --json").json()["all"]["hits"], 1);
  EXPECT_EQ(run("boundaries a.csv a.csv --all-tiers --json").json()["all"]["hits"], 1);
}

TEST_F(HmmEval, BadLabelsAreNamedAndPassedOver) {
  write("ref/a.lab", "0 10 x\n10 20 y\n");
  write("ref/b.lab", "0 10 x\n5 2 y\n");
  write("ref/c.nothing", "0 10 x\n");
  for (const char* name : {"hyp/a.lab", "hyp/b.lab", "hyp/c.nothing"})
    write(name, "0 10 x\n10 20 y\n");
  const Result result = run("boundaries ref hyp --json");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.json()["files"], 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("ref/b.lab: line 2: the label ends before it starts"),
                    HasSubstr("ref/c.nothing: the name does not tell the label format")));
}

TEST_F(HmmEval, DurationsAndCaptions) {
  write("ref.lab", "0 1000000 a\n1000000 3000000 b\n");
  write("hyp.lab", "0 1200000 a\n1200000 2800000 b\n");
  EXPECT_DOUBLE_EQ(run("durations ref.lab hyp.lab --json").json()["mean-absolute-ms"], 30);
  write("ref.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello there\n");
  write("hyp.vtt", "WEBVTT\n\n00:01.300 --> 00:01.900\n<b>hello</b> there!\n");
  const auto json = run("captions ref.srt hyp.vtt --json").json();
  EXPECT_EQ(json["paired"], 1);
  EXPECT_DOUBLE_EQ(json["onset"]["bias-ms"], 300);
  EXPECT_DOUBLE_EQ(json["offset"]["share-within-ms"]["100"], 1);
  write("hyp.vtt", "no header\n");
  EXPECT_EQ(run("captions ref.srt hyp.vtt").status, 1);
}

TEST_F(HmmEval, MelCepstralDistortion) {
  write_floats("a.mgc", {9, 1, 9, 1});
  write_floats("b.mgc", {0, 0, 0, 0, 0, 0});
  write_floats("c.mgc", {0, 0, 0, 0});
  EXPECT_NEAR(run("mcd -d 2 a.mgc c.mgc --json").json()["distortion-db"], 6.14185, 1e-4);
  EXPECT_EQ(run("mcd -d 2 a.mgc b.mgc").status, 1);
  EXPECT_THAT(run("mcd -d 2 a.mgc b.mgc").err, HasSubstr("the two have 2 and 3 frames"));
  EXPECT_NEAR(run("mcd -d 2 --warp a.mgc b.mgc --json").json()["distortion-db"], 6.14185, 1e-4);
  EXPECT_THAT(run("mcd -d 3 a.mgc c.mgc").err, HasSubstr("a whole number of frames of 3"));
  EXPECT_EQ(run("mcd -d 2 --first 2 a.mgc c.mgc").status, 2);
}

TEST_F(HmmEval, F0) {
  write_floats("a.f0", {100, 0, 200});
  write_floats("b.f0", {110, 90, 200, 0});
  EXPECT_EQ(run("f0 a.f0 b.f0").status, 1);
  const auto json = run("f0 a.f0 b.f0 --slack 1 --json").json();
  EXPECT_EQ(json["voiced-in-both"], 2);
  EXPECT_NEAR(json["rmse-hz"], 7.0710678, 1e-6);
  EXPECT_NEAR(json["voicing-error"], 1.0 / 3, 1e-12);
  EXPECT_EQ(run("f0 --scale mel a.f0 b.f0").status, 2);
}

TEST_F(HmmEval, SpectralRefusesWhatIsNoAudio) {
  write("a.wav", "RIFF nonsense");
  const Result result = run("spectral a.wav a.wav");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("a.wav: audio: "));
}

TEST_F(HmmEval, CalibrationOfDecisionsAndWords) {
  write("d.jsonl",
        "{\"confidence\": 0.75, \"correct\": true}\n{\"confidence\": 0.75, \"correct\": false}\n");
  const auto json = run("calibration --decisions d.jsonl --bins 4 --json").json();
  EXPECT_DOUBLE_EQ(json["expected-calibration-error"], 0.25);
  EXPECT_EQ(json["bins"].size(), 4u);
  write("ref.stm", "f 1 s 0 2 a b\n");
  write("hyp.ctm", "f 1 0.1 0.5 a 1\nf 1 0.7 0.5 x 0\n");
  EXPECT_EQ(run("calibration ref.stm hyp.ctm --json").json()["expected-calibration-error"], 0);
  write("hyp.ctm", "f 1 0.1 0.5 a\n");
  EXPECT_THAT(run("calibration ref.stm hyp.ctm").err, HasSubstr("there are no decisions"));
  write("d.jsonl", "{\"confidence\": 2, \"correct\": true}\n");
  EXPECT_EQ(run("calibration --decisions d.jsonl").status, 1);
}

TEST_F(HmmEval, LatencyOfGoodRecordsInSpiteOfBadOnes) {
  write("a.jsonl", "{\"latency\": 20000000}\n{\"processing-time\": 1, \"duration\": 10}\n");
  write("b.jsonl", "{\"latency\": \"soon\"}\n");
  const Result result = run("latency a.jsonl b.jsonl --json");
  EXPECT_EQ(result.status, 1);
  EXPECT_DOUBLE_EQ(result.json()["p99-ms"], 20);
  EXPECT_DOUBLE_EQ(result.json()["real-time-factor"], 0.1);
  EXPECT_THAT(result.err, HasSubstr("b.jsonl: line 1: \"latency\" is no number"));
}

TEST_F(HmmEval, WithoutGnuplotItSaysWhatToInstall) {
  write("ref.lab", "0 10 a\n10 20 b\n");
  const Result result = run("boundaries ref.lab ref.lab --plot plot.svg", "PATH=/nonexistent");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("install Debian's package gnuplot-nox"));
}

TEST_F(HmmEval, PlotsAreDrawn) {
  write("ref.lab", "0 10 a\n10 20 b\n");
  EXPECT_EQ(run("boundaries ref.lab ref.lab --plot plot.pdf").status, 2);
  if (std::system("command -v gnuplot >/dev/null 2>&1") != 0) GTEST_SKIP() << "no gnuplot here";
  EXPECT_EQ(run("boundaries ref.lab ref.lab --plot plot.svg").status, 0);
  EXPECT_THAT(read("plot.svg"), AllOf(StartsWith("<?xml"), HasSubstr("Boundary errors, 1")));
  write("d.jsonl", "{\"confidence\": 0.75, \"correct\": true}\n");
  EXPECT_EQ(run("calibration --decisions d.jsonl --plot plot.png").status, 0);
  EXPECT_THAT(read("plot.png"), HasSubstr("PNG"));
  EXPECT_EQ(run("boundaries ref.lab ref.lab --plot /nonexistent/plot.svg").status, 2);
}

}  // namespace
