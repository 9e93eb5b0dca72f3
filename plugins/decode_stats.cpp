#include "plugins/decode_stats.h"

namespace hmm::gst {

void DecodeStats::reset() {
  const std::lock_guard lock(mutex_);
  frames_ = 0;
  audio_ = processing_ = 0;
  processing_times_ = latencies_ = {};
}

void DecodeStats::add_buffer(uint64_t frames, GstClockTime audio, GstClockTime processing) {
  const std::lock_guard lock(mutex_);
  frames_ += frames;
  audio_ += audio;
  processing_ += processing;
  processing_times_.add(processing);
}

void DecodeStats::add_decision(uint64_t frames, GstClockTime latency) {
  const std::lock_guard lock(mutex_);
  latencies_.add(latency, frames);
}

GstStructure* DecodeStats::to_structure(GstClockTime lag) const {
  const std::lock_guard lock(mutex_);
  const double factor =
      audio_ == 0 ? 0 : static_cast<double>(processing_) / static_cast<double>(audio_);
  const auto mean = [](const Histogram& times) { return static_cast<guint64>(times.mean()); };
  const auto p99 = [](const Histogram& times) {
    return static_cast<guint64>(times.quantile(0.99));
  };
  return gst_structure_new(
      "hmm-stats", "frames", G_TYPE_UINT64, frames_, "real-time-factor", G_TYPE_DOUBLE, factor,
      "processing-mean", G_TYPE_UINT64, mean(processing_times_), "processing-p99", G_TYPE_UINT64,
      p99(processing_times_), "processing-max", G_TYPE_UINT64, processing_times_.max(),
      "latency-mean", G_TYPE_UINT64, mean(latencies_), "latency-p99", G_TYPE_UINT64,
      p99(latencies_), "latency-max", G_TYPE_UINT64, latencies_.max(), "beam", G_TYPE_DOUBLE, 0.0,
      "lag", G_TYPE_UINT64, lag, nullptr);
}

}  // namespace hmm::gst
