#include "core/compute/cpu/segment_windows.h"

#include <algorithm>
#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/segment_kernels.h"

namespace hmm::compute::cpu {
namespace {

constexpr double kImpossible = kLogZero<double>;
constexpr std::size_t kVector = 8;

// A window's reference is chosen again when a new value is this far above it, or this far below and
// some frames have passed; within that, double holds every value that matters.
constexpr double kHeadroom = 300;
constexpr double kFootroom = 400;
constexpr int64_t kFewFrames = 16;

// Below this a sum has lost what underflowed, and is done again with logs.
constexpr double kSmallestSum = 1e-250;

}  // namespace

DurationTables::DurationTables(const Durations& durations)
    : durations_(durations),
      depth_((static_cast<std::size_t>(durations.longest) + kVector - 1) / kVector * kVector),
      log_pmf_(states() * depth_, kImpossible),
      log_survival_(log_pmf_) {
  const auto longest = static_cast<std::size_t>(durations.longest);
  for (std::size_t n = 0; n < states(); ++n) {
    const float* row = durations.log_pmf.data() + n * longest;
    double survival = kImpossible;
    for (std::size_t d = longest; d > 0; --d) {
      const std::size_t place = n * depth_ + depth_ - d;
      log_pmf_[place] = row[d - 1];
      survival = log_add(survival, log_pmf_[place]);
      log_survival_[place] = survival;
    }
  }
  pmf_.resize(log_pmf_.size());
  survival_.resize(log_pmf_.size());
  exp_shifted(log_pmf_.data(), 0, pmf_.data(), pmf_.size());
  exp_shifted(log_survival_.data(), 0, survival_.data(), survival_.size());
}

SegmentWindows::SegmentWindows(const DurationTables& durations, bool sums)
    : durations_(durations),
      sums_(sums),
      depth_(durations.depth()),
      capacity_(2 * depth_ + 64),
      end_(depth_),
      logs_(durations.states() * capacity_, kImpossible),
      linear_(sums ? logs_.size() : 0),
      reference_(durations.states(), kImpossible),
      since_(durations.states()),
      cumulative_(durations.states()),
      newest_(durations.states()) {}

void SegmentWindows::fill(std::span<const double> log_values) {
  for (std::size_t n = 0; n < log_values.size(); ++n) {
    std::fill_n(logs_.begin() + static_cast<std::ptrdiff_t>(window(n)) + 1, depth_ - 1,
                log_values[n]);
    if (sums_) rescale(n);
  }
}

void SegmentWindows::push(std::span<const double> log_entry, std::span<const double> log_b) {
  if (end_ == capacity_) slide();
  ++end_;
  for (std::size_t n = 0; n < log_entry.size(); ++n) {
    const std::size_t place = n * capacity_ + end_ - 1;
    logs_[place] = log_entry[n] - cumulative_[n];
    if (log_b[n] == kImpossible) {
      // Nothing may last across this frame.
      std::fill_n(logs_.begin() + static_cast<std::ptrdiff_t>(window(n)), depth_, kImpossible);
    } else {
      cumulative_[n] += log_b[n];
    }
    if (!sums_) continue;
    const double above = logs_[place] - reference_[n];
    ++since_[n];
    if (log_b[n] == kImpossible || above > kHeadroom || std::isnan(above) ||
        (above < -kFootroom && since_[n] >= kFewFrames)) {
      rescale(n);
    }
    newest_[n] = reference_[n] == kImpossible ? kImpossible : logs_[place] - reference_[n];
  }
  if (!sums_) return;
  exp_shifted(newest_.data(), 0, newest_.data(), newest_.size());
  for (std::size_t n = 0; n < newest_.size(); ++n) {
    linear_[n * capacity_ + end_ - 1] = newest_[n];
  }
}

void SegmentWindows::slide() {
  for (std::size_t n = 0; n < reference_.size(); ++n) {
    const auto first = static_cast<std::ptrdiff_t>(window(n));
    const auto to = static_cast<std::ptrdiff_t>(n * capacity_);
    std::copy_n(logs_.begin() + first, depth_, logs_.begin() + to);
    if (sums_) std::copy_n(linear_.begin() + first, depth_, linear_.begin() + to);
  }
  end_ = depth_;
}

void SegmentWindows::rescale(std::size_t state) {
  const double* first = &logs_[window(state)];
  reference_[state] = *std::max_element(first, first + depth_);
  since_[state] = 0;
  const double shift = reference_[state] == kImpossible ? 0 : reference_[state];
  exp_shifted(first, shift, &linear_[window(state)], depth_);
}

void SegmentWindows::sum(const double* weights, const double* log_weights,
                         std::span<double> log_sums) const {
  dot_rows(weights, &linear_[window(0)], log_sums.size(), depth_, capacity_, log_sums.data());
  for (double& sum : log_sums) {
    if (sum < kSmallestSum) sum = 0;
  }
  log_in_place(log_sums.data(), log_sums.size());
  for (std::size_t n = 0; n < log_sums.size(); ++n) {
    if (log_sums[n] == kImpossible) {
      log_sums[n] = cumulative_[n] + exact_log_sum(log_weights + n * depth_, &logs_[window(n)]);
    } else {
      log_sums[n] += cumulative_[n] + reference_[n];
    }
  }
}

double SegmentWindows::exact_log_sum(const double* log_weights, const double* logs) const {
  const double high = best_sum(log_weights, logs, depth_).value;
  if (high == kImpossible) return high;
  double sum = 0;
  for (std::size_t i = 0; i < depth_; ++i) sum += std::exp(log_weights[i] + logs[i] - high);
  return high + std::log(sum);
}

void SegmentWindows::ended(std::span<double> log_sums) const {
  sum(durations_.pmf(0), durations_.log_pmf(0), log_sums);
}

void SegmentWindows::lasting(std::span<double> log_sums) const {
  sum(durations_.survival(0), durations_.log_survival(0), log_sums);
}

SegmentWindows::Segment SegmentWindows::best(const double* log_weights, std::size_t state) const {
  const Best best = best_sum(log_weights, &logs_[window(state)], depth_);
  return {best.value + cumulative_[state], static_cast<int64_t>(depth_ - best.index)};
}

SegmentWindows::Segment SegmentWindows::best_ended(std::size_t state) const {
  return best(durations_.log_pmf(state), state);
}

SegmentWindows::Segment SegmentWindows::best_lasting(std::size_t state) const {
  return best(durations_.log_survival(state), state);
}

bool SegmentWindows::may_go_on(std::size_t state, int64_t duration) const {
  const std::size_t place = depth_ - static_cast<std::size_t>(duration);
  return place > 0 && logs_[window(state) + place] != kImpossible &&
         durations_.log_survival(state)[place - 1] != kImpossible;
}

void SegmentWindows::forbid(std::size_t state, int64_t duration) {
  logs_[window(state) + depth_ - static_cast<std::size_t>(duration)] = kImpossible;
}

void SegmentWindows::count_durations(std::size_t state, double factor, double log_sum,
                                     std::span<double> counts) const {
  const double shift = log_sum - cumulative_[state];
  const double sum = std::exp(shift - reference_[state]);
  if (sum >= kSmallestSum) {
    add_products(factor / sum, durations_.pmf(state), &linear_[window(state)], counts.data(),
                 depth_);
    return;
  }
  for (std::size_t i = 0; i < depth_; ++i) {
    counts[i] += factor * std::exp(durations_.log_pmf(state)[i] + logs_[window(state) + i] - shift);
  }
}

}  // namespace hmm::compute::cpu
