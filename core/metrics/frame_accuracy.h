// The share of frames that an alignment gives the right label.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/language/labels/labels.h"

namespace hmm {

struct FrameAccuracy {
  int64_t frames = 0;
  int64_t correct = 0;

  double accuracy() const;  // 0 without frames
  FrameAccuracy& operator+=(const FrameAccuracy& other);
};

/// Compares the labels at the centres of the frames, `period` ns apart, from the first label of the
/// reference to its last. A frame where both are silence, or neither has a label, is right; labels
/// are compared exactly. Where `skip_silence`, frames that are silence in the reference do not
/// count. Throws SettingsError for a period that is not above 0, DataError for labels out of order
/// and for more than 1e9 frames.
FrameAccuracy compare_frames(const Tier& reference, const Tier& hypothesis, int64_t period,
                             std::span<const std::string> silences, bool skip_silence = false);

}  // namespace hmm
