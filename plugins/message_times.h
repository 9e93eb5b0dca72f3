// The four times that every message on the bus carries.
#pragma once

#include <gst/gst.h>

namespace hmm::gst {

/// Sets `timestamp` (position in the segment), `stream-time`, `running-time` and `duration`
/// (guint64, ns; GST_CLOCK_TIME_NONE outside the segment), as the level element does.
void set_message_times(GstStructure* message, const GstSegment& segment, GstClockTime timestamp,
                       GstClockTime duration);

}  // namespace hmm::gst
