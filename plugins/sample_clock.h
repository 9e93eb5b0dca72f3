// Times from sample counts: rounding never adds up, however long the stream.
#pragma once

#include <gst/gst.h>

#include <cstdint>

namespace hmm::gst {

/// Samples at `rate` Hz, sample 0 lying at `origin` ns.
class SampleClock {
 public:
  SampleClock() = default;
  SampleClock(GstClockTime origin, int rate) : origin_(origin), rate_(rate) {}

  /// The time of a sample, rounded down to a nanosecond; GST_CLOCK_TIME_NONE past the last time.
  GstClockTime time_of(uint64_t sample) const {
    const GstClockTime offset = gst_util_uint64_scale(sample, GST_SECOND, rate_);
    return offset < GST_CLOCK_TIME_NONE - origin_ ? origin_ + offset : GST_CLOCK_TIME_NONE;
  }

  /// The first sample whose time is `time` or later.
  uint64_t first_sample_at(GstClockTime time) const {
    if (time <= origin_) return 0;
    uint64_t sample = gst_util_uint64_scale(time - origin_, rate_, GST_SECOND);
    while (time_of(sample) < time) ++sample;
    return sample;
  }

 private:
  GstClockTime origin_ = 0;
  int rate_ = 1;
};

}  // namespace hmm::gst
