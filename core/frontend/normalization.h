// Cepstral mean (and variance) normalization.
#pragma once

#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/frontend/frame_queue.h"
#include "core/frontend/front_end_config.h"

namespace hmm {

/// Subtracts a mean from static frames [D], utterance by utterance.
///
/// batch: the mean of the utterance's frames whose first value is not negative
/// (skip_negative_first; of all frames when there is none such), optionally dividing by the
/// standard deviation over all its frames. Frames wait for the flush; their number is limited.
///
/// live: the mean in force is subtracted from each frame, and each frame that counts joins an
/// accumulator that starts as 500 frames of `initial_mean`. The mean in force is replaced when the
/// accumulator passes 800 frames, which shrinks it to 500, and at each flush; it lasts over
/// utterances. These are CMU Sphinx's rules frame by frame, with one difference: frames that do not
/// count are normalized too.
///
/// recursive: the mean moves with every frame that counts, that frame included:
/// mean = sum / count, where sum and count start as 100 frames of `initial_mean`, and beyond 500
/// frames the past is forgotten exponentially. It fits a new speaker or room within seconds, where
/// live takes eight; it lasts over utterances.
class Normalization {
 public:
  /// Frames that batch normalization holds at most: an hour at 100 frames a second.
  static constexpr std::size_t kMostBatchFrames = 360000;

  /// Uses the fields from `normalization` to `initial_mean` and the static dimension.
  explicit Normalization(const FrontEndConfig& config);

  /// Takes one frame and appends what can be given to `out`. Throws DataError when batch
  /// normalization would hold more than kMostBatchFrames.
  void push(std::span<const float> frame, FrameQueue& out);
  /// Ends the utterance.
  void flush(FrameQueue& out);
  /// Forgets the utterance and what was learnt from those before.
  void reset();

 private:
  bool counts(std::span<const float> frame) const { return !skip_negative_ || frame[0] >= 0; }
  void push_live(std::span<const float> frame, FrameQueue& out);
  void push_recursive(std::span<const float> frame, FrameQueue& out);
  void flush_batch(FrameQueue& out);
  void replace_mean();

  NormalizationKind kind_;
  bool variance_;
  bool skip_negative_;
  std::vector<double> initial_mean_;
  std::vector<double> sum_;
  std::vector<float> mean_;
  double count_ = 0;
  Matrix utterance_;
};

}  // namespace hmm
