// Times from frame counts: rounding never adds up, however long the stream.
#pragma once

#include <gst/gst.h>

#include <cstdint>

namespace hmm::gst {

/// Frames at frames/seconds Hz, frame 0 starting at `origin` ns. A label that begins at frame f
/// begins `label_offset` ns after the frame does, at the centre of what the frames before and from
/// f have in common.
class FrameClock {
 public:
  FrameClock() = default;
  FrameClock(GstClockTime origin, int frames, int seconds, GstClockTime label_offset)
      : origin_(origin), frames_(frames), seconds_(seconds), label_offset_(label_offset) {}

  GstClockTime length(int64_t frames) const {
    return gst_util_uint64_scale(static_cast<guint64>(frames),
                                 GST_SECOND * static_cast<guint64>(seconds_),
                                 static_cast<guint64>(frames_));
  }
  /// When frame f starts.
  GstClockTime frame(int64_t f) const { return origin_ + length(f); }
  /// When a label that starts (or ends) before frame f does so; the first starts with the frames.
  GstClockTime boundary(int64_t f) const { return f == 0 ? origin_ : frame(f) + label_offset_; }

  /// The largest number of frames that take at most `time`.
  int64_t frames_within(GstClockTime time) const {
    return static_cast<int64_t>(gst_util_uint64_scale(time, static_cast<guint64>(frames_),
                                                      GST_SECOND * static_cast<guint64>(seconds_)));
  }

 private:
  GstClockTime origin_ = 0;
  int frames_ = 1;
  int seconds_ = 1;
  GstClockTime label_offset_ = 0;
};

}  // namespace hmm::gst
