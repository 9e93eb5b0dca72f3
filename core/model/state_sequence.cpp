#include "core/model/state_sequence.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

/// Mean and standard deviation of `count` values with these sums.
void describe(int64_t count, double sum, double sum_of_squares, double& mean, double& deviation) {
  if (count == 0) return;
  mean = sum / static_cast<double>(count);
  deviation = std::sqrt(std::max(0.0, sum_of_squares / static_cast<double>(count) - mean * mean));
}

}  // namespace

std::vector<Segment> segments_of(std::span<const int32_t> path) {
  std::vector<Segment> segments;
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (segments.empty() || segments.back().state != path[t]) {
      segments.push_back({path[t], static_cast<int64_t>(t), 0});
    }
    ++segments.back().frames;
  }
  return segments;
}

SequenceAnalysis analyze(std::span<const std::vector<int32_t>> paths, int states) {
  SequenceAnalysis result;
  result.states.resize(static_cast<std::size_t>(std::max(states, 0)));
  std::vector<double> squares(result.states.size());
  int64_t visits = 0, self_loops = 0, forward = 0, backward = 0, skips = 0;
  double all_frames = 0, all_squares = 0;
  for (const auto& path : paths) {
    ++result.sequences;
    result.frames += static_cast<int64_t>(path.size());
    int32_t before = -1;
    for (const Segment& segment : segments_of(path)) {
      if (segment.state < 0 || segment.state >= states) {
        throw DataError("frame " + std::to_string(segment.first_frame) + " of sequence " +
                        std::to_string(result.sequences - 1) + " is in state " +
                        std::to_string(segment.state) + ", which does not exist");
      }
      StateUse& use = result.states[static_cast<std::size_t>(segment.state)];
      use.shortest = use.visits == 0 ? segment.frames : std::min(use.shortest, segment.frames);
      use.longest = std::max(use.longest, segment.frames);
      ++use.visits;
      ++visits;
      use.frames += segment.frames;
      const auto frames = static_cast<double>(segment.frames);
      squares[static_cast<std::size_t>(segment.state)] += frames * frames;
      all_frames += frames;
      all_squares += frames * frames;
      self_loops += segment.frames - 1;
      if (before >= 0) {
        forward += segment.state == before + 1;
        backward += segment.state < before;
        skips += segment.state > before + 1;
      }
      before = segment.state;
    }
  }
  for (std::size_t n = 0; n < result.states.size(); ++n) {
    StateUse& use = result.states[n];
    describe(use.visits, static_cast<double>(use.frames), squares[n], use.mean_duration,
             use.deviation_duration);
  }
  describe(visits, all_frames, all_squares, result.mean_duration, result.deviation_duration);
  result.transitions = self_loops + forward + backward + skips;
  if (result.transitions > 0) {
    const auto total = static_cast<double>(result.transitions);
    result.self_loop_ratio = static_cast<double>(self_loops) / total;
    result.forward_ratio = static_cast<double>(forward) / total;
    result.backward_ratio = static_cast<double>(backward) / total;
    result.skip_ratio = static_cast<double>(skips) / total;
  }
  return result;
}

}  // namespace hmm
