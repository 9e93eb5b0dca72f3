// Puts a sparse Markov chain together from probabilities.
#pragma once

#include <string>
#include <vector>

#include "core/compute/parameters.h"

namespace hmm::topology {

using compute::Transitions;

/// Arcs and initial states in any order, as probabilities. What is not added is impossible,
/// exactly -infinity.
class Builder {
 public:
  /// SettingsError unless 1 <= states <= 1,000,000.
  explicit Builder(int states);

  void initial(int state, double probability);
  /// Sequences may end here, at no cost or with a probability of its own.
  void final(int state, double probability = 1);
  /// Adds to the arc, which is left out as long as its probability is 0.
  void arc(int source, int target, double probability);

  /// Initial probabilities are divided by their sum; so are the arcs out of each state when
  /// `normalize_rows`. A state with no arc out keeps none.
  Transitions build(bool normalize_rows = true);

 private:
  struct Weighted {
    int source;
    int target;
    double probability;
  };

  int states_;
  std::vector<double> initial_;
  std::vector<double> final_;
  std::vector<Weighted> arcs_;
};

/// What makes a chain no Markov chain, each fault a sentence: what validate() refuses, initial
/// probabilities that do not sum to 1, rows that do not. A row is right when its arcs sum to 1, or
/// its arcs and its final probability do (then ending is one of the ways on).
std::vector<std::string> sum_faults_of(const Transitions& transitions, double tolerance = 1e-5);

/// All that is wrong with a chain; nothing is wrong with an empty list. Reported besides the sums:
/// states that cannot be reached, and states from which no sequence can end.
std::vector<std::string> faults_of(const Transitions& transitions, double tolerance = 1e-5);

/// No arc goes back: every arc keeps the state or moves to a higher one.
bool is_left_to_right(const Transitions& transitions);

}  // namespace hmm::topology
