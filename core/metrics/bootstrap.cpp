#include "core/metrics/bootstrap.h"

#include <random>
#include <vector>

#include "core/base/error.h"
#include "core/metrics/statistics.h"

namespace hmm {
namespace {

PairedErrors& operator+=(PairedErrors& sum, const PairedErrors& more) {
  sum.errors_a += more.errors_a;
  sum.words_a += more.words_a;
  sum.errors_b += more.errors_b;
  sum.words_b += more.words_b;
  return sum;
}

double ratio(int64_t errors, int64_t words) {
  return words == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(words);
}

double difference(const PairedErrors& sum) {
  return ratio(sum.errors_b, sum.words_b) - ratio(sum.errors_a, sum.words_a);
}

}  // namespace

BootstrapResult paired_bootstrap(std::span<const PairedErrors> utterances,
                                 const BootstrapOptions& options) {
  if (options.samples < 1) throw SettingsError("a bootstrap needs at least one sample");
  if (!(options.confidence > 0 && options.confidence < 1)) {
    throw SettingsError("the confidence of an interval lies between 0 and 1");
  }
  PairedErrors all;
  for (const PairedErrors& utterance : utterances) all += utterance;
  if (all.words_a == 0 || all.words_b == 0) {
    throw DataError("the reference has no words, so that error rates cannot be compared");
  }
  BootstrapResult result{ratio(all.errors_a, all.words_a), ratio(all.errors_b, all.words_b),
                         difference(all)};
  // Not std::uniform_int_distribution, whose numbers differ between standard libraries.
  std::mt19937_64 random(options.seed);
  std::vector<double> differences;
  int better = 0;
  for (int i = 0; i < options.samples; ++i) {
    PairedErrors sample;
    for (std::size_t n = 0; n < utterances.size(); ++n) {
      sample += utterances[random() % utterances.size()];
    }
    differences.push_back(difference(sample));
    better += differences.back() < 0 ? 1 : 0;
  }
  const double outside = (1 - options.confidence) / 2;
  result.low = percentile(differences, outside);
  result.high = percentile(differences, 1 - outside);
  result.probability_of_improvement = static_cast<double>(better) / options.samples;
  return result;
}

}  // namespace hmm
