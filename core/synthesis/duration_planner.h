// Decides durations label by label, as labels come.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/language/full_context_label.h"
#include "core/synthesis/voice_blend.h"

namespace hmm {

class DurationPlanner {
 public:
  /// Without `frames_per_tick` durations follow from the voice: the most likely ones at a speaking
  /// rate of 1; else each label is given its share of mean / rate frames, and what rounding takes
  /// from one label the next one gets. With it, labels end at their times (in ticks of 100 ns); one
  /// without an end shares the time up to the next label that has one. Throws SettingsError for a
  /// rate that is not from 0.01 to 100.
  explicit DurationPlanner(double speaking_rate, std::optional<double> frames_per_tick = {});

  /// The durations [labels * N] of the labels that are decided now, in order: none while the label
  /// waits for a time, several when a time ends the wait. Throws DataError when the wait gets too
  /// long.
  std::vector<uint32_t> add(const FullContextLabel& label, const LabelStatistics& statistics);
  /// Those of the labels that still wait: the most likely ones. Throws DataError when times were
  /// asked for and no label had one.
  std::vector<uint32_t> finish();

  /// Durations for the whole utterance at once, with one rho for all its states, which is how
  /// hts_engine speaks at another rate.
  static std::vector<uint32_t> at_rate(const std::vector<LabelStatistics>& labels,
                                       double speaking_rate);

 private:
  double speaking_rate_;
  std::optional<double> frames_per_tick_;
  double ideal_end_ = 0;  // frames
  uint64_t end_ = 0;      // frames
  bool any_time_ = false;
  std::vector<double> waiting_means_, waiting_variances_;
};

}  // namespace hmm
