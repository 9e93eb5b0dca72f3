#include "plugins/message_times.h"

namespace hmm::gst {

void set_message_times(GstStructure* message, const GstSegment& segment, GstClockTime timestamp,
                       GstClockTime duration) {
  gst_structure_set(message, "timestamp", G_TYPE_UINT64, timestamp, "stream-time", G_TYPE_UINT64,
                    gst_segment_to_stream_time(&segment, GST_FORMAT_TIME, timestamp),
                    "running-time", G_TYPE_UINT64,
                    gst_segment_to_running_time(&segment, GST_FORMAT_TIME, timestamp), "duration",
                    G_TYPE_UINT64, duration, nullptr);
}

}  // namespace hmm::gst
