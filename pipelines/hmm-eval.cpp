// hmm-eval: every figure that the project publishes. It only wires options to core/metrics.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <map>

#include "core/base/error.h"
#include "pipelines/eval/commands.h"

namespace {

using namespace hmm;
using namespace hmm::eval;

constexpr const char* kAbout = R"(Measures recognition, alignment and synthesis against a reference.

Compare two files, two folders (files of the same path and name, whatever their extension) or the
pairs of a list. One bad file does not stop the others: it is named on standard error, and the exit
status is 1. Exit status 2 means that the command line is wrong.

  hmm-eval wer reference.stm recognised.ctm
  hmm-eval boundaries --reference-extension .phn timit/ aligned/
  hmm-eval mcd --dimension 25 --warp natural/ synthetic/
  hmm-eval COMMAND --help)";

struct Command {
  CLI::App* app = nullptr;
  std::function<void(Report&)> run;
};

void add_inputs(CLI::App& app, Inputs& inputs, bool required = true) {
  auto* reference = app.add_option("REFERENCE", inputs.reference, "File or folder of what is true");
  auto* hypothesis =
      app.add_option("HYPOTHESIS", inputs.hypothesis, "File or folder of what is measured");
  auto* list = app.add_option("--list", inputs.list,
                              "File with a pair \"reference hypothesis\" a line, relative to it");
  app.add_option("--reference-extension", inputs.reference_extension,
                 "Of a reference folder take files that end so, e.g. .phn");
  app.add_option("--hypothesis-extension", inputs.hypothesis_extension,
                 "Of a hypothesis folder take files that end so");
  list->excludes(reference)->excludes(hypothesis);
  app.callback([=, &inputs] {
    if (required && inputs.list.empty() && inputs.hypothesis.empty()) {
      throw CLI::RequiredError("REFERENCE and HYPOTHESIS, or --list,");
    }
  });
}

template <class Value>
using Names = std::map<std::string, Value>;

void add_words(CLI::App& app, WordArguments& arguments) {
  const auto formats = CLI::IsMember({"trn", "stm", "ctm", "text", "labels"});
  app.add_option("--reference-format", arguments.reference_format,
                 "trn, stm, ctm, text (an utterance a line) or labels (TextGrid, SRT, ...); by the "
                 "extension when not given, trn for any other")
      ->check(formats);
  app.add_option("--hypothesis-format", arguments.hypothesis_format, "Likewise")->check(formats);
  app.add_option("--tier", arguments.tier, "Tier of label files (default: the only one, or word)");
  using LetterCase = WordOptions::LetterCase;
  app.add_option("--case", arguments.words.letter_case,
                 "fold (default), ascii (fold A to Z only) or keep")
      ->transform(CLI::CheckedTransformer(Names<LetterCase>{{"fold", LetterCase::kFold},
                                                            {"ascii", LetterCase::kFoldAscii},
                                                            {"keep", LetterCase::kKeep}}))
      ->default_str("");
  app.add_flag("--optional-words", arguments.words.optional_words,
               "Words in parentheses may be left out (sclite -D)");
  app.add_flag("--fragments", arguments.words.fragments,
               "word- and -word match what they begin or end (sclite -F)");
  using Characters = WordOptions::Characters;
  app.add_option("--characters", arguments.words.characters,
                 "Character error rate: all, or non-ascii to keep ASCII words whole (sclite -c)")
      ->transform(CLI::CheckedTransformer(
          Names<Characters>{{"all", Characters::kAll}, {"non-ascii", Characters::kNonAscii}}))
      ->default_str("");
  app.add_flag("--delete-hyphens", arguments.words.delete_hyphens,
               "With --characters: hyphens do not count");
  app.add_option(
         "--speaker", arguments.speaker_rule,
         "Speaker in the identifiers of a trn file: dash (up to the first - or _, default), "
         "first3 or whole")
      ->transform(CLI::CheckedTransformer(Names<SpeakerRule>{{"dash", SpeakerRule::kUpToDash},
                                                             {"first3", SpeakerRule::kFirstThree},
                                                             {"whole", SpeakerRule::kWhole}}))
      ->default_str("");
}

/// Options whose values need a conversion before a label command runs.
struct LabelOptions {
  LabelArguments arguments;
  std::string tier, reference_format, hypothesis_format;
  double sample_rate = 16000;
  double tolerance = 20;  // ms
  double frame = 10;      // ms

  LabelArguments finish() const {
    LabelArguments result = arguments;
    if (result.reference_tier.empty()) result.reference_tier = tier;
    if (result.hypothesis_tier.empty()) result.hypothesis_tier = tier;
    const auto reading = [&](const std::string& format) {
      return LabelReading{format.empty() ? std::nullopt : std::optional(parse_label_format(format)),
                          sample_rate};
    };
    result.reference_reading = reading(reference_format);
    result.hypothesis_reading = reading(hypothesis_format);
    result.boundaries.tolerance = static_cast<int64_t>(tolerance * 1e6);
    result.frame_period = static_cast<int64_t>(frame * 1e6);
    return result;
  }
};

void add_labels(CLI::App& app, LabelOptions& options) {
  add_inputs(app, options.arguments.inputs);
  app.add_option("--tier", options.tier, "Tier to compare (default: the only one)");
  app.add_option("--reference-tier", options.arguments.reference_tier, "When it has another name");
  app.add_option("--hypothesis-tier", options.arguments.hypothesis_tier, "Likewise");
  app.add_flag("--all-tiers", options.arguments.all_tiers,
               "Compare every tier with that of the same name (MLF, CTM)");
  app.add_option("--reference-format", options.reference_format,
                 "textgrid, ctm, json, htk, mlf, timit, srt, vtt or csv; by the extension when not "
                 "given");
  app.add_option("--hypothesis-format", options.hypothesis_format, "Likewise");
  app.add_option("--sample-rate", options.sample_rate, "Of TIMIT labels, in Hz")
      ->check(CLI::Range(1.0, 1e9))
      ->capture_default_str();
}

void add_silences(CLI::App& app, LabelOptions& options) {
  app.add_option("--silence", options.arguments.boundaries.silences,
                 "Label that means silence (repeat for several; default: none, sil, sp, pau, h#, "
                 "epi, #, <s>, </s>, <sil>, <eps>)")
      ->allow_extra_args(false)
      ->default_str("");
}

class Application {
 public:
  Application() {
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", "Says what there is");
    add_wer();
    add_calibration();
    add_boundaries();
    add_durations();
    add_captions();
    add_mcd();
    add_f0();
    add_spectral();
    add_latency();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : 2;
    }
    for (const Command& command : commands_) {
      if (!command.app->parsed()) continue;
      Report report;
      try {
        command.run(report);
        return report.finish(json_);
      } catch (const NotFoundError& error) {
        report.fail(error.what(), json_);
        return 2;
      } catch (const SettingsError& error) {
        report.fail(error.what(), json_);
        return 2;
      } catch (const std::exception& error) {
        report.fail(error.what(), json_);
        return 1;
      }
    }
    return 2;
  }

 private:
  CLI::App& add(const char* name, const char* about, std::function<void(Report&)> run) {
    CLI::App* app = app_.add_subcommand(name, about);
    app->set_help_flag("-h,--help", "Says what there is");
    app->add_flag("--json", json_, "Writes the figures as JSON");
    commands_.push_back({app, std::move(run)});
    return *app;
  }

  void add_wer() {
    CLI::App& app = add("wer",
                        "Word or character error rate with a table of speakers, counted as NIST's "
                        "sclite counts (trn, STM with CTM, CTM, text, labels)",
                        [this](Report& report) { evaluate_words(words_, report); });
    add_inputs(app, words_.inputs);
    add_words(app, words_);
    app.add_flag("--alignments", words_.alignments, "Lists every utterance word by word");
    app.add_option("--against", words_.against,
                   "Another system's file or folder: is it better? (paired bootstrap)");
    app.add_option("--samples", words_.bootstrap.samples, "Of the bootstrap")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    app.add_option("--confidence", words_.bootstrap.confidence, "Of its interval")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--seed", words_.bootstrap.seed, "Of its random numbers")->capture_default_str();
  }

  void add_calibration() {
    CLI::App& app =
        add("calibration",
            "Do confidences mean what they say? Expected calibration error and "
            "reliability table of recognised words (CTM, ...) or of any decisions",
            [this](Report& report) {
              if (calibration_.decisions.empty() && calibration_.inputs.hypothesis.empty() &&
                  calibration_.inputs.list.empty()) {
                throw SettingsError("give REFERENCE and HYPOTHESIS, --list or --decisions");
              }
              evaluate_calibration(calibration_, report);
            });
    add_inputs(app, calibration_.inputs, false);
    add_words(app, calibration_);
    app.add_option("--decisions", calibration_.decisions,
                   "JSON lines {\"confidence\": 0.9, \"correct\": true} instead of transcripts");
    app.add_option("--bins", calibration_.bins, "Of the reliability table")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--plot", calibration_.plot, "Draws a reliability diagram, .svg or .png");
  }

  void add_boundaries() {
    CLI::App& app =
        add("boundaries",
            "Boundary and frame accuracy of an alignment: precision, recall, F1, R-value, share "
            "within 10 to 100 ms, errors; boundaries at silences apart",
            [this](Report& report) { evaluate_boundaries(boundaries_.finish(), report); });
    add_labels(app, boundaries_);
    add_silences(app, boundaries_);
    app.add_option("--tolerance", boundaries_.tolerance, "Of a hit, in ms")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
    app.add_option("--frame", boundaries_.frame, "Period of frame accuracy, in ms")
        ->check(CLI::Range(0.001, 1e6))
        ->capture_default_str();
    app.add_option("--plot", boundaries_.arguments.plot, "Draws a histogram, .svg or .png");
  }

  void add_durations() {
    CLI::App& app =
        add("durations", "Accuracy of the durations of phones or words",
            [this](Report& report) { evaluate_durations(durations_.finish(), report); });
    add_labels(app, durations_);
    add_silences(app, durations_);
  }

  void add_captions() {
    CLI::App& app = add("captions", "How late captions come and go (SRT, WebVTT, ...)",
                        [this](Report& report) { evaluate_captions(captions_.finish(), report); });
    add_labels(app, captions_);
    app.add_option("--likeness", captions_.arguments.least_likeness,
                   "Captions are the same when their words are this much alike, 0 to 1")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
  }

  void add_mcd() {
    CLI::App& app = add("mcd", "Mel-cepstral distortion of float32 tracks, in dB",
                        [this](Report& report) { evaluate_cepstra(signals_, report); });
    add_inputs(app, signals_.inputs);
    app.add_option("-d,--dimension", signals_.dimension, "Coefficients a frame, the 0th included")
        ->check(CLI::PositiveNumber)
        ->required();
    app.add_option("--first", signals_.cepstral.first_coefficient,
                   "First coefficient that counts; 0: loudness counts too")
        ->capture_default_str();
    app.add_flag("--warp", signals_.cepstral.warp, "Time warping before comparing (MCD-DTW)");
    app.add_option("--band", signals_.cepstral.band, "Of the warping, in frames (Sakoe-Chiba)");
  }

  void add_f0() {
    CLI::App& app = add("f0", "F0 and log-F0 RMSE and V/UV error of float32 tracks",
                        [this](Report& report) { evaluate_f0(signals_, report); });
    add_inputs(app, signals_.inputs);
    app.add_option("--scale", signals_.f0_scale,
                   "hz (default; 0 is unvoiced) or log (natural; below 0 is unvoiced)")
        ->transform(CLI::CheckedTransformer(
            Names<F0Scale>{{"hz", F0Scale::kHertz}, {"log", F0Scale::kLogHertz}}))
        ->default_str("");
    app.add_option("--slack", signals_.slack, "Frames that the lengths may differ by")
        ->capture_default_str();
  }

  void add_spectral() {
    CLI::App& app = add("spectral", "Log-spectral distortion of recordings (WAV, FLAC), in dB",
                        [this](Report& report) { evaluate_spectra(signals_, report); });
    add_inputs(app, signals_.inputs);
    app.add_option("--window", signals_.spectral.window, "In s")->capture_default_str();
    app.add_option("--hop", signals_.spectral.hop, "In s")->capture_default_str();
    app.add_option("--floor", signals_.spectral.floor, "In dB below full scale")
        ->capture_default_str();
  }

  void add_latency() {
    CLI::App& app = add("latency",
                        "Latency percentiles and real-time factor from JSON lines with latency, "
                        "processing-time and duration in ns (the messages of hmm-decode)",
                        [this](Report& report) { evaluate_latency(latency_files_, report); });
    app.add_option("FILE", latency_files_, "JSON lines")->required();
  }

  CLI::App app_{kAbout, "hmm-eval"};
  std::vector<Command> commands_;
  bool json_ = false;
  WordArguments words_, calibration_;
  LabelOptions boundaries_, durations_, captions_;
  SignalArguments signals_;
  std::vector<std::filesystem::path> latency_files_;
};

}  // namespace

int main(int argc, char** argv) { return Application().run(argc, argv); }
