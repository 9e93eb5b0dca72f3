#include "core/base/matrix.h"

#include <gtest/gtest.h>

namespace hmm {
namespace {

TEST(Matrix, RowsAreContiguous) {
  Matrix matrix(2, 3);
  matrix(1, 2) = 5;
  EXPECT_EQ(matrix.row(1)[2], 5);
  EXPECT_EQ(matrix.data()[5], 5);
}

TEST(Matrix, FirstAppendedRowGivesTheWidth) {
  Matrix matrix;
  matrix.append_row(std::vector<float>{1, 2});
  matrix.append_row(std::vector<float>{3, 4});
  EXPECT_EQ(matrix.rows(), 2u);
  EXPECT_EQ(matrix.columns(), 2u);
  EXPECT_EQ(matrix(1, 0), 3);
}

TEST(MatrixView, SliceKeepsTheStride) {
  Matrix matrix(4, 6);
  matrix(2, 1) = 7;
  const MatrixView left(matrix.data(), 4, 2, 6);
  const MatrixView lower = left.slice(2, 2);
  EXPECT_EQ(lower(0, 1), 7);
  EXPECT_EQ(lower.row(0).size(), 2u);
}

}  // namespace
}  // namespace hmm
