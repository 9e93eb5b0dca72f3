#include "core/frontend/feature_transform.h"

#include <string>

#include "core/base/error.h"

namespace hmm {
namespace {

const FrontEndConfig& validated(const FrontEndConfig& config) {
  config.validate();
  return config;
}

}  // namespace

FeatureTransform::FeatureTransform(const FrontEndConfig& config)
    : normalization_(validated(config)),
      deltas_(config),
      normalized_(static_cast<std::size_t>(config.static_dimension())),
      frames_(static_cast<std::size_t>(config.dimension())) {}

void FeatureTransform::push(std::span<const float> frame) {
  if (frame.size() != input_dimension())
    throw DataError("A frame has " + std::to_string(frame.size()) + " values instead of " +
                    std::to_string(input_dimension()) + ".");
  normalization_.push(frame, normalized_);
  differentiate();
}

void FeatureTransform::flush() {
  normalization_.flush(normalized_);
  differentiate();
  deltas_.flush(frames_);
}

void FeatureTransform::differentiate() {
  for (; normalized_.size() > 0; normalized_.pop(1)) deltas_.push(normalized_.front(), frames_);
}

void FeatureTransform::reset() {
  normalization_.reset();
  deltas_.reset();
  normalized_.clear();
  frames_.clear();
}

}  // namespace hmm
