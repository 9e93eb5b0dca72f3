#include "plugins/decode_session.h"

#include <algorithm>
#include <cmath>

#include "plugins/exception_guard.h"
#include "plugins/message_times.h"
#include "plugins/state_meta.h"

namespace hmm::gst {
namespace {

constexpr int kDecisionInterval = 5;  // frames

/// A buffer's bytes, readable while this lives.
class ReadMap {
 public:
  explicit ReadMap(GstBuffer* buffer) : buffer_(buffer) {
    if (!gst_buffer_map(buffer, &map_, GST_MAP_READ)) {
      throw DataError("a buffer's memory cannot be read");
    }
  }
  ~ReadMap() { gst_buffer_unmap(buffer_, &map_); }
  ReadMap(const ReadMap&) = delete;
  ReadMap& operator=(const ReadMap&) = delete;

  const guint8* data() const { return map_.data; }

 private:
  GstBuffer* buffer_;
  GstMapInfo map_;
};

FrameClock clock_from(GstClockTime origin, const FeatureFormat& format,
                      const FrontEndConfig& front_end) {
  const double offset =
      std::max(0.0, front_end.label_offset_samples()) / front_end.sample_rate * GST_SECOND;
  return {origin, format.frames, format.seconds, static_cast<GstClockTime>(std::llround(offset))};
}

OnlineDecoder::Options decoder_options(const DecodeSettings& settings, const FeatureFormat& format,
                                       const DecoderModel& model) {
  const FrameClock clock = clock_from(0, format, model.front_end);
  OnlineDecoder::Options options;
  options.decision_interval = kDecisionInterval;
  options.posterior_scale = model.posterior_scale;
  options.front_end = model.front_end;
  if (settings.lag > 0) {
    options.lag = static_cast<int>(clock.frames_within(settings.lag));
    if (options.lag < kDecisionInterval) {
      throw SettingsError("a lag of " + std::to_string(settings.lag / GST_MSECOND) +
                          " ms is too short; the smallest is " +
                          std::to_string(clock.length(kDecisionInterval) / GST_MSECOND) +
                          " ms (0: unlimited)");
    }
  }
  if (settings.interval > 0) {
    options.longest_state_run =
        std::max(1, static_cast<int>(clock.frames_within(settings.interval)));
  }
  // A decision comes up to an interval late.
  options.oldest_unit =
      std::max(1, static_cast<int>(clock.frames_within(settings.latency)) - kDecisionInterval);
  return options;
}

}  // namespace

GstClockTime smallest_latency(GstClockTime lag, const FeatureFormat& format) {
  return lag + FrameClock(0, format.frames, format.seconds, 0).length(kDecisionInterval);
}

DecodeSession::DecodeSession(std::shared_ptr<const DecoderModel> model,
                             const DecodeSettings& settings, const FeatureFormat& format)
    : model_(std::move(model)),
      settings_(settings),
      format_(format),
      decoder_(model_->graph, decoder_options(settings, format, *model_)) {}

DecodeSession::Flow DecodeSession::push(BufferPtr buffer, const GstSegment& segment,
                                        const Outputs& outputs) {
  const gsize bytes = gst_buffer_get_size(buffer.get());
  if (bytes % format_.frame_bytes() != 0) {
    throw StreamFormatError("a buffer of " + std::to_string(bytes) +
                            " bytes does not hold whole frames of " +
                            std::to_string(format_.dimension) + " float values");
  }
  Flow flow;
  if (frames_ > 0 && !continues(buffer.get())) flow = drain(segment, outputs);
  const auto frames = static_cast<int64_t>(bytes / format_.frame_bytes());
  if (frames == 0) return flow;
  if (frames_ == 0) start_utterance(GST_BUFFER_PTS(buffer.get()));

  {
    const ReadMap map(buffer.get());
    decode({reinterpret_cast<const float*>(map.data()), static_cast<std::size_t>(frames),
            static_cast<std::size_t>(format_.dimension)},
           *outputs.stats);
  }
  if (outputs.features != nullptr) pending_.push_back({std::move(buffer), frames_, frames});
  frames_ += frames;
  const Flow given = give_out(segment, outputs);
  if (flow.text == GST_FLOW_OK) flow.text = given.text;
  if (flow.features == GST_FLOW_OK) flow.features = given.features;
  return flow;
}

bool DecodeSession::continues(const GstBuffer* buffer) const {
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT)) return false;
  const GstClockTimeDiff drift = GST_CLOCK_DIFF(clock_.frame(frames_), GST_BUFFER_PTS(buffer));
  return std::abs(drift) <= static_cast<GstClockTimeDiff>(clock_.length(1) / 2);
}

void DecodeSession::start_utterance(GstClockTime first) {
  clock_ = clock_from(first, format_, model_->front_end);
  if (stats_from_ == GST_CLOCK_TIME_NONE) stats_from_ = first;
}

void DecodeSession::decode(MatrixView frames, DecodeStats& stats) {
  const gint64 start = g_get_monotonic_time();
  decoder_.push(frames);
  const auto spent = static_cast<GstClockTime>(g_get_monotonic_time() - start) * GST_USECOND;
  stats.add_buffer(frames.rows, clock_.length(static_cast<int64_t>(frames.rows)), spent);
}

DecodeSession::Flow DecodeSession::drain(const GstSegment& segment, const Outputs& outputs) {
  if (frames_ == 0) return {};
  decoder_.finish();
  Flow flow = give_out(segment, outputs);
  const GstFlowReturn features = push_features(outputs, true);
  if (flow.features == GST_FLOW_OK) flow.features = features;
  decoder_.reset();
  pending_.clear();
  pending_states_.clear();
  frames_ = 0;
  discontinuity_ = true;
  return flow;
}

DecodeSession::Flow DecodeSession::give_out(const GstSegment& segment, const Outputs& outputs) {
  const std::vector<DecodedRun> states = decoder_.take_states();
  for (const DecodedRun& run : states) {
    outputs.stats->add_decision(static_cast<uint64_t>(run.frames),
                                clock_.length(run.frames_seen - run.first_frame - run.frames));
  }
  if (settings_.post_messages) post_states(states, segment, outputs.element);

  Flow flow;
  for (const DecodedRun& unit : decoder_.take_units()) {
    const GstFlowReturn pushed = push_unit(unit, segment, outputs);
    if (flow.text == GST_FLOW_OK) flow.text = pushed;
  }
  if (outputs.features != nullptr) {
    pending_states_.insert(pending_states_.end(), states.begin(), states.end());
    flow.features = push_features(outputs, false);
  }
  position_ = clock_.frame(frames_);
  if (settings_.stats_interval > 0 && position_ >= stats_from_ + settings_.stats_interval) {
    post_stats(segment, outputs);
  }
  return flow;
}

void DecodeSession::post_stats(const GstSegment& segment, const Outputs& outputs) {
  if (!settings_.post_messages || stats_from_ == GST_CLOCK_TIME_NONE) return;
  const GstClockTime now = std::max(stats_from_, position_);
  GstStructure* message = outputs.stats->to_structure(settings_.lag);
  set_message_times(message, segment, stats_from_, now - stats_from_);
  stats_from_ = now;
  gst_element_post_message(outputs.element,
                           gst_message_new_element(GST_OBJECT(outputs.element), message));
}

void DecodeSession::post_states(std::span<const DecodedRun> runs, const GstSegment& segment,
                                GstElement* element) {
  const DecodingGraph& graph = decoder_.graph();
  for (const DecodedRun& run : runs) {
    const auto label = static_cast<std::size_t>(graph.label_of[static_cast<std::size_t>(run.id)]);
    const int64_t end = run.first_frame + run.frames;
    GstStructure* message = gst_structure_new(
        "hmm-state", "state", G_TYPE_INT, run.id, "label", G_TYPE_STRING,
        graph.labels[label].c_str(), "confidence", G_TYPE_DOUBLE, run.confidence, "log-likelihood",
        G_TYPE_DOUBLE, run.log_likelihood, "commit", G_TYPE_STRING, commit_name(run.commit),
        "latency", G_TYPE_UINT64, clock_.length(run.frames_seen - end), nullptr);
    const GstClockTime start = clock_.boundary(run.first_frame);
    set_message_times(message, segment, start, clock_.boundary(end) - start);
    gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), message));
  }
}

GstFlowReturn DecodeSession::push_unit(const DecodedRun& unit, const GstSegment& segment,
                                       const Outputs& outputs) {
  const GstClockTime start = clock_.boundary(unit.first_frame) + settings_.lateness;
  const GstClockTime duration =
      clock_.boundary(unit.first_frame + unit.frames) + settings_.lateness - start;
  const DecodingGraph& graph = decoder_.graph();
  const auto label = static_cast<std::size_t>(unit.id);
  observe_delay(start - settings_.lateness, segment, outputs.element);
  if (graph.filler[label] != 0 || unit.continues) {
    gst_pad_push_event(outputs.text, gst_event_new_gap(start, duration));
    return GST_FLOW_OK;
  }
  const std::string& text = graph.labels[label];
  GstBuffer* buffer = gst_buffer_new_memdup(text.data(), text.size());
  GST_BUFFER_PTS(buffer) = start;
  GST_BUFFER_DURATION(buffer) = duration;
  if (discontinuity_) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  discontinuity_ = false;
  return gst_pad_push(outputs.text, buffer);
}

void DecodeSession::observe_delay(GstClockTime pts, const GstSegment& segment,
                                  GstElement* element) {
  if (upstream_latency_ == GST_CLOCK_TIME_NONE) return;
  const GstClockTime due = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, pts);
  const GstClockTime now = gst_element_get_current_running_time(element);
  if (due == GST_CLOCK_TIME_NONE || now == GST_CLOCK_TIME_NONE) return;
  const GstClockTimeDiff delay = GST_CLOCK_DIFF(due + upstream_latency_, now);
  if (delay > static_cast<GstClockTimeDiff>(largest_delay_)) {
    largest_delay_ = static_cast<GstClockTime>(delay);
  }
}

GstFlowReturn DecodeSession::push_features(const Outputs& outputs, bool all) {
  GstFlowReturn flow = GST_FLOW_OK;
  const int64_t decided = pending_states_.empty()
                              ? 0
                              : pending_states_.back().first_frame + pending_states_.back().frames;
  while (!pending_.empty()) {
    PendingBuffer& next = pending_.front();
    const int64_t end = next.first_frame + next.frames;
    if (end > decided && !all) break;
    const std::vector<DecodedRun> runs(pending_states_.begin(), pending_states_.end());
    GstBuffer* buffer = gst_buffer_make_writable(next.buffer.release());
    add_state_meta(buffer, next.first_frame, next.frames, runs, decoder_.graph());
    pending_.pop_front();
    while (!pending_states_.empty() &&
           pending_states_.front().first_frame + pending_states_.front().frames <= end) {
      pending_states_.pop_front();
    }
    if (outputs.features == nullptr) {
      gst_buffer_unref(buffer);
      continue;
    }
    const GstFlowReturn pushed = gst_pad_push(outputs.features, buffer);
    if (flow == GST_FLOW_OK) flow = pushed;
  }
  return flow;
}

}  // namespace hmm::gst
