#include "core/metrics/frame_accuracy.h"

#include "core/base/error.h"
#include "core/metrics/boundary_accuracy.h"

namespace hmm {
namespace {

constexpr int64_t kMostFrames = 1'000'000'000;

/// Goes through a tier with a time that only grows.
class LabelAt {
 public:
  explicit LabelAt(const Tier& tier) : labels_(tier.labels) {}

  const std::string& operator()(int64_t time) {
    while (next_ < labels_.size() && labels_[next_].end <= time) ++next_;
    const bool inside = next_ < labels_.size() && labels_[next_].start <= time;
    return inside ? labels_[next_].text : none_;
  }

 private:
  const std::vector<Label>& labels_;
  std::size_t next_ = 0;
  const std::string none_;
};

}  // namespace

double FrameAccuracy::accuracy() const {
  return frames == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(frames);
}

FrameAccuracy& FrameAccuracy::operator+=(const FrameAccuracy& other) {
  frames += other.frames;
  correct += other.correct;
  return *this;
}

FrameAccuracy compare_frames(const Tier& reference, const Tier& hypothesis, int64_t period,
                             std::span<const std::string> silences, bool skip_silence) {
  if (period <= 0) throw SettingsError("the period of frames must be above 0");
  require_ordered({0, 0, {reference, hypothesis}});
  FrameAccuracy result;
  if (reference.labels.empty()) return result;
  LabelAt expected(reference);
  LabelAt found(hypothesis);
  const int64_t end = reference.labels.back().end;
  if ((end - reference.labels.front().start) / period > kMostFrames) {
    throw DataError("the labels cover more frames than any recording has");
  }
  for (int64_t time = reference.labels.front().start + period / 2; time < end; time += period) {
    const std::string& wanted = expected(time);
    const std::string& got = found(time);
    const bool silent = is_silence(wanted, silences);
    if (silent && skip_silence) continue;
    ++result.frames;
    result.correct += wanted == got || (silent && is_silence(got, silences)) ? 1 : 0;
  }
  return result;
}

}  // namespace hmm
