#include "core/metrics/boundary_accuracy.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/error.h"
#include "core/metrics/label_alignment.h"

namespace hmm {
namespace {

double share(std::size_t part, std::size_t whole, double of_nothing) {
  return whole == 0 ? of_nothing : static_cast<double>(part) / static_cast<double>(whole);
}

bool same_letters(const std::string& a, const std::string& b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// A label, or a stretch without one.
struct Stretch {
  int64_t start = 0;
  int64_t end = 0;
  bool silence = false;
  std::size_t label = 0;
};

std::vector<Stretch> stretches_of(const Tier& tier, std::span<const std::string> silences) {
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < tier.labels.size(); ++i) {
    const Label& label = tier.labels[i];
    if (!stretches.empty() && label.start > stretches.back().end) {
      stretches.push_back({stretches.back().end, label.start, true, tier.labels.size()});
    }
    stretches.push_back({label.start, label.end, is_silence(label.text, silences), i});
  }
  return stretches;
}

enum class Kind { kAll, kSpeech, kSilence };

bool is_of(const Boundary& boundary, Kind kind) {
  return kind == Kind::kAll || boundary.at_silence == (kind == Kind::kSilence);
}

std::vector<int64_t> times_of(const std::vector<Boundary>& boundaries, Kind kind) {
  std::vector<int64_t> times;
  for (const Boundary& boundary : boundaries) {
    if (is_of(boundary, kind)) times.push_back(boundary.time);
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// The hypothesis's boundary for each of the reference's, if it has it.
std::vector<std::optional<int64_t>> partners(const std::vector<Boundary>& reference,
                                             const std::vector<Boundary>& hypothesis,
                                             const Tier& reference_tier,
                                             const Tier& hypothesis_tier) {
  const std::size_t none = hypothesis_tier.labels.size();
  std::vector<std::optional<std::size_t>> label(reference_tier.labels.size() + 1);
  label.back() = none;  // no label aligns with no label
  for (const LabelPair& pair : align_labels(reference_tier, hypothesis_tier)) {
    if (pair.reference && pair.hypothesis) label[*pair.reference] = pair.hypothesis;
  }
  std::vector<std::optional<int64_t>> times;
  for (const Boundary& boundary : reference) {
    const auto& left = label[boundary.left];
    const auto& right = label[boundary.right];
    const auto found =
        std::find_if(hypothesis.begin(), hypothesis.end(), [&](const Boundary& each) {
          return left && right && each.left == *left && each.right == *right;
        });
    times.push_back(found == hypothesis.end() ? std::nullopt : std::optional(found->time));
  }
  return times;
}

}  // namespace

std::vector<std::string> default_silences() {
  return {"", "sil", "sp", "pau", "h#", "epi", "#", "<s>", "</s>", "<sil>", "<eps>"};
}

bool is_silence(const std::string& label, std::span<const std::string> silences) {
  return std::any_of(silences.begin(), silences.end(),
                     [&](const std::string& silence) { return same_letters(label, silence); });
}

std::vector<Boundary> boundaries_of(const Tier& tier, std::span<const std::string> silences) {
  const auto stretches = stretches_of(tier, silences);
  std::vector<Boundary> boundaries;
  for (std::size_t i = 1; i < stretches.size(); ++i) {
    const Stretch& left = stretches[i - 1];
    const Stretch& right = stretches[i];
    if (left.silence && right.silence) continue;
    boundaries.push_back({right.start, left.silence || right.silence, left.label, right.label});
  }
  return boundaries;
}

double BoundaryDetection::precision() const { return share(hits, hypothesis, reference == 0); }

double BoundaryDetection::recall() const { return share(hits, reference, hypothesis == 0); }

double BoundaryDetection::f1() const {
  const double sum = precision() + recall();
  return sum == 0 ? 0 : 2 * precision() * recall() / sum;
}

double BoundaryDetection::r_value() const {
  if (reference == 0) return hypothesis == 0 ? 1 : 0;
  const double over = share(hypothesis, reference, 0) - 1;
  const double missed = 1 - recall();
  const double r1 = std::sqrt(missed * missed + over * over);
  const double r2 = (-missed - over) / std::sqrt(2.0);
  return 1 - (std::abs(r1) + std::abs(r2)) / 2;
}

BoundaryDetection& BoundaryDetection::operator+=(const BoundaryDetection& other) {
  reference += other.reference;
  hypothesis += other.hypothesis;
  hits += other.hits;
  return *this;
}

BoundaryDetection detect_boundaries(std::span<const int64_t> reference,
                                    std::span<const int64_t> hypothesis, int64_t tolerance) {
  BoundaryDetection result{reference.size(), hypothesis.size(), 0};
  // On a line, pairing the earliest that still fit gives as many pairs as there can be.
  for (std::size_t r = 0, h = 0; r < reference.size() && h < hypothesis.size();) {
    const int64_t difference = hypothesis[h] - reference[r];
    if (difference < -tolerance) {
      ++h;
    } else if (difference > tolerance) {
      ++r;
    } else {
      ++result.hits;
      ++r;
      ++h;
    }
  }
  return result;
}

double BoundaryErrors::share_within(double tolerance) const {
  const auto within = std::count_if(errors.begin(), errors.end(),
                                    [&](double error) { return std::abs(error) <= tolerance; });
  return share(static_cast<std::size_t>(within), boundaries, 0);
}

double BoundaryErrors::median_absolute() const {
  std::vector<double> absolute;
  for (const double error : errors) absolute.push_back(std::abs(error));
  return median(absolute);
}

BoundaryErrors& BoundaryErrors::operator+=(const BoundaryErrors& other) {
  boundaries += other.boundaries;
  errors.insert(errors.end(), other.errors.begin(), other.errors.end());
  return *this;
}

BoundaryScores& BoundaryScores::operator+=(const BoundaryScores& other) {
  detection += other.detection;
  errors += other.errors;
  return *this;
}

BoundaryReport& BoundaryReport::operator+=(const BoundaryReport& other) {
  all += other.all;
  speech += other.speech;
  silence += other.silence;
  return *this;
}

BoundaryReport compare_boundaries(const Tier& reference, const Tier& hypothesis,
                                  const BoundaryOptions& options) {
  if (options.tolerance < 0) throw SettingsError("the tolerance of boundaries is below 0");
  require_ordered({0, 0, {reference, hypothesis}});
  const auto expected = boundaries_of(reference, options.silences);
  const auto found = boundaries_of(hypothesis, options.silences);
  const auto times = partners(expected, found, reference, hypothesis);
  const auto scores = [&](Kind kind) {
    BoundaryScores result;
    result.detection =
        detect_boundaries(times_of(expected, kind), times_of(found, kind), options.tolerance);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!is_of(expected[i], kind)) continue;
      ++result.errors.boundaries;
      if (times[i]) {
        result.errors.errors.push_back(static_cast<double>(*times[i] - expected[i].time) / 1e6);
      }
    }
    return result;
  };
  return {scores(Kind::kAll), scores(Kind::kSpeech), scores(Kind::kSilence)};
}

}  // namespace hmm
