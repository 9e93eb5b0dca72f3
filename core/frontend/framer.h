// Cuts a stream of samples into overlapping windows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/frontend/front_end_config.h"

namespace hmm {

/// Append samples, then use frame() and advance() while has_frame(). Holds about one window of
/// samples beside those appended since the last frame.
class Framer {
 public:
  /// Uses the framing, window and hop.
  explicit Framer(const FrontEndConfig& config);

  void append(std::span<const double> samples);
  /// Ends the stream: adds what completes its last frames.
  void finish();
  void reset();

  bool has_frame() const {
    return !waits_for_mirror_ && begin_ + window_ <= samples_.size() && frames_ != frames_end_;
  }
  /// [window]; good until the next call that changes something.
  std::span<const double> frame() const { return {samples_.data() + begin_, window_}; }
  void advance() {
    begin_ += hop_;
    ++frames_;
  }

 private:
  static constexpr int64_t kUnknown = -1;

  void mirror_start();
  void mirror_end();
  /// Zeros until the last of frames_end_ frames is whole.
  void pad();

  Framing framing_;
  std::size_t window_;
  std::size_t hop_;
  std::size_t lead_;  // How far frame 0 reaches before the first sample.

  std::vector<double> samples_;
  std::size_t begin_ = 0;          // Start of the next frame in samples_; may lie past its end.
  int64_t total_ = 0;              // Samples of the stream so far.
  int64_t frames_ = 0;             // Frames given so far.
  int64_t frames_end_ = kUnknown;  // All frames of the stream.
  bool waits_for_mirror_ = false;  // The first `lead_` samples are not all there.
};

}  // namespace hmm
