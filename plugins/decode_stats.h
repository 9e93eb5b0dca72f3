// How much was decoded, how long it took and how far behind the results were.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <mutex>

#include "core/base/histogram.h"

namespace hmm::gst {

/// Counted by the streaming thread, read by any.
class DecodeStats {
 public:
  void reset();
  void add_buffer(uint64_t frames, GstClockTime audio, GstClockTime processing);
  void add_decision(uint64_t frames, GstClockTime latency);

  /// A structure "hmm-stats":
  ///   frames (guint64), real-time-factor (double, processing time / audio time),
  ///   processing-mean, processing-p99, processing-max (guint64, ns a buffer),
  ///   latency-mean, latency-p99, latency-max (guint64, ns from a frame's end to the newest frame
  ///   when it was decided), beam (double, 0: none), lag (guint64, ns, 0: unlimited)
  GstStructure* to_structure(GstClockTime lag) const;

 private:
  mutable std::mutex mutex_;
  uint64_t frames_ = 0;
  GstClockTime audio_ = 0;
  GstClockTime processing_ = 0;
  Histogram processing_times_;
  Histogram latencies_;
};

}  // namespace hmm::gst
