#include "core/synthesis/streaming_generation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "core/base/file.h"
#include "core/language/full_context_label.h"
#include "core/model/io/htsvoice.h"
#include "core/synthesis/duration.h"
#include "core/synthesis/speech_synthesizer.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

struct Utterance {
  std::vector<FullContextLabel> labels;
  std::vector<LabelStatistics> statistics;
  std::vector<uint32_t> durations;
};

Utterance look_up(const VoiceBlend& blend, const std::filesystem::path& path) {
  const MappedFile file(path);
  Utterance made{parse_full_context_labels(file.text(), path.string()), {}, {}};
  for (const FullContextLabel& label : made.labels) {
    made.statistics.push_back(blend.look_up(label.context));
    const auto durations = most_likely_durations(made.statistics.back().duration_mean);
    made.durations.insert(made.durations.end(), durations.begin(), durations.end());
  }
  return made;
}

SpeechParameters stream(const VoiceBlend& blend, const Utterance& utterance,
                        const GenerationSettings& settings, std::size_t look_ahead) {
  StreamingGenerator generator(blend, settings, look_ahead);
  const std::size_t n_state = blend.voice().n_state;
  SpeechParameters parameters;
  ParameterFrame frame;
  for (std::size_t i = 0; i < utterance.labels.size(); ++i) {
    generator.push(utterance.statistics[i],
                   std::span(utterance.durations).subspan(i * n_state, n_state),
                   utterance.labels[i].context);
    if (i + 1 == utterance.labels.size()) generator.finish();
    while (generator.next(frame)) {
      parameters.spectrum.append_row(frame.spectrum);
      parameters.log_f0.push_back(frame.log_f0);
    }
  }
  return parameters;
}

/// Mel-cepstral distortion in dB, c0 left out, averaged over frames.
double distortion(const SpeechParameters& a, const SpeechParameters& b) {
  double sum = 0;
  for (std::size_t t = 0; t < a.spectrum.rows(); ++t) {
    double square = 0;
    for (std::size_t d = 1; d < a.spectrum.columns(); ++d) {
      square += std::pow(a.spectrum(t, d) - b.spectrum(t, d), 2);
    }
    sum += 10 / std::log(10.0) * std::sqrt(2 * square);
  }
  return sum / static_cast<double>(a.spectrum.rows());
}

/// Root mean square of the log F0 difference in cents, where voiced.
double cents(const SpeechParameters& a, const SpeechParameters& b) {
  double square = 0, n = 0;
  for (std::size_t t = 0; t < a.log_f0.size(); ++t) {
    EXPECT_EQ(a.log_f0[t] == kUnvoiced, b.log_f0[t] == kUnvoiced);
    if (a.log_f0[t] == kUnvoiced) continue;
    square += std::pow(1200 / std::log(2.0) * (a.log_f0[t] - b.log_f0[t]), 2);
    ++n;
  }
  return std::sqrt(square / n);
}

/// docs/synthesis.md's table is what this prints.
TEST(StreamingGeneration, ComesCloseToTheWholeUtterance) {
  const auto path = testing::test_data("htsvoices/cmu_us_slt_arctic_hts.htsvoice");
  SKIP_WITHOUT(path);
  const VoiceBlend blend(std::make_shared<const Voice>(load_htsvoice(path)));
  const Utterance utterance = look_up(blend, testing::test_data("hts-labels/en-alice/alice02.lab"));
  GenerationSettings no_gv, gv;
  no_gv.global_variance = false;
  const auto batch = [&](const GenerationSettings& settings) {
    return generate_parameters(blend, utterance.statistics, utterance.durations,
                               utterance.labels[0].context, settings);
  };
  const SpeechParameters exact = batch(no_gv), exact_gv = batch(gv);
  std::printf("frames  MCD dB  F0 cents   with GV: MCD dB  F0 cents\n");
  for (const std::size_t look_ahead : {0u, 5u, 10u, 20u, 40u, 60u, 100u}) {
    const SpeechParameters streamed = stream(blend, utterance, no_gv, look_ahead);
    const SpeechParameters streamed_gv = stream(blend, utterance, gv, look_ahead);
    ASSERT_EQ(streamed.spectrum.rows(), exact.spectrum.rows());
    const double spectrum = distortion(streamed, exact), f0 = cents(streamed, exact);
    const double spectrum_gv = distortion(streamed_gv, exact_gv);
    std::printf("%6zu  %6.4f  %8.3f            %6.3f  %8.2f\n", look_ahead, spectrum, f0,
                spectrum_gv, cents(streamed_gv, exact_gv));
    if (look_ahead < kDefaultLookAhead) continue;
    EXPECT_LT(spectrum, 0.1);
    EXPECT_LT(f0, 1.0);
    // The approximation must be worth having: closer to the GV result than no GV at all.
    EXPECT_LT(spectrum_gv, 0.75 * distortion(exact, exact_gv));
  }
  std::printf("no GV at all, against GV: %.3f dB\n", distortion(exact, exact_gv));
}

}  // namespace
}  // namespace hmm
