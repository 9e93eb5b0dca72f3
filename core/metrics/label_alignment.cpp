#include "core/metrics/label_alignment.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <tuple>

#include "core/base/error.h"
#include "core/base/matrix.h"

namespace hmm {
namespace {

enum class Step : uint8_t { kPair, kDeletion, kInsertion };

struct Cost {
  int64_t edits = 0;
  double distance = 0;  // of the starts of paired labels, ns

  auto operator<=>(const Cost&) const = default;
};

}  // namespace

std::vector<LabelPair> align_labels(const Tier& reference, const Tier& hypothesis) {
  const std::size_t n = reference.labels.size();
  const std::size_t m = hypothesis.labels.size();
  if (static_cast<double>(n) * static_cast<double>(m) > 1e8) {
    throw DataError("tiers of " + std::to_string(n) + " and " + std::to_string(m) +
                    " labels are too long to compare; cut them");
  }
  BasicMatrix<Step> steps(n + 1, m + 1, Step::kPair);
  std::vector<Cost> before(m + 1);
  std::vector<Cost> now(m + 1);
  for (std::size_t i = 0; i <= n; ++i) {
    for (std::size_t j = 0; j <= m; ++j) {
      if (i == 0 && j == 0) continue;
      Cost best{INT64_MAX, 0};
      const auto consider = [&](const Cost& cost, Step step) {
        if (cost < best) {
          best = cost;
          steps(i, j) = step;
        }
      };
      if (i > 0 && j > 0) {
        const Label& a = reference.labels[i - 1];
        const Label& b = hypothesis.labels[j - 1];
        consider({before[j - 1].edits + (a.text == b.text ? 0 : 1),
                  before[j - 1].distance + static_cast<double>(std::abs(a.start - b.start))},
                 Step::kPair);
      }
      if (i > 0) consider({before[j].edits + 1, before[j].distance}, Step::kDeletion);
      if (j > 0) consider({now[j - 1].edits + 1, now[j - 1].distance}, Step::kInsertion);
      now[j] = best;
    }
    std::swap(before, now);
  }
  std::vector<LabelPair> pairs;
  for (std::size_t i = n, j = m; i > 0 || j > 0;) {
    const Step step = steps(i, j);
    LabelPair pair;
    if (step != Step::kInsertion) pair.reference = --i;
    if (step != Step::kDeletion) pair.hypothesis = --j;
    pairs.push_back(pair);
  }
  std::reverse(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace hmm
