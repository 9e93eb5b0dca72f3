#include "core/model/topology/builder.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm::topology {
namespace {

constexpr int kMostStates = 1'000'000;
/// Faults of one kind are listed for this many states; a broken model would fill the screen.
constexpr int kFaultsListed = 5;

float log_of(double probability) { return static_cast<float>(std::log(probability)); }

void check_probability(double probability, const char* what) {
  if (!(probability >= 0 && probability <= 1 + 1e-9)) {
    throw SettingsError(std::string(what) + " must be a probability between 0 and 1, not " +
                        std::to_string(probability));
  }
}

/// States that `step` reaches from those marked, marked too.
void spread(std::vector<bool>& marked, const std::vector<std::vector<int32_t>>& step) {
  std::vector<int32_t> open;
  for (std::size_t n = 0; n < marked.size(); ++n) {
    if (marked[n]) open.push_back(static_cast<int32_t>(n));
  }
  while (!open.empty()) {
    const auto state = static_cast<std::size_t>(open.back());
    open.pop_back();
    for (const int32_t next : step[state]) {
      if (marked[static_cast<std::size_t>(next)]) continue;
      marked[static_cast<std::size_t>(next)] = true;
      open.push_back(next);
    }
  }
}

void list_unmarked(const std::vector<bool>& marked, const std::string& complaint,
                   std::vector<std::string>& faults) {
  int listed = 0;
  for (std::size_t n = 0; n < marked.size() && listed < kFaultsListed; ++n) {
    if (marked[n]) continue;
    faults.push_back("state " + std::to_string(n) + " " + complaint);
    ++listed;
  }
}

void check_rows(const Transitions& transitions, double tolerance,
                std::vector<std::string>& faults) {
  std::vector<double> sums(static_cast<std::size_t>(transitions.states));
  std::vector<bool> right(sums.size());
  for (const auto& arc : transitions.arcs) {
    sums[static_cast<std::size_t>(arc.source)] += std::exp(double{arc.log_probability});
  }
  int listed = 0;
  for (std::size_t n = 0; n < sums.size() && listed < kFaultsListed; ++n) {
    const double with_final = sums[n] + std::exp(double{transitions.log_final[n]});
    if (std::abs(sums[n] - 1) <= tolerance || std::abs(with_final - 1) <= tolerance) continue;
    faults.push_back("the transition probabilities of state " + std::to_string(n) + " sum to " +
                     std::to_string(sums[n]) + ", not 1");
    ++listed;
  }
}

}  // namespace

Builder::Builder(int states) : states_(states) {
  if (states < 1 || states > kMostStates) {
    throw SettingsError("a topology needs 1 to 1000000 states, not " + std::to_string(states));
  }
  initial_.assign(static_cast<std::size_t>(states), 0);
  final_.assign(static_cast<std::size_t>(states), 0);
}

void Builder::initial(int state, double probability) {
  check_probability(probability, "an initial probability");
  initial_.at(static_cast<std::size_t>(state)) += probability;
}

void Builder::final(int state, double probability) {
  check_probability(probability, "a final probability");
  final_.at(static_cast<std::size_t>(state)) = probability;
}

void Builder::arc(int source, int target, double probability) {
  check_probability(probability, "a transition probability");
  if (source < 0 || source >= states_ || target < 0 || target >= states_) {
    throw SettingsError("a transition from state " + std::to_string(source) + " to state " +
                        std::to_string(target) + " leaves the " + std::to_string(states_) +
                        " states of the topology");
  }
  if (probability > 0) arcs_.push_back({source, target, probability});
}

Transitions Builder::build(bool normalize_rows) {
  Transitions result;
  result.states = states_;
  double initial_sum = 0;
  for (const double p : initial_) initial_sum += p;
  if (!(initial_sum > 0)) throw SettingsError("a topology needs a state to start in");
  for (const double p : initial_) result.log_initial.push_back(log_of(p / initial_sum));
  for (const double p : final_) result.log_final.push_back(log_of(p));

  std::stable_sort(arcs_.begin(), arcs_.end(), [](const Weighted& a, const Weighted& b) {
    return std::tie(a.target, a.source) < std::tie(b.target, b.source);
  });
  std::vector<Weighted> merged;
  std::vector<double> row_sums(initial_.size());
  for (const Weighted& arc : arcs_) {
    if (!merged.empty() && merged.back().source == arc.source &&
        merged.back().target == arc.target) {
      merged.back().probability += arc.probability;
    } else {
      merged.push_back(arc);
    }
    row_sums[static_cast<std::size_t>(arc.source)] += arc.probability;
  }
  for (const Weighted& arc : merged) {
    const double sum = normalize_rows ? row_sums[static_cast<std::size_t>(arc.source)] : 1;
    result.arcs.push_back({arc.source, arc.target, log_of(arc.probability / sum)});
  }
  return result;
}

std::vector<std::string> sum_faults_of(const Transitions& transitions, double tolerance) {
  try {
    transitions.validate();
  } catch (const SettingsError& error) {
    return {error.what()};
  }
  std::vector<std::string> faults;
  check_rows(transitions, tolerance, faults);
  double initial_sum = 0;
  for (const float p : transitions.log_initial) initial_sum += std::exp(double{p});
  if (!(std::abs(initial_sum - 1) <= tolerance)) {
    faults.push_back("the initial probabilities sum to " + std::to_string(initial_sum) + ", not 1");
  }
  return faults;
}

std::vector<std::string> faults_of(const Transitions& transitions, double tolerance) {
  std::vector<std::string> faults = sum_faults_of(transitions, tolerance);
  const auto states = static_cast<std::size_t>(std::max(transitions.states, 0));
  if (transitions.log_initial.size() != states || transitions.log_final.size() != states) {
    return faults;
  }
  std::vector<std::vector<int32_t>> forward(states);
  std::vector<std::vector<int32_t>> backward(states);
  for (const auto& arc : transitions.arcs) {
    if (arc.log_probability == kLogZero<float>) continue;
    if (arc.source < 0 || arc.source >= transitions.states || arc.target < 0 ||
        arc.target >= transitions.states) {
      return faults;
    }
    forward[static_cast<std::size_t>(arc.source)].push_back(arc.target);
    backward[static_cast<std::size_t>(arc.target)].push_back(arc.source);
  }
  std::vector<bool> reached(states);
  std::vector<bool> ends(states);
  for (std::size_t n = 0; n < states; ++n) {
    reached[n] = transitions.log_initial[n] != kLogZero<float>;
    ends[n] = transitions.log_final[n] != kLogZero<float>;
  }
  spread(reached, forward);
  list_unmarked(reached, "cannot be reached from any initial state", faults);
  spread(ends, backward);
  list_unmarked(ends, "cannot reach any final state", faults);
  return faults;
}

bool is_left_to_right(const Transitions& transitions) {
  return std::all_of(transitions.arcs.begin(), transitions.arcs.end(), [](const auto& arc) {
    return arc.target >= arc.source || arc.log_probability == kLogZero<float>;
  });
}

}  // namespace hmm::topology
