#include "core/frontend/framer.h"

#include <algorithm>
#include <cstddef>

namespace hmm {
namespace {

/// The place in 0 .. size-1 that `index` falls on when the signal is reflected at both ends, the
/// end samples repeated.
std::size_t reflect(int64_t index, int64_t size) {
  while (index < 0 || index >= size) index = index < 0 ? -index - 1 : 2 * size - 1 - index;
  return static_cast<std::size_t>(index);
}

}  // namespace

Framer::Framer(const FrontEndConfig& config)
    : framing_(config.framing),
      window_(static_cast<std::size_t>(config.window_samples)),
      hop_(static_cast<std::size_t>(config.hop_samples)),
      lead_(static_cast<std::size_t>(-config.first_frame_start())) {
  reset();
}

void Framer::reset() {
  samples_.clear();
  if (framing_ == Framing::centred) samples_.resize(lead_);
  begin_ = 0;
  total_ = 0;
  frames_ = 0;
  frames_end_ = kUnknown;
  waits_for_mirror_ = framing_ == Framing::mirrored;
}

void Framer::append(std::span<const double> samples) {
  // Shifted only when there is more to drop than to keep: about one move a sample.
  if (begin_ * 2 > samples_.size() + window_) {
    const std::size_t dropped = std::min(begin_, samples_.size());
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(dropped));
    begin_ -= dropped;
  }
  samples_.insert(samples_.end(), samples.begin(), samples.end());
  total_ += static_cast<int64_t>(samples.size());
  if (waits_for_mirror_ && samples_.size() >= lead_) mirror_start();
}

void Framer::finish() {
  if (total_ == 0) return;
  const auto hop = static_cast<int64_t>(hop_);
  switch (framing_) {
    case Framing::whole:
      break;
    case Framing::partial:
      frames_end_ = frames_ + (begin_ < samples_.size() ? 1 : 0);
      pad();
      break;
    case Framing::centred:
      frames_end_ = 1 + total_ / hop;
      pad();
      break;
    case Framing::mirrored:
      if (waits_for_mirror_) mirror_start();
      frames_end_ = (total_ + hop / 2) / hop;
      mirror_end();
      break;
  }
}

void Framer::pad() {
  if (frames_ == frames_end_) return;
  const std::size_t last = begin_ + static_cast<std::size_t>(frames_end_ - frames_ - 1) * hop_;
  samples_.resize(std::max(samples_.size(), last + window_));
}

void Framer::mirror_start() {
  std::vector<double> lead(lead_);
  for (std::size_t i = 0; i < lead_; ++i)
    lead[lead_ - 1 - i] = samples_[reflect(-1 - static_cast<int64_t>(i), total_)];
  samples_.insert(samples_.begin(), lead.begin(), lead.end());
  waits_for_mirror_ = false;
}

void Framer::mirror_end() {
  const std::size_t end = samples_.size();
  pad();
  // Frames are centred inside the stream, so a window holds all that its end is a mirror of.
  for (std::size_t i = end; i < samples_.size(); ++i) {
    const int64_t index = total_ + static_cast<int64_t>(i - end);
    samples_[i] = samples_[end - static_cast<std::size_t>(total_) + reflect(index, total_)];
  }
}

}  // namespace hmm
