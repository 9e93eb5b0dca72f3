#include "core/synthesis/duration_planner.h"

#include <numeric>

#include "core/base/error.h"
#include "core/synthesis/duration.h"

namespace hmm {

namespace {

constexpr std::size_t kMostWaitingStates = 100'000;

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

void append(const std::vector<double>& values, std::vector<double>& all) {
  all.insert(all.end(), values.begin(), values.end());
}

[[noreturn]] void fail_without_times(const char* how_many) {
  throw DataError(std::string("durations are to follow the labels' times, but ") + how_many +
                  " have none");
}

}  // namespace

DurationPlanner::DurationPlanner(double speaking_rate, std::optional<double> frames_per_tick)
    : speaking_rate_(speaking_rate), frames_per_tick_(frames_per_tick) {
  if (!(speaking_rate >= 0.01 && speaking_rate <= 100)) {
    throw SettingsError("the speaking rate must be from 0.01 to 100");
  }
}

std::vector<uint32_t> DurationPlanner::add(const FullContextLabel& label,
                                           const LabelStatistics& statistics) {
  const std::vector<double>& means = statistics.duration_mean;
  if (!frames_per_tick_ && speaking_rate_ == 1) return most_likely_durations(means);

  append(means, waiting_means_);
  append(statistics.duration_variance, waiting_variances_);
  if (frames_per_tick_) {
    if (waiting_means_.size() > kMostWaitingStates)
      fail_without_times("thousands of them in a row");
    if (!label.end) return {};
    any_time_ = true;
    ideal_end_ = *frames_per_tick_ * static_cast<double>(*label.end);
  } else {
    ideal_end_ += sum(means) / speaking_rate_;
  }
  const auto durations = durations_of_total(waiting_means_, waiting_variances_,
                                            round_frames(ideal_end_ - static_cast<double>(end_)));
  end_ = std::accumulate(durations.begin(), durations.end(), end_);
  waiting_means_.clear();
  waiting_variances_.clear();
  return durations;
}

std::vector<uint32_t> DurationPlanner::finish() {
  if (frames_per_tick_ && !any_time_) fail_without_times("they");
  auto durations = most_likely_durations(waiting_means_);
  waiting_means_.clear();
  return durations;
}

std::vector<uint32_t> DurationPlanner::at_rate(const std::vector<LabelStatistics>& labels,
                                               double speaking_rate) {
  std::vector<double> means, variances;
  for (const LabelStatistics& label : labels) {
    append(label.duration_mean, means);
    append(label.duration_variance, variances);
  }
  if (speaking_rate == 1) return most_likely_durations(means);
  return durations_of_total(means, variances, round_frames(sum(means) / speaking_rate));
}

}  // namespace hmm
