// Dynamic time warping: the cheapest way to lay one sequence over another.
//
// Sakoe and Chiba 1978, "Dynamic programming algorithm optimization for spoken word recognition".
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace hmm {

/// What a step costs, times the local cost of where it arrives.
enum class DtwSteps {
  kSymmetric1,  // 1 for every step
  kSymmetric2   // 1 along one sequence, 2 along both: totals compare across paths (divide by N + M)
};

struct DtwOptions {
  DtwSteps steps = DtwSteps::kSymmetric1;
  /// Cells further than this from the straight line between the corners, in columns, are forbidden
  /// (Sakoe-Chiba); none: no band.
  std::optional<double> band = std::nullopt;
};

struct DtwResult {
  double cost = 0;                                        // with the weights of the steps
  std::vector<std::pair<std::size_t, std::size_t>> path;  // (row, column) from (0, 0) to the ends
};

/// Exact dynamic time warping of N rows with M columns; `local_cost(row, column)` is at least 0 and
/// asked once for each allowed cell. Of equally cheap steps the one along both sequences is taken,
/// then the one along the rows. N x M bytes of memory.
/// Throws DataError for an empty sequence, a cost that is negative or no number, and more than 4e9
/// cells; SettingsError for a band below 0 or so narrow that no path fits.
DtwResult warp_time(std::size_t rows, std::size_t columns,
                    const std::function<double(std::size_t, std::size_t)>& local_cost,
                    const DtwOptions& options = {});

}  // namespace hmm
