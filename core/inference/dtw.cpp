#include "core/inference/dtw.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/base/matrix.h"

namespace hmm {
namespace {

constexpr double kForbidden = std::numeric_limits<double>::infinity();
constexpr double kMostCells = 4e9;

enum class Step : uint8_t { kBoth, kRow, kColumn };

/// The columns of a row that the band allows: [first, end).
std::pair<std::size_t, std::size_t> allowed_columns(std::size_t row, std::size_t rows,
                                                    std::size_t columns,
                                                    const DtwOptions& options) {
  if (!options.band) return {0, columns};
  const double slope =
      rows == 1 ? 0 : static_cast<double>(columns - 1) / static_cast<double>(rows - 1);
  const double line = slope * static_cast<double>(row);
  const double first = std::max(0.0, std::ceil(line - *options.band));
  const double last = std::min(static_cast<double>(columns) - 1, std::floor(line + *options.band));
  if (last < first) return {0, 0};
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(last) + 1};
}

double checked(double cost, std::size_t row, std::size_t column) {
  if (!(cost >= 0)) {
    throw DataError("the distance of frame " + std::to_string(row) + " to frame " +
                    std::to_string(column) + " is no number from 0 up");
  }
  return cost;
}

void check(std::size_t rows, std::size_t columns, const DtwOptions& options) {
  if (rows == 0 || columns == 0) throw DataError("an empty sequence cannot be warped");
  if (static_cast<double>(rows) * static_cast<double>(columns) > kMostCells) {
    throw DataError("sequences of " + std::to_string(rows) + " and " + std::to_string(columns) +
                    " frames are too long to warp; cut them");
  }
  if (options.band && !(*options.band >= 0)) {
    throw SettingsError("the band of a time warping must be at least 0 frames wide");
  }
}

}  // namespace

DtwResult warp_time(std::size_t rows, std::size_t columns,
                    const std::function<double(std::size_t, std::size_t)>& local_cost,
                    const DtwOptions& options) {
  check(rows, columns, options);
  const double diagonal_weight = options.steps == DtwSteps::kSymmetric2 ? 2 : 1;
  BasicMatrix<Step> steps(rows, columns);
  std::vector<double> before(columns, kForbidden);
  std::vector<double> now(columns, kForbidden);
  for (std::size_t i = 0; i < rows; ++i) {
    std::fill(now.begin(), now.end(), kForbidden);
    const auto [first, end] = allowed_columns(i, rows, columns, options);
    for (std::size_t j = first; j < end; ++j) {
      const double local = checked(local_cost(i, j), i, j);
      if (i == 0 && j == 0) {
        now[j] = diagonal_weight * local;
        continue;
      }
      double best = i > 0 && j > 0 ? before[j - 1] + diagonal_weight * local : kForbidden;
      Step step = Step::kBoth;
      if (i > 0 && before[j] + local < best) {
        best = before[j] + local;
        step = Step::kRow;
      }
      if (j > 0 && now[j - 1] + local < best) {
        best = now[j - 1] + local;
        step = Step::kColumn;
      }
      now[j] = best;
      steps(i, j) = step;
    }
    std::swap(before, now);
  }
  DtwResult result;
  result.cost = before[columns - 1];
  if (result.cost == kForbidden) {
    throw SettingsError("the band of the time warping is too narrow: no path fits into it");
  }
  std::size_t i = rows - 1;
  std::size_t j = columns - 1;
  result.path.emplace_back(i, j);
  while (i > 0 || j > 0) {
    const Step step = steps(i, j);
    if (step != Step::kColumn) --i;
    if (step != Step::kRow) --j;
    result.path.emplace_back(i, j);
  }
  std::reverse(result.path.begin(), result.path.end());
  return result;
}

}  // namespace hmm
