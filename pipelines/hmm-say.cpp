// hmm-say: speaks HTS full-context labels into a WAVE file.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/data_path.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/language/full_context_label.h"
#include "core/model/io/htsvoice.h"
#include "core/synthesis/speech_synthesizer.h"
#include "core/synthesis/wave_writer.h"

namespace {

constexpr const char* kDefaultVoice =
    "festival/voices/us/cmu_us_slt_arctic_hts/hts/cmu_us_slt_arctic_hts.htsvoice";
constexpr const char* kDescription =
    "Speaks HTS full-context labels, one phone a line, with an .htsvoice voice.\n"
    "\n"
    "  hmm-say --labels hello.lab --output hello.wav\n"
    "  hmm-say --labels hello.lab --output slow.wav --speaking-rate 0.8 --pitch -2\n"
    "  hmm-say --labels book.lab --output book.wav --streaming     (memory stays constant)\n"
    "  hmm-say --voice a.htsvoice --voice b.htsvoice --weights 1,2 --labels x.lab --output x.wav\n"
    "\n"
    "Labels come from a front end such as festival (English) or Open JTalk (Japanese); they must "
    "be\n"
    "made for the voice's language. Lines read `label` or `start end label`, in units of 100 ns.\n"
    "Without --voice it takes festvox-us-slt-hts, an American woman, as Debian installs it, or\n"
    "cmu_us_slt_arctic_hts.htsvoice from a folder of HMM_MODEL_PATH.";
constexpr const char* kFooter =
    "Exit status: 0 when it spoke, 1 when a voice, a label or a file is at fault, 2 for wrong use.";

struct Options {
  std::vector<std::string> voices;
  std::vector<double> weights;
  std::string labels, output, durations, mel_cepstra, log_f0;
  bool no_gv = false, any_labels = false;
  hmm::SynthesisSettings settings;
};

/// A file that is written only if its option was given.
class OptionalFile {
 public:
  explicit OptionalFile(const std::string& path) : path_(path) {
    if (path.empty()) return;
    file_.open(path, std::ios::binary);
    if (!file_) throw hmm::NotFoundError(path + " cannot be written");
  }
  void write(const std::string& text) {
    if (!path_.empty()) file_ << text;
  }
  void write(const std::vector<double>& values) {
    if (path_.empty()) return;
    for (const double value : values) {
      const auto single = static_cast<float>(value);
      file_.write(reinterpret_cast<const char*>(&single), sizeof single);
    }
  }
  void finish() {
    if (path_.empty()) return;
    file_.close();
    if (!file_) throw hmm::NotFoundError(path_ + " could not be written in full");
  }

 private:
  std::string path_;
  std::ofstream file_;
};

hmm::VoiceBlend load_voices(const Options& options) {
  std::vector<std::shared_ptr<const hmm::Voice>> voices;
  for (const std::string& path : options.voices) {
    voices.push_back(std::make_shared<const hmm::Voice>(hmm::load_htsvoice(path)));
  }
  if (voices.empty()) {
    const auto path = hmm::find_data(kDefaultVoice);
    if (!path) {
      throw hmm::NotFoundError(
          "no voice is installed: install the Debian package festvox-us-slt-hts, or name one with"
          " --voice");
    }
    std::cerr << "hmm-say: speaking with " << path->string() << "\n";
    voices.push_back(std::make_shared<const hmm::Voice>(hmm::load_htsvoice(*path)));
  }
  const std::vector<double> equal(voices.size(), 1.0);
  return hmm::VoiceBlend(std::move(voices), options.weights.empty() ? equal : options.weights);
}

/// A line as `hts_engine -od` writes it: start and end in 100 ns.
std::string duration_line(const hmm::LabelTiming& timing, const hmm::Voice& voice) {
  const double ticks = voice.frame_period * 1e7 / voice.sample_rate;
  uint64_t end = timing.first_frame;
  for (const uint32_t frames : timing.durations) end += frames;
  const auto to_ticks = [ticks](uint64_t frame) {
    return std::to_string(static_cast<uint64_t>(static_cast<double>(frame) * ticks));
  };
  return to_ticks(timing.first_frame) + " " + to_ticks(end) + " " + timing.context + "\n";
}

void say(const Options& options) {
  const hmm::MappedFile file(options.labels);
  hmm::FullContextLabelReader labels(file.text(), options.labels);
  hmm::SpeechSynthesizer synthesizer(load_voices(options), options.settings);
  OptionalFile durations(options.durations), mel_cepstra(options.mel_cepstra),
      log_f0(options.log_f0);
  hmm::WaveWriter wave(options.output, synthesizer.voice().sample_rate);

  hmm::SpeechFrame frame;
  const auto take = [&] {
    while (const auto timing = synthesizer.next_timing()) {
      durations.write(duration_line(*timing, synthesizer.voice()));
    }
    while (synthesizer.next(frame)) {
      wave.write(frame.samples);
      mel_cepstra.write(frame.parameters.spectrum);
      const double value = frame.parameters.log_f0;
      log_f0.write(std::vector<double>{value == hmm::kUnvoiced ? -1e10 : value});
    }
  };
  while (const auto label = labels.next()) {
    synthesizer.push(*label);
    take();
  }
  synthesizer.finish();
  take();
  wave.finish();
  durations.finish();
  mel_cepstra.finish();
  log_f0.finish();
}

void add_options(CLI::App& app, Options& options) {
  hmm::SynthesisSettings& settings = options.settings;
  app.footer(kFooter);
  app.add_option("--labels", options.labels, "Full-context labels to speak")
      ->required()
      ->type_name("FILE");
  app.add_option("-o,--output", options.output, "The speech: 16-bit mono WAVE at the voice's rate")
      ->required()
      ->type_name("FILE.wav");
  app.add_option("--voice", options.voices, "Voice to speak with; several are mixed")
      ->type_name("FILE.htsvoice")
      ->allow_extra_args(false);
  app.add_option("--weights", options.weights, "How much of each voice, default equal parts")
      ->delimiter(',')
      ->type_name("W,W");
  app.add_option("--speaking-rate", settings.speaking_rate, "2 speaks twice as fast")
      ->capture_default_str();
  app.add_option("--pitch", settings.generation.pitch, "Semitones higher than the voice")
      ->capture_default_str();
  app.add_option("--volume", settings.volume, "Linear factor")->capture_default_str();
  app.add_option("--postfilter", settings.postfilter, "Sharper formants, 0 (off) to 1")
      ->capture_default_str();
  app.add_flag("--no-gv", options.no_gv, "Leave out the voice's global variance: duller speech");
  app.add_option_function<std::string>(
         "--streaming",
         [&settings](const std::string& frames) {
           settings.look_ahead = hmm::kDefaultLookAhead;
           if (!frames.empty() && !CLI::detail::lexical_cast(frames, *settings.look_ahead)) {
             throw CLI::ValidationError("--streaming", "the look-ahead is a number of frames");
           }
         },
         "Speak as the labels come, with this many frames of look-ahead (default " +
             std::to_string(hmm::kDefaultLookAhead) + "): constant memory, a little less exact")
      ->expected(0, 1)
      ->type_name("LOOKAHEAD");
  app.add_flag("--from-times", settings.durations_from_times,
               "Labels end at their own times, not when the voice would have them end");
  app.add_flag("--any-labels", options.any_labels,
               "Speak even labels that were made for another kind of voice");
  app.add_option("--durations", options.durations, "Write each label's start and end (100 ns)")
      ->type_name("FILE");
  app.add_option("--mel-cepstra", options.mel_cepstra, "Write the spectra: raw float32 [T x D]")
      ->type_name("FILE");
  app.add_option("--log-f0", options.log_f0, "Write log F0: raw float32, unvoiced -1e10")
      ->type_name("FILE");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(kDescription, "hmm-say");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.settings.generation.global_variance = !options.no_gv;
  options.settings.check_labels = !options.any_labels;
  try {
    say(options);
  } catch (const hmm::SettingsError& error) {
    std::cerr << "hmm-say: " << error.what() << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "hmm-say: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
