#include "core/synthesis/duration.h"

#include <cmath>
#include <numeric>
#include <queue>
#include <utility>

#include "core/base/error.h"

namespace hmm {

namespace {

constexpr double kMostFrames = 2147483648.0;

uint32_t rounded(double frames) {
  if (!(frames + 0.5 < kMostFrames)) throw DataError("a state would last longer than 2^31 frames");
  return frames + 0.5 < 1.0 ? 1 : static_cast<uint32_t>(frames + 0.5);
}

}  // namespace

uint64_t round_frames(double frames) { return rounded(frames); }

std::vector<uint32_t> most_likely_durations(std::span<const double> means) {
  std::vector<uint32_t> durations;
  durations.reserve(means.size());
  for (const double mean : means) durations.push_back(rounded(mean));
  return durations;
}

std::vector<uint32_t> durations_of_total(std::span<const double> means,
                                         std::span<const double> variances, uint64_t total) {
  const std::size_t n_state = means.size();
  std::vector<uint32_t> durations(n_state, 1);
  if (total <= n_state) return durations;

  const double rho =
      (static_cast<double>(total) - std::accumulate(means.begin(), means.end(), 0.0)) /
      std::accumulate(variances.begin(), variances.end(), 0.0);
  uint64_t sum = 0;
  for (std::size_t i = 0; i < n_state; ++i) {
    durations[i] = rounded(means[i] + rho * variances[i]);
    sum += durations[i];
  }

  // Move by whole frames the state that then lies closest to rho; the first of equals.
  const int step = sum < total ? 1 : -1;
  using Candidate = std::pair<double, std::size_t>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
  const auto offer = [&](std::size_t i) {
    if (step < 0 && durations[i] == 1) return;
    const double moved = static_cast<double>(durations[i]) + step;
    candidates.emplace(std::fabs(rho - (moved - means[i]) / variances[i]), i);
  };
  for (std::size_t i = 0; i < n_state && sum != total; ++i) offer(i);
  for (; sum != total; step > 0 ? ++sum : --sum) {
    const std::size_t i = candidates.top().second;
    candidates.pop();
    durations[i] = static_cast<uint32_t>(static_cast<int64_t>(durations[i]) + step);
    offer(i);
  }
  return durations;
}

}  // namespace hmm
