#include "core/metrics/duration_accuracy.h"

#include "core/base/error.h"
#include "core/metrics/boundary_accuracy.h"
#include "core/metrics/label_alignment.h"

namespace hmm {
namespace {

double milliseconds(const Label& label) {
  return static_cast<double>(label.end - label.start) / 1e6;
}

Tier without_silence(const Tier& tier, std::span<const std::string> silences) {
  Tier kept{tier.name, {}, tier.points};
  for (const Label& label : tier.labels) {
    if (!is_silence(label.text, silences)) kept.labels.push_back(label);
  }
  return kept;
}

}  // namespace

DurationPairs& DurationPairs::operator+=(const DurationPairs& other) {
  reference.insert(reference.end(), other.reference.begin(), other.reference.end());
  hypothesis.insert(hypothesis.end(), other.hypothesis.begin(), other.hypothesis.end());
  unpaired += other.unpaired;
  return *this;
}

DurationPairs pair_durations(const Tier& reference, const Tier& hypothesis,
                             std::span<const std::string> silences) {
  require_ordered({0, 0, {reference, hypothesis}});
  const Tier expected = without_silence(reference, silences);
  const Tier found = without_silence(hypothesis, silences);
  DurationPairs pairs;
  for (const LabelPair& pair : align_labels(expected, found)) {
    if (!pair.reference || !pair.hypothesis) {
      ++pairs.unpaired;
      continue;
    }
    const Label& a = expected.labels[*pair.reference];
    const Label& b = found.labels[*pair.hypothesis];
    if (a.text != b.text) {
      pairs.unpaired += 2;
      continue;
    }
    pairs.reference.push_back(milliseconds(a));
    pairs.hypothesis.push_back(milliseconds(b));
  }
  return pairs;
}

DurationAccuracy measure_durations(const DurationPairs& pairs) {
  if (pairs.reference.empty()) throw DataError("the two have no label in common");
  std::vector<double> errors;
  for (std::size_t i = 0; i < pairs.reference.size(); ++i) {
    errors.push_back(pairs.hypothesis[i] - pairs.reference[i]);
  }
  const Statistics statistics = describe(errors);
  DurationAccuracy result;
  result.labels = pairs.reference.size();
  result.unpaired = pairs.unpaired;
  result.mean_reference = describe(pairs.reference).mean;
  result.bias = statistics.mean;
  result.mean_absolute_error = statistics.mean_absolute;
  result.root_mean_square_error = statistics.root_mean_square;
  result.correlation = correlation(pairs.reference, pairs.hypothesis);
  if (result.mean_reference > 0) {
    result.accuracy = 1 - statistics.mean_absolute / result.mean_reference;
  }
  return result;
}

}  // namespace hmm
