#include "core/frontend/normalization.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

constexpr double kPriorFrames = 500;
constexpr double kMostFrames = 800;
// Chosen on LJSpeech, TIMIT and AN4 sentences by the agreement of a phone loop with alignments; 50
// to 200 and 300 to 2000 frames do within half a point as well.
constexpr double kRecursivePriorFrames = 100;
constexpr double kRecursiveFrames = 500;
constexpr double kVarianceFloor = 1e-10;

}  // namespace

Normalization::Normalization(const FrontEndConfig& config)
    : kind_(config.normalization),
      variance_(config.normalize_variance),
      skip_negative_(config.skip_negative_first),
      initial_mean_(config.initial_mean) {
  initial_mean_.resize(static_cast<std::size_t>(config.static_dimension()));
  reset();
}

void Normalization::reset() {
  mean_.assign(initial_mean_.begin(), initial_mean_.end());
  sum_ = initial_mean_;
  count_ = kind_ == NormalizationKind::recursive ? kRecursivePriorFrames : kPriorFrames;
  for (double& value : sum_) value *= count_;
  utterance_ = Matrix();
}

void Normalization::push(std::span<const float> frame, FrameQueue& out) {
  assert(frame.size() == mean_.size());
  switch (kind_) {
    case NormalizationKind::none:
      std::ranges::copy(frame, out.append().begin());
      return;
    case NormalizationKind::batch:
      if (utterance_.rows() == kMostBatchFrames)
        throw DataError("Batch normalization holds " + std::to_string(kMostBatchFrames) +
                        " frames without an end of the utterance; use live normalization.");
      utterance_.append_row(frame);
      return;
    case NormalizationKind::live:
      push_live(frame, out);
      return;
    case NormalizationKind::recursive:
      push_recursive(frame, out);
      return;
  }
}

void Normalization::push_live(std::span<const float> frame, FrameQueue& out) {
  const std::span<float> normalized = out.append();
  for (std::size_t i = 0; i < frame.size(); ++i) normalized[i] = frame[i] - mean_[i];
  if (!counts(frame)) return;
  for (std::size_t i = 0; i < frame.size(); ++i) sum_[i] += static_cast<double>(frame[i]);
  if (++count_ > kMostFrames) replace_mean();
}

void Normalization::push_recursive(std::span<const float> frame, FrameQueue& out) {
  if (counts(frame)) {
    const double kept = std::min(1.0, (kRecursiveFrames - 1) / count_);
    count_ = count_ * kept + 1;
    for (std::size_t i = 0; i < frame.size(); ++i) {
      sum_[i] = sum_[i] * kept + static_cast<double>(frame[i]);
    }
  }
  const std::span<float> normalized = out.append();
  for (std::size_t i = 0; i < frame.size(); ++i) {
    normalized[i] = static_cast<float>(static_cast<double>(frame[i]) - sum_[i] / count_);
  }
}

void Normalization::replace_mean() {
  for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i] = static_cast<float>(sum_[i] / count_);
  if (count_ <= kMostFrames) return;
  for (double& value : sum_) value *= kPriorFrames / count_;
  count_ = kPriorFrames;
}

void Normalization::flush(FrameQueue& out) {
  if (kind_ == NormalizationKind::live) replace_mean();
  if (kind_ == NormalizationKind::batch) flush_batch(out);
}

void Normalization::flush_batch(FrameQueue& out) {
  const std::size_t frames = utterance_.rows();
  bool count_all = true;
  for (std::size_t t = 0; t < frames; ++t) count_all = count_all && !counts(utterance_.row(t));

  std::vector<double> mean(mean_.size()), variance(mean_.size());
  double counted = 0;
  for (std::size_t t = 0; t < frames; ++t) {
    if (!count_all && !counts(utterance_.row(t))) continue;
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += static_cast<double>(utterance_(t, i));
    ++counted;
  }
  for (double& value : mean) value /= counted;
  for (std::size_t t = 0; variance_ && t < frames; ++t)
    for (std::size_t i = 0; i < mean.size(); ++i)
      variance[i] += std::pow(static_cast<double>(utterance_(t, i)) - mean[i], 2);

  for (std::size_t t = 0; t < frames; ++t) {
    const std::span<float> normalized = out.append();
    for (std::size_t i = 0; i < mean.size(); ++i) {
      double value = static_cast<double>(utterance_(t, i)) - mean[i];
      if (variance_)
        value /= std::sqrt(std::max(variance[i] / static_cast<double>(frames), kVarianceFloor));
      normalized[i] = static_cast<float>(value);
    }
  }
  utterance_ = Matrix();
}

}  // namespace hmm
