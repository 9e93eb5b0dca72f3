// One stream of audio on its way to feature buffers: counts samples, clips, cuts, stamps.
#pragma once

#include <gst/audio/audio.h>
#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/frontend/channels.h"
#include "core/frontend/front_end.h"
#include "plugins/feature_caps.h"
#include "plugins/gst_ptr.h"
#include "plugins/melfeatures_settings.h"
#include "plugins/sample_clock.h"

namespace hmm::gst {

/// Frames are counted from the first sample after a start or a discontinuity that lies in the
/// segment; the PTS of frame t is the position of sample t*hop from there. Input timestamps only
/// tell where that is and when a discontinuity comes, so that frames and times do not depend on how
/// the samples are divided over buffers.
class MelFeaturesStream {
 public:
  /// Throws SettingsError when the front end or the channel cannot be.
  MelFeaturesStream(const GstAudioInfo& audio, const FrontEndConfig& config,
                    const FeatureFormat& format, const MelFeaturesSettings& settings);

  /// Takes effect at the next discontinuity: drain() first.
  void set_segment(const GstSegment& segment) { segment_ = segment; }

  /// Takes the samples of a buffer and appends the buffers of frames that are ready. Throws
  /// StreamFormatError for a buffer with a partial sample, or with no PTS where one is needed, and
  /// DataError for samples that are no finite numbers.
  void push(GstBuffer* buffer, std::vector<BufferPtr>& out);
  /// Ends the frames in progress, the partial one included; the next samples start anew.
  void drain(std::vector<BufferPtr>& out);
  /// Forgets everything since the start.
  void reset();

  GstClockTime latency() const;

 private:
  struct FreeAlign {
    void operator()(GstAudioStreamAlign* align) const { gst_audio_stream_align_free(align); }
  };

  void start(GstClockTime pts);
  void push_samples(std::span<const std::byte> bytes);
  void take_frames(std::vector<BufferPtr>& out);
  BufferPtr take_buffer(std::size_t frames);

  int rate_;
  int channels_;
  int channel_;
  SampleFormat sample_format_;
  std::size_t bytes_per_frame_;  // Of one sample of every channel.
  FeatureFormat format_;
  FrontEnd front_end_;
  std::unique_ptr<GstAudioStreamAlign, FreeAlign> align_;
  std::vector<float> mono_;

  GstSegment segment_;
  bool running_ = false;   // Between a start and a drain.
  bool discont_ = false;   // The next buffer of frames follows a start.
  SampleClock clock_;      // Sample 0 is the first since the start.
  uint64_t position_ = 0;  // Samples since the start.
  uint64_t first_ = 0;     // The samples [first_, end_) lie in the segment.
  uint64_t end_ = 0;
  uint64_t frames_ = 0;  // Frames out since the start.
};

}  // namespace hmm::gst
