// Time differences appended to feature frames.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/frontend/frame_queue.h"
#include "core/frontend/front_end_config.h"

namespace hmm {

/// Turns static frames [D] into frames of statics and differences; a frame comes out once
/// look_ahead_frames() more have come in, or at the flush.
///
/// sphinx, [3 D], "1s_c_d_dd": d = c[t+2] - c[t-2], dd = (c[t+3] - c[t-1]) - (c[t+1] - c[t-3]).
/// The first and last static frames repeat beyond the ends.
///
/// regression, [(1 + order) D] (HTK book, eq. 5.16): the slope of the least-squares line over
/// `window` frames to each side; each order is the slope of the one before it, whose own first and
/// last frames repeat beyond the ends.
class Deltas {
 public:
  /// Uses the delta fields and the static dimension.
  explicit Deltas(const FrontEndConfig& config);

  /// Takes one static frame and appends what can be given to `out`.
  void push(std::span<const float> frame, FrameQueue& out);
  /// Ends the utterance: the frames that waited for a look-ahead.
  void flush(FrameQueue& out);
  void reset();

 private:
  /// The last few frames of one order. Frame t is frames[t - first].
  struct Level {
    explicit Level(std::size_t dimension) : frames(dimension) {}
    int64_t end() const { return first + static_cast<int64_t>(frames.size()); }
    /// Frame t, or the first or last there is.
    const float* nearest(int64_t t) const;
    void drop_before(int64_t t);

    FrameQueue frames;
    int64_t first = 0;
  };

  void advance(bool ended, FrameQueue& out);
  void append_slope(const Level& from, int64_t t, Level& to) const;
  void write_sphinx(std::span<float> frame) const;
  void write_levels(std::span<float> frame) const;

  DeltaKind kind_;
  std::size_t dimension_;
  int window_;
  float slope_scale_ = 0;
  std::vector<Level> levels_;  // Statics, then each order of regression.
  int64_t next_ = 0;           // The frame that comes out next.
};

}  // namespace hmm
