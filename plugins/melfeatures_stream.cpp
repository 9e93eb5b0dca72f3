#include "plugins/melfeatures_stream.h"

#include <algorithm>
#include <limits>
#include <string>

#include "plugins/exception_guard.h"

namespace hmm::gst {
namespace {

// Samples mixed at a time, so that a whole file in one buffer is not copied.
constexpr std::size_t kBlock = 4096;

/// A buffer mapped for as long as this lives.
class Mapping {
 public:
  Mapping(GstBuffer* buffer, GstMapFlags flags) : buffer_(buffer) {
    if (!gst_buffer_map(buffer, &map_, flags)) {
      throw DataError("A buffer's memory cannot be mapped.");
    }
  }
  ~Mapping() { gst_buffer_unmap(buffer_, &map_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::span<const std::byte> bytes() const {
    return {reinterpret_cast<const std::byte*>(map_.data), map_.size};
  }
  float* floats() { return reinterpret_cast<float*>(map_.data); }

 private:
  GstBuffer* buffer_;
  GstMapInfo map_;
};

void require_channel(const GstAudioInfo& audio, int channel) {
  // Throws when there is no such channel.
  mix_channels({}, SampleFormat::s16, GST_AUDIO_INFO_CHANNELS(&audio), channel, {});
}

}  // namespace

MelFeaturesStream::MelFeaturesStream(const GstAudioInfo& audio, const FrontEndConfig& config,
                                     const FeatureFormat& format,
                                     const MelFeaturesSettings& settings)
    : rate_(GST_AUDIO_INFO_RATE(&audio)),
      channels_(GST_AUDIO_INFO_CHANNELS(&audio)),
      channel_(settings.channel),
      sample_format_(GST_AUDIO_INFO_FORMAT(&audio) == GST_AUDIO_FORMAT_S16LE ? SampleFormat::s16
                                                                             : SampleFormat::f32),
      bytes_per_frame_(static_cast<std::size_t>(GST_AUDIO_INFO_BPF(&audio))),
      format_(format),
      front_end_(config),
      align_(
          gst_audio_stream_align_new(rate_, settings.alignment_threshold, settings.discont_wait)),
      mono_(kBlock) {
  require_channel(audio, channel_);
  gst_segment_init(&segment_, GST_FORMAT_TIME);
}

GstClockTime MelFeaturesStream::latency() const {
  const auto samples = static_cast<guint64>(front_end_.config().latency_samples());
  return gst_util_uint64_scale_ceil(samples, GST_SECOND, static_cast<guint64>(rate_));
}

void MelFeaturesStream::push(GstBuffer* buffer, std::vector<BufferPtr>& out) {
  const Mapping map(buffer, GST_MAP_READ);
  const auto bytes = map.bytes();
  const uint64_t samples = bytes.size() / bytes_per_frame_;
  if (bytes.size() % bytes_per_frame_ != 0) {
    throw StreamFormatError("A buffer of " + std::to_string(bytes.size()) +
                            " bytes ends within a sample of " + std::to_string(bytes_per_frame_) +
                            " bytes.");
  }
  const bool discont = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT) ||
                       GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_RESYNC);
  if (discont) drain(out);
  if (samples == 0) return;

  GstClockTime pts = GST_BUFFER_PTS(buffer);
  if (!GST_CLOCK_TIME_IS_VALID(pts)) {
    if (!running_) {
      throw StreamFormatError(
          "The audio has no timestamp (PTS) where it starts, so its features would have none.");
    }
    pts = clock_.time_of(position_);
  }
  if (gst_audio_stream_align_process(align_.get(), !running_, pts, static_cast<guint>(samples),
                                     nullptr, nullptr, nullptr)) {
    drain(out);
    start(pts);
  }
  const uint64_t begin = std::clamp(first_, position_, position_ + samples);
  const uint64_t end = std::clamp(end_, begin, position_ + samples);
  push_samples(
      bytes.subspan((begin - position_) * bytes_per_frame_, (end - begin) * bytes_per_frame_));
  position_ += samples;
  take_frames(out);
}

void MelFeaturesStream::start(GstClockTime pts) {
  clock_ = SampleClock(pts, rate_);
  position_ = 0;
  first_ = clock_.first_sample_at(segment_.start);
  end_ = GST_CLOCK_TIME_IS_VALID(segment_.stop) ? clock_.first_sample_at(segment_.stop)
                                                : std::numeric_limits<uint64_t>::max();
  frames_ = 0;
  running_ = true;
  discont_ = true;
}

void MelFeaturesStream::push_samples(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t samples = std::min(bytes.size() / bytes_per_frame_, kBlock);
    const std::span<float> mono(mono_.data(), samples);
    mix_channels(bytes.first(samples * bytes_per_frame_), sample_format_, channels_, channel_,
                 mono);
    front_end_.push(std::span<const float>(mono));
    bytes = bytes.subspan(samples * bytes_per_frame_);
  }
}

void MelFeaturesStream::drain(std::vector<BufferPtr>& out) {
  if (!running_) return;
  front_end_.flush();
  take_frames(out);
  running_ = false;
}

void MelFeaturesStream::reset() {
  front_end_.reset();
  running_ = false;
}

void MelFeaturesStream::take_frames(std::vector<BufferPtr>& out) {
  while (front_end_.ready() > 0) {
    const bool one_by_one = format_.form == FeatureFormat::Form::kTensors;
    out.push_back(take_buffer(one_by_one ? 1 : front_end_.ready()));
  }
}

BufferPtr MelFeaturesStream::take_buffer(std::size_t frames) {
  BufferPtr buffer(gst_buffer_new_allocate(nullptr, frames * format_.frame_bytes(), nullptr));
  if (buffer == nullptr) throw std::bad_alloc();
  {
    Mapping map(buffer.get(), GST_MAP_WRITE);
    front_end_.take({map.floats(), frames, static_cast<std::size_t>(format_.dimension)});
  }
  const auto hop = static_cast<uint64_t>(front_end_.config().hop_samples);
  const GstClockTime begin = clock_.time_of(first_ + frames_ * hop);
  frames_ += frames;
  GST_BUFFER_PTS(buffer.get()) = begin;
  GST_BUFFER_DURATION(buffer.get()) = clock_.time_of(first_ + frames_ * hop) - begin;
  if (discont_) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
  discont_ = false;
  return buffer;
}

}  // namespace hmm::gst
