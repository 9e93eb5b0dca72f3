// Feature frames waiting to be taken.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/matrix.h"

namespace hmm {

/// First in, first out; its memory is that of the most frames that ever waited.
class FrameQueue {
 public:
  explicit FrameQueue(std::size_t dimension) : dimension_(dimension) {}

  std::size_t dimension() const { return dimension_; }
  std::size_t size() const { return (values_.size() - head_) / dimension_; }

  /// Room for one more frame [D] at the end; good until the next call.
  std::span<float> append() {
    if (head_ > values_.size() / 2) {
      values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    values_.resize(values_.size() + dimension_);
    return {values_.data() + values_.size() - dimension_, dimension_};
  }

  std::span<const float> front() const { return {values_.data() + head_, dimension_}; }
  /// The frame `index` places after the front.
  std::span<const float> operator[](std::size_t index) const {
    return {values_.data() + head_ + index * dimension_, dimension_};
  }

  void pop(std::size_t count) {
    head_ += count * dimension_;
    if (head_ == values_.size()) clear();
  }

  /// Moves the oldest min(size(), frames.rows) frames out and says how many.
  /// Throws DataError when the columns of `frames` are not the dimension.
  std::size_t take(MutableMatrixView frames) {
    if (frames.columns != dimension_ && frames.rows > 0)
      throw DataError("Frames have " + std::to_string(dimension_) + " values, the room for them " +
                      std::to_string(frames.columns) + ".");
    const std::size_t count = std::min(size(), frames.rows);
    for (std::size_t t = 0; t < count; ++t) std::ranges::copy((*this)[t], frames.row(t).begin());
    pop(count);
    return count;
  }

  void clear() {
    values_.clear();
    head_ = 0;
  }

 private:
  std::size_t dimension_;
  std::vector<float> values_;
  std::size_t head_ = 0;
};

}  // namespace hmm
