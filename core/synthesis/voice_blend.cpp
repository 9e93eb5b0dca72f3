#include "core/synthesis/voice_blend.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"

namespace hmm {

namespace {

constexpr double kSmallestVariance = 1e-19;
constexpr double kLargestPrecision = 1e38;

double to_precision(double variance) {
  return variance <= kSmallestVariance ? kLargestPrecision : 1.0 / variance;
}

void add(std::span<const float> values, double weight, std::span<double> sums) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weight * values[i];
}

bool same_shape(const Voice& a, const Voice& b) {
  return a.sample_rate == b.sample_rate && a.frame_period == b.frame_period &&
         a.n_state == b.n_state && a.spectrum == b.spectrum &&
         std::equal(a.streams.begin(), a.streams.end(), b.streams.begin(), b.streams.end(),
                    [](const VoiceStream& s, const VoiceStream& t) {
                      return s.dimension == t.dimension && s.is_msd == t.is_msd &&
                             s.windows == t.windows &&
                             s.global_variance.has_value() == t.global_variance.has_value();
                    });
}

}  // namespace

VoiceBlend::VoiceBlend(std::shared_ptr<const Voice> voice)
    : VoiceBlend(std::vector<std::shared_ptr<const Voice>>{std::move(voice)}, {1.0}) {}

VoiceBlend::VoiceBlend(std::vector<std::shared_ptr<const Voice>> voices,
                       std::vector<double> weights)
    : voices_(std::move(voices)), weights_(std::move(weights)) {
  if (voices_.empty() || voices_.size() != weights_.size()) {
    throw SettingsError("each of the " + std::to_string(voices_.size()) +
                        " voices needs a weight, and there are " + std::to_string(weights_.size()));
  }
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  const bool good = std::isfinite(sum) && sum > 0 &&
                    std::all_of(weights_.begin(), weights_.end(), [](double w) { return w >= 0; });
  if (!good) throw SettingsError("the weights of voices must be 0 or more, and one above 0");
  for (double& weight : weights_) weight /= sum;
  for (const auto& other : voices_) {
    if (same_shape(*voices_[0], *other)) continue;
    throw SettingsError(other->file + " cannot be mixed with " + voices_[0]->file +
                        ": sample rate, frame period, states, streams, windows and spectral coding"
                        " must be the same");
  }
}

LabelStatistics VoiceBlend::look_up(std::string_view label) const {
  const std::size_t n_state = voice().n_state;
  LabelStatistics found;
  found.duration_mean.assign(n_state, 0.0);
  found.duration_variance.assign(n_state, 0.0);
  for (const VoiceStream& stream : voice().streams) {
    const std::size_t width = stream.dimension * stream.windows.size();
    found.streams.push_back({{n_state, width}, {n_state, width}, {}});
    if (stream.is_msd) found.streams.back().voiced.assign(n_state, 0.0);
  }
  for (std::size_t v = 0; v < voices_.size(); ++v) {
    DensityLookup durations(voices_[v]->durations, label);
    const auto density = durations.density(2);
    add(density.first(n_state), weights_[v], found.duration_mean);
    add(density.subspan(n_state), weights_[v], found.duration_variance);
    found.matched = found.matched || durations.matched();
    for (std::size_t s = 0; s < found.streams.size(); ++s) {
      LabelStatistics::Stream& stream = found.streams[s];
      const std::size_t width = stream.mean.columns();
      DensityLookup lookup(voices_[v]->streams[s].densities, label);
      for (unsigned n = 0; n < n_state; ++n) {
        const auto values = lookup.density(n + 2);
        add(values.first(width), weights_[v], stream.mean.row(n));
        add(values.subspan(width, width), weights_[v], stream.precision.row(n));
        if (!stream.voiced.empty()) stream.voiced[n] += weights_[v] * values[2 * width];
      }
      found.matched = found.matched || lookup.matched();
    }
  }
  for (LabelStatistics::Stream& stream : found.streams) {
    for (std::size_t n = 0; n < n_state; ++n) {
      for (double& value : stream.precision.row(n)) value = to_precision(value);
    }
  }
  found.in_global_variance =
      std::none_of(voice().gv_off_contexts.begin(), voice().gv_off_contexts.end(),
                   [label](const LabelPattern& pattern) { return pattern.matches(label); });
  return found;
}

bool VoiceBlend::has_global_variance(std::size_t stream) const {
  return voice().streams[stream].global_variance.has_value();
}

GlobalVariance VoiceBlend::global_variance(std::size_t stream, std::string_view label) const {
  const std::size_t dimension = voice().streams[stream].dimension;
  GlobalVariance found{std::vector<double>(dimension), std::vector<double>(dimension)};
  for (std::size_t v = 0; v < voices_.size(); ++v) {
    DensityLookup lookup(*voices_[v]->streams[stream].global_variance, label);
    const auto density = lookup.density(2);
    add(density.first(dimension), weights_[v], found.mean);
    add(density.subspan(dimension), weights_[v], found.variance);
  }
  return found;
}

void VoiceBlend::prior_moments(std::size_t stream, std::vector<double>& mean,
                               std::vector<double>& variance) const {
  const std::size_t dimension = voice().streams[stream].dimension;
  mean.assign(dimension, 0.0);
  variance.assign(dimension, 0.0);
  double total = 0;
  const auto for_each_density = [&](const auto& action) {
    for (std::size_t v = 0; v < voices_.size(); ++v) {
      const VoiceStream& from = voices_[v]->streams[stream];
      for (const Matrix& densities : from.densities.densities) {
        for (std::size_t i = 0; i < densities.rows(); ++i) {
          const auto row = densities.row(i);
          action(row, weights_[v] * (from.is_msd ? row.back() : 1.0F));
        }
      }
    }
  };
  for_each_density([&](std::span<const float> density, double weight) {
    total += weight;
    for (std::size_t d = 0; d < dimension; ++d) mean[d] += weight * density[d];
  });
  if (total <= 0) return;
  for (double& value : mean) value /= total;
  for_each_density([&](std::span<const float> density, double weight) {
    for (std::size_t d = 0; d < dimension; ++d) {
      variance[d] += weight * (density[d] - mean[d]) * (density[d] - mean[d]) / total;
    }
  });
}

}  // namespace hmm
