#include "core/model/topology/chains.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/base/matrix.h"

namespace hmm::topology {
namespace {

constexpr int kMostErgodicStates = 4096;
constexpr std::size_t kContourPoints = 1000;

void require_probability(double value, const char* what) {
  if (!(value >= 0 && value <= 1)) {
    throw SettingsError(std::string("the ") + what + " probability must lie between 0 and 1, not " +
                        std::to_string(value));
  }
}

/// log F0 at about kContourPoints places, unvoiced ones on the line between their neighbours.
std::vector<double> bridged_log_f0(std::span<const float> f0, std::size_t step) {
  std::vector<double> contour;
  std::vector<std::size_t> voiced;
  for (std::size_t t = 0; t < f0.size(); t += step) {
    if (!std::isfinite(f0[t])) {
      throw DataError("frame " + std::to_string(t) + " of the F0 contour is not a number");
    }
    if (f0[t] > 0) voiced.push_back(contour.size());
    contour.push_back(f0[t] > 0 ? std::log(double{f0[t]}) : 0);
  }
  if (voiced.empty()) return contour;
  std::fill(contour.begin(), contour.begin() + static_cast<std::ptrdiff_t>(voiced.front()),
            contour[voiced.front()]);
  std::fill(contour.begin() + static_cast<std::ptrdiff_t>(voiced.back()), contour.end(),
            contour[voiced.back()]);
  for (std::size_t v = 1; v < voiced.size(); ++v) {
    const std::size_t from = voiced[v - 1];
    const std::size_t to = voiced[v];
    const double slope = (contour[to] - contour[from]) / static_cast<double>(to - from);
    for (std::size_t t = from + 1; t < to; ++t) {
      contour[t] = contour[from] + slope * static_cast<double>(t - from);
    }
  }
  return contour;
}

/// Squared error of the best straight line through any stretch of a contour, from prefix sums.
class LineFit {
 public:
  explicit LineFit(const std::vector<double>& contour) {
    double mean = 0;
    for (const double y : contour) mean += y / static_cast<double>(contour.size());
    sums_.resize(contour.size() + 1);
    for (std::size_t t = 0; t < contour.size(); ++t) {
      const auto x = static_cast<double>(t);
      const double y = contour[t] - mean;
      sums_[t + 1] = {sums_[t].x + x, sums_[t].y + y, sums_[t].xx + x * x, sums_[t].xy + x * y,
                      sums_[t].yy + y * y};
    }
  }

  double error(std::size_t begin, std::size_t end) const {
    const Sums& a = sums_[begin];
    const Sums& b = sums_[end];
    const auto n = static_cast<double>(end - begin);
    const double xx = (b.xx - a.xx) - (b.x - a.x) * (b.x - a.x) / n;
    const double xy = (b.xy - a.xy) - (b.x - a.x) * (b.y - a.y) / n;
    const double yy = (b.yy - a.yy) - (b.y - a.y) * (b.y - a.y) / n;
    return std::max(0.0, xx > 0 ? yy - xy * xy / xx : yy);
  }

 private:
  struct Sums {
    double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  };
  std::vector<Sums> sums_;
};

/// Ends of the `parts` stretches of a contour with the least total error. A faint preference for
/// equal lengths decides where the contour itself does not.
std::vector<std::size_t> best_division(const std::vector<double>& contour, std::size_t parts) {
  const LineFit fit(contour);
  const std::size_t points = contour.size();
  const double even = static_cast<double>(points) / static_cast<double>(parts);
  BasicMatrix<double> cost(parts + 1, points + 1, std::numeric_limits<double>::infinity());
  BasicMatrix<std::size_t> begin_of(parts + 1, points + 1);
  cost(0, 0) = 0;
  for (std::size_t k = 1; k <= parts; ++k) {
    for (std::size_t end = k; end <= points - (parts - k); ++end) {
      for (std::size_t begin = k - 1; begin < end; ++begin) {
        const double unevenness = (static_cast<double>(end - begin) - even) / even;
        const double total =
            cost(k - 1, begin) + fit.error(begin, end) + 1e-9 * unevenness * unevenness;
        if (total < cost(k, end)) {
          cost(k, end) = total;
          begin_of(k, end) = begin;
        }
      }
    }
  }
  std::vector<std::size_t> ends(parts);
  std::size_t end = points;
  for (std::size_t k = parts; k > 0; --k) {
    ends[k - 1] = end;
    end = begin_of(k, end);
  }
  return ends;
}

}  // namespace

Transitions ergodic(int states, double self_loop) {
  require_probability(self_loop, "self-loop");
  if (states > kMostErgodicStates) {
    throw SettingsError("an ergodic topology has at most 4096 states, not " +
                        std::to_string(states) + ": its transitions grow with the square");
  }
  Builder builder(states);
  const double other = states > 1 ? (1 - self_loop) / (states - 1) : 0;
  for (int i = 0; i < states; ++i) {
    builder.initial(i, 1.0 / states);
    builder.final(i);
    for (int j = 0; j < states; ++j)
      builder.arc(i, j, states == 1 ? 1 : i == j ? self_loop : other);
  }
  return builder.build();
}

Transitions circular(int states, double self_loop) {
  require_probability(self_loop, "self-loop");
  Builder builder(states);
  for (int i = 0; i < states; ++i) {
    builder.initial(i, 1.0 / states);
    builder.final(i);
    builder.arc(i, i, self_loop);
    builder.arc(i, (i + 1) % states, 1 - self_loop);
  }
  return builder.build();
}

Transitions left_to_right(int states, double self_loop) {
  require_probability(self_loop, "self-loop");
  return skip_state(states, 1, self_loop, 1 - self_loop, 0);
}

Transitions left_to_right_skip(int states, double self_loop, double forward, double skip) {
  return skip_state(states, 2, self_loop, forward, skip);
}

Transitions skip_state(int states, int longest_jump, double self_loop, double forward,
                       double skip) {
  require_probability(self_loop, "self-loop");
  require_probability(forward, "forward");
  require_probability(skip, "skip");
  if (!(forward > 0)) {
    throw SettingsError("the forward probability must be above 0: no state could be left");
  }
  if (longest_jump < 1) {
    throw SettingsError("the longest jump must be at least 1 state, not " +
                        std::to_string(longest_jump));
  }
  double shares = 0;
  for (int jump = 2; jump <= std::min(longest_jump, states); ++jump) shares += 1.0 / jump;

  Builder builder(states);
  builder.initial(0, 1);
  for (int i = 0; i + 1 < states; ++i) {
    builder.arc(i, i, self_loop);
    builder.arc(i, i + 1, forward);
    for (int jump = 2; jump <= longest_jump && i + jump < states; ++jump) {
      builder.arc(i, i + jump, skip / jump / shares);
    }
  }
  builder.arc(states - 1, states - 1, 1);
  builder.final(states - 1);
  return builder.build();
}

Transitions phone_aware(std::span<const double> mean_durations, int states_per_phone) {
  if (mean_durations.empty()) throw SettingsError("a phone-aware topology needs durations");
  if (states_per_phone < 1 || states_per_phone > 100) {
    throw SettingsError("a phone needs 1 to 100 states, not " + std::to_string(states_per_phone));
  }
  const int states = static_cast<int>(mean_durations.size()) * states_per_phone;
  Builder builder(states);
  builder.initial(0, 1);
  builder.final(states - 1);
  for (int i = 0; i < states; ++i) {
    const int phone = i / states_per_phone;
    const double mean = mean_durations[static_cast<std::size_t>(phone)] / states_per_phone;
    if (!(mean >= 1) || !std::isfinite(mean)) {
      throw SettingsError("phone " + std::to_string(phone) + " lasts " +
                          std::to_string(mean * states_per_phone) + " frames on average; its " +
                          std::to_string(states_per_phone) + " states need at least one each");
    }
    if (i + 1 == states) {
      builder.arc(i, i, 1);
    } else {
      builder.arc(i, i, 1 - 1 / mean);
      builder.arc(i, i + 1, 1 / mean);
    }
  }
  return builder.build();
}

std::vector<int> prosodic_stretches(std::span<const float> f0, int states) {
  const std::size_t step = (f0.size() + kContourPoints - 1) / kContourPoints;
  const std::size_t points = step == 0 ? 0 : (f0.size() + step - 1) / step;
  if (states < 1 || static_cast<std::size_t>(states) > points) {
    throw SettingsError("an F0 contour of " + std::to_string(f0.size()) +
                        " frames cannot be divided into " + std::to_string(states) + " states");
  }
  const auto ends = best_division(bridged_log_f0(f0, step), static_cast<std::size_t>(states));
  std::vector<int> lengths;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    const std::size_t frame = std::min(end * step, f0.size());
    lengths.push_back(static_cast<int>(frame - begin));
    begin = frame;
  }
  return lengths;
}

Transitions prosody_aware(std::span<const float> f0, int states) {
  const std::vector<int> lengths = prosodic_stretches(f0, states);
  return phone_aware(std::vector<double>(lengths.begin(), lengths.end()));
}

}  // namespace hmm::topology
