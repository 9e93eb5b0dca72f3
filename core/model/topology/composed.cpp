#include "core/model/topology/composed.h"

#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/model/topology/chains.h"

namespace hmm::topology {
namespace {

void check_words(std::span<const Word> words, int phones, const HierarchyOptions& options,
                 MatrixView bigrams) {
  if (words.empty()) throw SettingsError("a hierarchical topology needs at least one word");
  if (options.states_per_phone < 1 || options.states_per_phone > 100) {
    throw SettingsError("a phone needs 1 to 100 states, not " +
                        std::to_string(options.states_per_phone));
  }
  if (!(options.self_loop >= 0 && options.self_loop < 1)) {
    throw SettingsError("the self-loop probability must be at least 0 and below 1, not " +
                        std::to_string(options.self_loop));
  }
  if (bigrams.data != nullptr &&
      (bigrams.rows != words.size() || bigrams.columns != words.size())) {
    throw SettingsError("bigram probabilities must be [words x words]");
  }
  for (std::size_t w = 0; w < words.size(); ++w) {
    if (words[w].phones.empty()) {
      throw SettingsError("word " + std::to_string(w) + " has no phones");
    }
    if (!(words[w].probability >= 0) || !std::isfinite(words[w].probability)) {
      throw SettingsError("the probability of word " + std::to_string(w) + " must be at least 0");
    }
    for (const int32_t phone : words[w].phones) {
      if (phone >= 0 && phone < phones) continue;
      throw SettingsError("word " + std::to_string(w) + " uses phone " + std::to_string(phone) +
                          "; there are " + std::to_string(phones));
    }
  }
}

/// P(next word | word) for each pair, or P(word) in every row; rows sum to 1.
BasicMatrix<double> word_probabilities(std::span<const Word> words, MatrixView bigrams) {
  BasicMatrix<double> next(words.size(), words.size());
  for (std::size_t w = 0; w < words.size(); ++w) {
    double sum = 0;
    for (std::size_t v = 0; v < words.size(); ++v) {
      next(w, v) = bigrams.data != nullptr ? bigrams(w, v) : words[v].probability;
      if (!(next(w, v) >= 0)) {
        throw SettingsError("the probability of word " + std::to_string(v) + " after word " +
                            std::to_string(w) + " must be at least 0");
      }
      sum += next(w, v);
    }
    if (!(sum > 0)) {
      throw SettingsError("no word can follow word " + std::to_string(w));
    }
    for (double& p : next.row(w)) p /= sum;
  }
  return next;
}

/// P(D = d | D >= d), from log P(D = d).
std::vector<double> hazards(std::span<const double> log_durations, std::size_t state) {
  std::vector<double> result(log_durations.size());
  double longer = kLogZero<double>;  // log P(D > d)
  for (std::size_t d = log_durations.size(); d-- > 0;) {
    const double survival = log_add(log_durations[d], longer);
    result[d] = log_durations[d] == kLogZero<double> ? 0 : std::exp(log_durations[d] - survival);
    longer = survival;
  }
  if (!(std::abs(longer) < 1e-6)) {
    throw SettingsError("the durations of state " + std::to_string(state) +
                        " are not probabilities that sum to 1");
  }
  return result;
}

}  // namespace

Hierarchy hierarchical(std::span<const Word> words, int phones, const HierarchyOptions& options,
                       MatrixView bigrams) {
  check_words(words, phones, options, bigrams);
  Hierarchy result;
  std::vector<int32_t> emission_of;
  std::vector<int> first;
  for (std::size_t w = 0; w < words.size(); ++w) {
    first.push_back(static_cast<int>(emission_of.size()));
    for (std::size_t p = 0; p < words[w].phones.size(); ++p) {
      for (int s = 0; s < options.states_per_phone; ++s) {
        emission_of.push_back(words[w].phones[p] * options.states_per_phone + s);
        result.word_of.push_back(static_cast<int32_t>(w));
        result.phone_of.push_back(static_cast<int32_t>(p));
      }
    }
  }
  const int states = static_cast<int>(emission_of.size());
  first.push_back(states);

  const BasicMatrix<double> next = word_probabilities(words, bigrams);
  double total = 0;
  for (const Word& word : words) total += word.probability;
  if (!(total > 0)) throw SettingsError("no word has a probability above 0");

  Builder builder(states);
  const double leave = 1 - options.self_loop;
  for (std::size_t w = 0; w < words.size(); ++w) {
    builder.initial(first[w], words[w].probability / total);
    const int last = first[w + 1] - 1;
    for (int i = first[w]; i < last; ++i) {
      builder.arc(i, i, options.self_loop);
      builder.arc(i, i + 1, leave);
    }
    builder.final(last);
    if (!options.repeat) {
      builder.arc(last, last, 1);
      continue;
    }
    builder.arc(last, last, options.self_loop);
    for (std::size_t v = 0; v < words.size(); ++v) builder.arc(last, first[v], leave * next(w, v));
  }
  result.transitions = builder.build();
  result.transitions.emission_of = std::move(emission_of);
  return result;
}

Transitions with_durations(const Transitions& segments,
                           std::span<const std::vector<double>> log_durations, LastSegment last) {
  segments.validate();
  const auto n_states = static_cast<std::size_t>(segments.states);
  if (log_durations.size() != n_states) {
    throw SettingsError("durations were given for " + std::to_string(log_durations.size()) +
                        " states of " + std::to_string(n_states));
  }
  std::vector<int> first;
  std::vector<int32_t> emission_of;
  for (std::size_t n = 0; n < n_states; ++n) {
    first.push_back(static_cast<int>(emission_of.size()));
    const int32_t emission =
        segments.emission_of.empty() ? static_cast<int32_t>(n) : segments.emission_of[n];
    emission_of.insert(emission_of.end(), log_durations[n].size(), emission);
  }
  Builder builder(static_cast<int>(emission_of.size()));
  std::vector<std::vector<double>> leave;
  for (std::size_t n = 0; n < n_states; ++n) {
    leave.push_back(hazards(log_durations[n], n));
    builder.initial(first[n], std::exp(double{segments.log_initial[n]}));
    const double may_end = std::exp(double{segments.log_final[n]});
    for (std::size_t d = 0; d < leave[n].size(); ++d) {
      const int state = first[n] + static_cast<int>(d);
      if (d + 1 < leave[n].size()) builder.arc(state, state + 1, 1 - leave[n][d]);
      builder.final(state, may_end * (last == LastSegment::kComplete ? leave[n][d] : 1));
    }
  }
  for (const auto& arc : segments.arcs) {
    const auto source = static_cast<std::size_t>(arc.source);
    const double probability = std::exp(double{arc.log_probability});
    for (std::size_t d = 0; d < leave[source].size(); ++d) {
      builder.arc(first[source] + static_cast<int>(d), first[static_cast<std::size_t>(arc.target)],
                  leave[source][d] * probability);
    }
  }
  Transitions result = builder.build(false);
  result.emission_of = std::move(emission_of);
  return result;
}

Transitions duration_constrained(int states, int shortest, int longest, double leave) {
  if (shortest < 1 || longest < shortest || longest > 100'000) {
    throw SettingsError("durations must satisfy 1 <= shortest <= longest <= 100000, not " +
                        std::to_string(shortest) + " and " + std::to_string(longest));
  }
  if (!(leave > 0 && leave <= 1)) {
    throw SettingsError("the leaving probability must be above 0 and at most 1, not " +
                        std::to_string(leave));
  }
  std::vector<double> log_durations(static_cast<std::size_t>(longest), kLogZero<double>);
  double stay = 0;  // log P(D > d)
  for (int d = shortest; d <= longest; ++d) {
    log_durations[static_cast<std::size_t>(d - 1)] = stay + (d < longest ? std::log(leave) : 0);
    stay += std::log1p(-leave);
  }
  Builder segments(states);
  segments.initial(0, 1);
  for (int i = 0; i + 1 < states; ++i) segments.arc(i, i + 1, 1);
  segments.final(states - 1);
  return with_durations(segments.build(), std::vector<std::vector<double>>(
                                              static_cast<std::size_t>(states), log_durations));
}

}  // namespace hmm::topology
