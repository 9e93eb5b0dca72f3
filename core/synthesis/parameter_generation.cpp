#include "core/synthesis/parameter_generation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/synthesis/global_variance.h"
#include "core/synthesis/trajectory_solver.h"

namespace hmm {

namespace {

constexpr double kSemitone = 0.05776226504666210911810267678818;  // ln 2 / 12
enum StreamIndex : std::size_t { kSpectrum = 0, kLogF0 = 1, kLowPass = 2 };

/// Calls action(label, state of the label, frames) for every state in turn.
template <class Action>
void for_each_state(const std::vector<LabelStatistics>& labels,
                    const std::vector<uint32_t>& durations, const Action& action) {
  auto duration = durations.begin();
  for (const LabelStatistics& label : labels) {
    for (std::size_t n = 0; n < label.duration_mean.size(); ++n) action(label, n, *duration++);
  }
}

bool is_voiced(const LabelStatistics::Stream& stream, std::size_t state, double threshold) {
  return stream.voiced.empty() || stream.voiced[state] > threshold;
}

struct Generated {
  BasicMatrix<double> trajectory;  // [voiced frames x D]
  std::vector<char> voiced;        // [T]
};

Generated generate_stream(const VoiceBlend& blend, std::size_t index,
                          const std::vector<LabelStatistics>& labels,
                          const std::vector<uint32_t>& durations, std::string_view first_label,
                          const GenerationSettings& settings) {
  const VoiceStream& stream = blend.voice().streams[index];
  const std::size_t n_frame = std::accumulate(durations.begin(), durations.end(), std::size_t{0});
  Generated result;
  result.voiced.reserve(n_frame);
  TrajectorySolver solver(stream.windows, stream.dimension, n_frame);
  std::vector<char> counted;
  for_each_state(labels, durations, [&](const LabelStatistics& label, std::size_t n, uint32_t d) {
    const LabelStatistics::Stream& statistics = label.streams[index];
    const bool voiced = is_voiced(statistics, n, settings.msd_threshold);
    result.voiced.insert(result.voiced.end(), d, voiced);
    if (!voiced) return solver.start_segment();
    for (uint32_t i = 0; i < d; ++i)
      solver.push(statistics.mean.row(n), statistics.precision.row(n));
    counted.insert(counted.end(), d, label.in_global_variance);
  });
  result.trajectory = solver.solve();
  if (settings.global_variance && blend.has_global_variance(index) && !counted.empty()) {
    GlobalVariance target = blend.global_variance(index, first_label);
    const double weight =
        index == kSpectrum ? settings.gv_weight_spectrum : settings.gv_weight_log_f0;
    for (double& mean : target.mean) mean *= weight;
    apply_global_variance(solver, target, counted, result.trajectory);
  }
  return result;
}

}  // namespace

void check(const GenerationSettings& settings) {
  const auto need = [](bool good, const char* reason) {
    if (!good) throw SettingsError(reason);
  };
  need(settings.msd_threshold >= 0 && settings.msd_threshold <= 1,
       "the threshold of voicing must be from 0 to 1");
  need(std::fabs(settings.pitch) <= 120, "the pitch shift must be from -120 to 120 semitones");
  need(settings.gv_weight_spectrum >= 0 && settings.gv_weight_spectrum <= 100 &&
           settings.gv_weight_log_f0 >= 0 && settings.gv_weight_log_f0 <= 100,
       "a weight of the global variance must be from 0 to 100");
}

void shift_pitch(LabelStatistics& statistics, double semitones) {
  if (semitones == 0) return;
  BasicMatrix<double>& mean = statistics.streams[kLogF0].mean;
  for (std::size_t n = 0; n < mean.rows(); ++n) {
    mean(n, 0) = std::clamp(mean(n, 0) + semitones * kSemitone, kLowestLogF0, kHighestLogF0);
  }
}

SpeechParameters generate_parameters(const VoiceBlend& blend,
                                     const std::vector<LabelStatistics>& labels,
                                     const std::vector<uint32_t>& durations,
                                     std::string_view first_label,
                                     const GenerationSettings& settings) {
  const auto generate = [&](std::size_t index) {
    return generate_stream(blend, index, labels, durations, first_label, settings);
  };
  SpeechParameters parameters;
  parameters.spectrum = generate(kSpectrum).trajectory;
  const Generated log_f0 = generate(kLogF0);
  std::size_t row = 0;
  for (const bool voiced : log_f0.voiced) {
    parameters.log_f0.push_back(voiced ? log_f0.trajectory(row++, 0) : kUnvoiced);
  }
  if (blend.voice().streams.size() > kLowPass) {
    parameters.low_pass = generate(kLowPass).trajectory;
  }
  return parameters;
}

}  // namespace hmm
