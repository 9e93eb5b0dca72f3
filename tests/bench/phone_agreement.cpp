// How often the online phone loop agrees with the alignment of the known transcript.
//
//   phone_agreement FOLDER MODEL DICTIONARY [INSERTION_WEIGHT [POSTERIOR_SCALE [LANGUAGE_MODEL]]]
//
// FOLDER holds fileids and transcription as pocketsphinx-testdata's librivox does. The reference is
// our own Viterbi alignment with context-independent phones, first pronunciations and optional
// silence between words. The decoder runs as hmmstreamdecode does: online, at a lag of 300 ms, its
// mean normalisation live. LANGUAGE_MODEL: a file, or - for none (default: beside the model).
//
// Prints the share of frames with the same phone, of all and of those that the alignment does not
// call silence, and how well the confidences are calibrated.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/align/transcript_graph.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/frontend/front_end.h"
#include "core/inference/decoder_model.h"
#include "core/inference/online_decoder.h"
#include "core/language/dictionary.h"
#include "core/model/io/sphinx_model.h"

namespace {

namespace fs = std::filesystem;
using namespace hmm;

/// The samples of a 16-bit mono WAV file without extensions.
std::vector<int16_t> read_wav(const fs::path& path) {
  const MappedFile file(path);
  constexpr std::size_t kHeader = 44;
  if (file.bytes().size() < kHeader) throw DataError(path.string() + ": no WAV file");
  std::vector<int16_t> samples((file.bytes().size() - kHeader) / 2);
  std::memcpy(samples.data(), file.bytes().data() + kHeader, samples.size() * 2);
  return samples;
}

Matrix frames_of(const std::vector<int16_t>& samples, const FrontEndConfig& config) {
  FrontEnd front_end(config);
  front_end.push(samples);
  front_end.flush();
  return front_end.take();
}

struct Utterance {
  fs::path recording;
  std::vector<std::string> words;
};

std::vector<Utterance> read_utterances(const fs::path& folder) {
  std::ifstream ids(folder / "fileids"), texts(folder / "transcription");
  std::vector<Utterance> utterances;
  std::string id, text;
  while (std::getline(ids, id) && std::getline(texts, text)) {
    Utterance utterance;
    utterance.recording = folder / (id + ".wav");
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      if (word[0] != '<' && word[0] != '(') utterance.words.push_back(word);
    }
    utterances.push_back(utterance);
  }
  return utterances;
}

/// Phone name of each frame; fillers are all "SIL".
using PhoneTrack = std::vector<std::string>;

PhoneTrack align(const AcousticModel& model, const compute::LoadedEmissions& emissions,
                 const std::vector<std::vector<int>>& words, const Matrix& frames) {
  compute::Backend& backend = compute::cpu_backend();
  const DecodingGraph graph = transcript_graph(model, words);
  Matrix scores(frames.rows(), static_cast<std::size_t>(emissions.states()));
  backend.score(emissions, {frames.data(), frames.rows(), frames.columns()}, {},
                {scores.data(), scores.rows(), scores.columns()});
  std::vector<int32_t> path(frames.rows());
  double score = 0;
  const std::vector<int64_t> splits = {0, static_cast<int64_t>(frames.rows())};
  backend.viterbi(*backend.load(graph.transitions), splits,
                  {scores.data(), scores.rows(), scores.columns()}, path, {&score, 1});
  PhoneTrack track;
  for (const int32_t state : path) {
    const auto label = static_cast<std::size_t>(graph.label_of[static_cast<std::size_t>(state)]);
    track.push_back(graph.filler[label] != 0 ? "SIL" : graph.labels[label]);
  }
  return track;
}

struct Decoded {
  PhoneTrack track;
  std::vector<double> confidence;  // of each frame
};

Decoded decode(const DecoderModel& model, float posterior_scale, const Matrix& frames) {
  OnlineDecoder::Options options;
  options.front_end = model.front_end;
  options.posterior_scale = posterior_scale;
  OnlineDecoder decoder(model.graph, options);
  decoder.push(frames);
  decoder.finish();
  Decoded decoded;
  const DecodingGraph& graph = model.graph->graph;
  for (const DecodedRun& unit : decoder.take_units()) {
    const auto label = static_cast<std::size_t>(unit.id);
    const std::string name = graph.filler[label] != 0 ? "SIL" : graph.labels[label];
    decoded.track.insert(decoded.track.end(), static_cast<std::size_t>(unit.frames), name);
    decoded.confidence.insert(decoded.confidence.end(), static_cast<std::size_t>(unit.frames),
                              unit.confidence);
  }
  return decoded;
}

/// Counts agreements, by confidence too.
class Tally {
 public:
  void add(const std::string& reference, const std::string& decoded, double confidence) {
    const bool same = reference == decoded;
    ++frames_;
    same_ += same;
    if (reference != "SIL") {
      ++speech_;
      same_speech_ += same;
    }
    const auto bin = std::min(kBins - 1, static_cast<std::size_t>(confidence * kBins));
    confidence_[bin] += confidence;
    correct_[bin] += same;
    count_[bin] += 1;
  }

  void print() const {
    double error = 0, confidence = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      error += std::abs(confidence_[bin] - correct_[bin]);
      confidence += confidence_[bin];
    }
    std::printf(
        "frames %ld: same phone %.2f %% of all, %.2f %% of speech; mean confidence %.3f, "
        "expected calibration error %.3f\n",
        frames_, 100.0 * static_cast<double>(same_) / static_cast<double>(frames_),
        100.0 * static_cast<double>(same_speech_) / static_cast<double>(speech_),
        confidence / static_cast<double>(frames_), error / static_cast<double>(frames_));
  }

 private:
  static constexpr std::size_t kBins = 10;
  long frames_ = 0, same_ = 0, speech_ = 0, same_speech_ = 0;
  double confidence_[kBins] = {}, correct_[kBins] = {}, count_[kBins] = {};
};

void run(int argc, char** argv) {
  DecoderSettings settings;
  settings.model = argv[2];
  settings.insertion_weight = argc > 4 ? std::strtof(argv[4], nullptr) : 0;
  const std::string language_model = argc > 6 ? argv[6] : "";
  if (language_model.empty()) {
    settings.language_model = phone_language_model_beside(settings.model);
  } else if (language_model != "-") {
    settings.language_model = language_model;
  }
  const auto decoder_model = load_decoder_model(settings);
  const float scale = argc > 5 ? std::strtof(argv[5], nullptr) : decoder_model->posterior_scale;

  const AcousticModel acoustic = load_sphinx_model(settings.model, {.triphones = false});
  const auto emissions = compute::cpu_backend().load(acoustic.senones);
  const Dictionary dictionary = load_dictionary({argv[3]}, {.skip_malformed = true});
  const std::vector<int> phone_numbers = dictionary.lexicon.phones_in(acoustic.phones);

  Tally tally;
  for (const Utterance& utterance : read_utterances(argv[1])) {
    std::vector<std::vector<int>> words;
    for (const std::string& word : utterance.words) {
      const auto found = dictionary.lexicon.find(word);
      if (!found) throw DataError("\"" + word + "\" is not in the dictionary");
      words.emplace_back();
      for (const uint8_t phone : dictionary.lexicon.pronunciation(*found, 0)) {
        words.back().push_back(phone_numbers[phone]);
      }
    }
    const auto samples = read_wav(utterance.recording);
    const PhoneTrack reference =
        align(acoustic, *emissions, words, frames_of(samples, acoustic.front_end));
    const Decoded decoded =
        decode(*decoder_model, scale, frames_of(samples, before_normalization(acoustic.front_end)));
    for (std::size_t t = 0; t < std::min(reference.size(), decoded.track.size()); ++t) {
      tally.add(reference[t], decoded.track[t], decoded.confidence[t]);
    }
  }
  tally.print();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr,
                 "usage: %s FOLDER MODEL DICTIONARY [INSERTION_WEIGHT [POSTERIOR_SCALE "
                 "[LANGUAGE_MODEL]]]\n",
                 argv[0]);
    return 2;
  }
  try {
    run(argc, argv);
  } catch (const Error& error) {
    std::fprintf(stderr, "phone_agreement: %s\n", error.what());
    return 1;
  }
  return 0;
}
