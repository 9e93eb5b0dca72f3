#include "core/synthesis/streaming_generation.h"

#include <algorithm>
#include <cmath>

namespace hmm {

namespace {

constexpr double kPriorFrames = 100;   // What the voice's own states weigh against spoken frames.
constexpr double kMemoryFrames = 600;  // Three seconds at the usual 5 ms.

}  // namespace

StreamingGenerator::StreamingGenerator(const VoiceBlend& blend, const GenerationSettings& settings,
                                       std::size_t look_ahead)
    : blend_(blend), settings_(settings), look_ahead_(look_ahead) {
  for (const VoiceStream& stream : blend.voice().streams) {
    tracks_.push_back({{stream.windows, stream.dimension, look_ahead + 1}, {}, {}, 0, {}});
  }
}

void StreamingGenerator::push(LabelStatistics statistics, std::span<const uint32_t> durations,
                              std::string_view label) {
  if (!started_) {
    for (std::size_t s = 0; s < tracks_.size(); ++s) start_variance(s, label);
    started_ = true;
  }
  labels_.push_back({std::move(statistics), {durations.begin(), durations.end()}});
}

void StreamingGenerator::start_variance(std::size_t stream, std::string_view label) {
  if (!settings_.global_variance || !blend_.has_global_variance(stream)) return;
  RunningVariance running;
  running.target = blend_.global_variance(stream, label).mean;
  const double weight = stream == 0 ? settings_.gv_weight_spectrum : settings_.gv_weight_log_f0;
  for (double& target : running.target) target *= weight;
  blend_.prior_moments(stream, running.mean, running.variance);
  running.weight = kPriorFrames;
  tracks_[stream].variance = std::move(running);
}

bool StreamingGenerator::feed_frame() {
  while (!labels_.empty() && labels_.front().state == labels_.front().durations.size()) {
    labels_.pop_front();
  }
  if (labels_.empty()) return false;
  PendingLabel& label = labels_.front();
  for (std::size_t s = 0; s < tracks_.size(); ++s) feed(s, label.statistics, label.state);
  if (++label.frames_given == label.durations[label.state]) {
    ++label.state;
    label.frames_given = 0;
  }
  ++fed_;
  return true;
}

void StreamingGenerator::feed(std::size_t stream, const LabelStatistics& label, std::size_t state) {
  Track& track = tracks_[stream];
  const LabelStatistics::Stream& statistics = label.streams[stream];
  const bool voiced =
      statistics.voiced.empty() || statistics.voiced[state] > settings_.msd_threshold;
  track.voiced.push_back(voiced);
  if (!voiced) return track.solver.start_segment();
  track.solver.push(statistics.mean.row(state), statistics.precision.row(state));
  track.counted.push_back(label.in_global_variance);
  if (!track.variance || !label.in_global_variance) return;
  RunningVariance& running = *track.variance;
  running.weight = std::min(running.weight + 1, kMemoryFrames);
  for (std::size_t d = 0; d < running.mean.size(); ++d) {
    const double offset = statistics.mean(state, d) - running.mean[d];
    running.mean[d] += offset / running.weight;
    running.variance[d] +=
        (offset * (statistics.mean(state, d) - running.mean[d]) - running.variance[d]) /
        running.weight;
  }
}

bool StreamingGenerator::take(std::size_t stream, std::span<double> values) {
  Track& track = tracks_[stream];
  const bool voiced = track.voiced.front();
  track.voiced.pop_front();
  if (!voiced) return false;
  track.solver.estimate(track.next_row++, values);
  const bool counted = track.counted.front();
  track.counted.pop_front();
  if (!track.variance || !counted) return true;
  const RunningVariance& running = *track.variance;
  for (std::size_t d = 0; d < values.size(); ++d) {
    if (running.variance[d] <= 0) continue;
    values[d] = running.mean[d] +
                std::sqrt(running.target[d] / running.variance[d]) * (values[d] - running.mean[d]);
  }
  return true;
}

bool StreamingGenerator::next(ParameterFrame& frame) {
  while (fed_ <= given_ + look_ahead_) {
    if (feed_frame()) continue;
    if (!finished_ || given_ == fed_) return false;
    break;
  }
  frame.spectrum.resize(tracks_[0].solver.dimension());
  take(0, frame.spectrum);
  if (!take(1, {&frame.log_f0, 1})) frame.log_f0 = kUnvoiced;
  if (tracks_.size() > 2) {
    frame.low_pass.resize(tracks_[2].solver.dimension());
    take(2, frame.low_pass);
  }
  ++given_;
  return true;
}

}  // namespace hmm
