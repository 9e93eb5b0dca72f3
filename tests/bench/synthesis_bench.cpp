// Speech synthesis against hts_engine in the same run: user CPU time, loading the voice included.
//
//   synthesis_bench VOICE.htsvoice LABELS.lab...
//
// Exit status 1 when a goal (2 times the throughput, 4 times with the postfilter) is missed.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/language/full_context_label.h"
#include "core/model/io/htsvoice.h"
#include "core/synthesis/speech_synthesizer.h"

namespace {

constexpr int kRounds = 3;

double user_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

/// Seconds of audio.
double speak(const std::string& voice_path, const std::string& labels,
             const hmm::SynthesisSettings& settings) {
  hmm::SpeechSynthesizer synthesizer(
      hmm::VoiceBlend(std::make_shared<const hmm::Voice>(hmm::load_htsvoice(voice_path))),
      settings);
  const hmm::MappedFile file(labels);
  for (const auto& label : hmm::parse_full_context_labels(file.text(), labels)) {
    synthesizer.push(label);
  }
  synthesizer.finish();
  double samples = 0;
  for (hmm::SpeechFrame frame; synthesizer.next(frame);) {
    samples += static_cast<double>(frame.samples.size());
  }
  return samples / synthesizer.voice().sample_rate;
}

bool compare(int argc, char** argv, const char* name, const std::string& peer_options,
             const hmm::SynthesisSettings& settings, double goal) {
  const std::string voice = argv[1];
  double audio = 0, ours = 0, peer = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 2; i < argc; ++i) {
      const double before = user_seconds(RUSAGE_SELF);
      audio += speak(voice, argv[i], settings);
      ours += user_seconds(RUSAGE_SELF) - before;
      const std::string command =
          "hts_engine -m " + voice + " " + peer_options + " -or /dev/null " + argv[i];
      const double peer_before = user_seconds(RUSAGE_CHILDREN);
      if (std::system(command.c_str()) != 0) throw hmm::NotFoundError("hts_engine did not run");
      peer += user_seconds(RUSAGE_CHILDREN) - peer_before;
    }
  }
  std::printf(
      "%-28s %7.1f s of audio, real-time factor %.4f, hts_engine %.4f: %.1f times (goal %g)\n",
      name, audio, ours / audio, peer / audio, peer / ours, goal);
  return peer / ours >= goal;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: synthesis_bench VOICE.htsvoice LABELS.lab...\n");
    return 2;
  }
  try {
    hmm::SynthesisSettings plain, sharpened, streaming;
    sharpened.postfilter = 0.4;
    streaming.look_ahead = hmm::kDefaultLookAhead;
    bool reached = compare(argc, argv, "whole utterances", "", plain, 2);
    reached = compare(argc, argv, "with the postfilter", "-b 0.4", sharpened, 4) && reached;
    reached = compare(argc, argv, "streaming", "", streaming, 2) && reached;
    return reached ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "synthesis_bench: %s\n", error.what());
    return 2;
  }
}
