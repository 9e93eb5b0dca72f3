// What hmmstreamdecode does with the frames of a stream: decoding, and giving out the result as
// text, gaps, messages and annotated frames.
#pragma once

#include <gst/gst.h>

#include <deque>
#include <memory>
#include <vector>

#include "core/inference/decoder_model.h"
#include "core/inference/online_decoder.h"
#include "plugins/decode_stats.h"
#include "plugins/feature_caps.h"
#include "plugins/frame_clock.h"
#include "plugins/gst_ptr.h"

namespace hmm::gst {

/// The part of the element's settings that a stream is decoded with.
struct DecodeSettings {
  GstClockTime lag = 300 * GST_MSECOND;  // 0: unlimited
  GstClockTime latency = 1 * GST_SECOND;
  GstClockTime lateness = 0;
  GstClockTime interval = 100 * GST_MSECOND;
  GstClockTime stats_interval = 0;
  bool post_messages = true;
};

/// The smallest `latency` that a lag fits into.
GstClockTime smallest_latency(GstClockTime lag, const FeatureFormat& format);

/// Everything that flushing forgets. Not thread-safe: belongs to the streaming thread.
class DecodeSession {
 public:
  /// Where results go. `features` may be null.
  struct Outputs {
    GstElement* element = nullptr;
    GstPad* text = nullptr;
    GstPad* features = nullptr;
    DecodeStats* stats = nullptr;
  };
  struct Flow {
    GstFlowReturn text = GST_FLOW_OK;
    GstFlowReturn features = GST_FLOW_OK;
  };

  /// Throws SettingsError when lag and latency do not go together.
  DecodeSession(std::shared_ptr<const DecoderModel> model, const DecodeSettings& settings,
                const FeatureFormat& format);

  /// Decodes the frames of a buffer, whose timestamp is set, and gives out what has been decided. A
  /// buffer that does not continue the one before ends the utterance first. Throws DataError.
  Flow push(BufferPtr buffer, const GstSegment& segment, const Outputs& outputs);
  /// Ends the utterance: all results are given out.
  Flow drain(const GstSegment& segment, const Outputs& outputs);

  /// The stream is live and its buffers come this long after their running time.
  void set_upstream_latency(GstClockTime latency) { upstream_latency_ = latency; }
  /// The longest that a text has come after its running time and upstream's latency; 0 if not live.
  GstClockTime largest_delay() const { return largest_delay_; }

  /// Posts hmm-stats for the time since the last one.
  void post_stats(const GstSegment& segment, const Outputs& outputs);

 private:
  struct PendingBuffer {
    BufferPtr buffer;
    int64_t first_frame = 0;
    int64_t frames = 0;
  };

  bool continues(const GstBuffer* buffer) const;
  void start_utterance(GstClockTime first);
  void decode(MatrixView frames, DecodeStats& stats);
  Flow give_out(const GstSegment& segment, const Outputs& outputs);
  void post_states(std::span<const DecodedRun> runs, const GstSegment& segment,
                   GstElement* element);
  GstFlowReturn push_unit(const DecodedRun& unit, const GstSegment& segment,
                          const Outputs& outputs);
  void observe_delay(GstClockTime pts, const GstSegment& segment, GstElement* element);
  GstFlowReturn push_features(const Outputs& outputs, bool all);

  std::shared_ptr<const DecoderModel> model_;
  DecodeSettings settings_;
  FeatureFormat format_;
  OnlineDecoder decoder_;

  FrameClock clock_;
  int64_t frames_ = 0;  // of the utterance
  bool discontinuity_ = true;
  std::deque<PendingBuffer> pending_;      // frames not yet passed on
  std::deque<DecodedRun> pending_states_;  // that overlap them

  GstClockTime upstream_latency_ = GST_CLOCK_TIME_NONE;
  GstClockTime largest_delay_ = 0;
  GstClockTime position_ = 0;                      // end of the newest frame
  GstClockTime stats_from_ = GST_CLOCK_TIME_NONE;  // timestamp of the next hmm-stats
};

}  // namespace hmm::gst
