// From static frames to the frames a model scores: normalization, then deltas.
#pragma once

#include <span>

#include "core/base/matrix.h"
#include "core/frontend/deltas.h"
#include "core/frontend/frame_queue.h"
#include "core/frontend/front_end_config.h"
#include "core/frontend/normalization.h"

namespace hmm {

/// What FrontEnd does after the static part, for frames that come from elsewhere: a decoder that
/// applies its model's own normalization runs the front end with `config.static_part()` and gives
/// the frames to FeatureTransform(config); the result equals FrontEnd(config)'s.
class FeatureTransform {
 public:
  /// Throws SettingsError as FrontEndConfig::validate does.
  explicit FeatureTransform(const FrontEndConfig& config);

  std::size_t input_dimension() const { return normalized_.dimension(); }
  std::size_t dimension() const { return frames_.dimension(); }

  /// One static frame [input_dimension()]. Throws DataError for another size.
  void push(std::span<const float> frame);
  /// Ends the utterance; frames pushed later begin another one.
  void flush();
  /// Drops all frames and forgets the live mean.
  void reset();

  /// Whole frames waiting.
  std::size_t ready() const { return frames_.size(); }
  /// Moves min(ready(), frames.rows) frames to [T x dimension()] and says how many.
  std::size_t take(MutableMatrixView frames) { return frames_.take(frames); }

 private:
  void differentiate();

  Normalization normalization_;
  Deltas deltas_;
  FrameQueue normalized_;
  FrameQueue frames_;
};

}  // namespace hmm
