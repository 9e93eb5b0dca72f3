// Row-major matrices and views of them.
//
// Shapes are [rows x columns]; for frames that is [T x D], rows being time.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace hmm {

/// A non-owning view of a row-major matrix whose rows are `stride` elements apart.
template <class T>
struct BasicMatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;

  BasicMatrixView() = default;
  BasicMatrixView(T* first, std::size_t row_count, std::size_t column_count)
      : data(first), rows(row_count), columns(column_count), stride(column_count) {}
  BasicMatrixView(T* first, std::size_t row_count, std::size_t column_count, std::size_t row_stride)
      : data(first), rows(row_count), columns(column_count), stride(row_stride) {}
  /// A mutable view converts to a constant one.
  template <class U>
  requires(std::is_same_v<const U, T>) BasicMatrixView(const BasicMatrixView<U>& other)
      : data(other.data), rows(other.rows), columns(other.columns), stride(other.stride) {}

  std::span<T> row(std::size_t index) const { return {data + index * stride, columns}; }
  T& operator()(std::size_t row_index, std::size_t column) const {
    return data[row_index * stride + column];
  }
  BasicMatrixView slice(std::size_t first_row, std::size_t row_count) const {
    return {data + first_row * stride, row_count, columns, stride};
  }
};

using MatrixView = BasicMatrixView<const float>;
using MutableMatrixView = BasicMatrixView<float>;

/// A matrix that owns its elements, without padding between rows.
template <class T>
class BasicMatrix {
 public:
  BasicMatrix() = default;
  BasicMatrix(std::size_t rows, std::size_t columns, T value = T())
      : elements_(rows * columns, value), rows_(rows), columns_(columns) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  bool empty() const { return elements_.empty(); }

  T* data() { return elements_.data(); }
  const T* data() const { return elements_.data(); }
  std::span<T> row(std::size_t index) { return {data() + index * columns_, columns_}; }
  std::span<const T> row(std::size_t index) const { return {data() + index * columns_, columns_}; }
  T& operator()(std::size_t row, std::size_t column) { return elements_[row * columns_ + column]; }
  const T& operator()(std::size_t row, std::size_t column) const {
    return elements_[row * columns_ + column];
  }

  BasicMatrixView<T> view() { return {data(), rows_, columns_}; }
  BasicMatrixView<const T> view() const { return {data(), rows_, columns_}; }
  operator BasicMatrixView<T>() { return view(); }
  operator BasicMatrixView<const T>() const { return view(); }

  /// Appends one row; a matrix with no rows yet takes its width from the first.
  void append_row(std::span<const T> values) {
    if (rows_ == 0) columns_ = values.size();
    elements_.insert(elements_.end(), values.begin(), values.end());
    ++rows_;
  }

  bool operator==(const BasicMatrix&) const = default;

 private:
  std::vector<T> elements_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

using Matrix = BasicMatrix<float>;

}  // namespace hmm
