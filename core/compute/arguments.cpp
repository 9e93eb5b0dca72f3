#include "core/compute/arguments.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"

namespace hmm::compute {
namespace {

void require(bool condition, const std::string& complaint) {
  if (!condition) throw SettingsError(complaint);
}

std::string shape(std::size_t rows, std::size_t columns) {
  return std::to_string(rows) + " x " + std::to_string(columns);
}

template <class T>
void require_shape(BasicRows<T> rows, std::size_t count, std::size_t columns, const char* what) {
  require(rows.rows == count && rows.columns == columns, std::string(what) + " must be " +
                                                             shape(count, columns) + ", not " +
                                                             shape(rows.rows, rows.columns));
}

std::size_t check_batch(const Transitions& transitions, std::span<const int64_t> row_splits,
                        ConstRows log_b) {
  require(!row_splits.empty() && row_splits.front() == 0 &&
              std::is_sorted(row_splits.begin(), row_splits.end()) &&
              row_splits.back() == static_cast<int64_t>(log_b.rows),
          "row splits must rise from 0 to the number of rows of the emission scores");
  const auto needed = static_cast<std::size_t>(transitions.emissions());
  require(log_b.rows == 0 || log_b.columns >= needed,
          "the transitions read " + std::to_string(needed) + " emission scores where a frame has " +
              std::to_string(log_b.columns));
  return row_splits.size() - 1;
}

}  // namespace

void check_score_arguments(const LoadedEmissions& emissions, ConstRows frames,
                           std::span<const int32_t> active, Rows log_b) {
  require(frames.rows == 0 || frames.columns == static_cast<std::size_t>(emissions.dimension()),
          "the frames have " + std::to_string(frames.columns) + " dimensions where the model has " +
              std::to_string(emissions.dimension()));
  require_shape(log_b, frames.rows,
                active.empty() ? static_cast<std::size_t>(emissions.states()) : active.size(),
                "emission scores");
  for (const int32_t state : active) {
    require(state >= 0 && state < emissions.states(), "state " + std::to_string(state) +
                                                          " does not exist: the model has " +
                                                          std::to_string(emissions.states()));
  }
}

void check_forward_backward_arguments(const Transitions& transitions,
                                      std::span<const int64_t> row_splits, ConstRows log_b,
                                      const ForwardBackwardOutput& output) {
  const std::size_t sequences = check_batch(transitions, row_splits, log_b);
  require(output.log_likelihood.empty() || output.log_likelihood.size() == sequences,
          "log-likelihoods must have a place for each sequence");
  require(output.arc_counts.empty() || output.arc_counts.size() == transitions.arcs.size(),
          "arc counts must have a place for each arc");
  if (output.posteriors.data != nullptr) {
    require_shape(output.posteriors, log_b.rows, static_cast<std::size_t>(transitions.states),
                  "posteriors");
  }
}

void check_viterbi_arguments(const Transitions& transitions, std::span<const int64_t> row_splits,
                             ConstRows log_b, std::span<int32_t> path, std::span<double> score) {
  const std::size_t sequences = check_batch(transitions, row_splits, log_b);
  require(path.size() == log_b.rows, "the path must have a place for each frame");
  require(score.size() == sequences, "scores must have a place for each sequence");
}

void check_segments(const Transitions& transitions, const Durations& durations) {
  require(durations.states == transitions.states,
          "there are durations of " + std::to_string(durations.states) +
              " states and transitions of " + std::to_string(transitions.states));
  for (const auto& arc : transitions.arcs) {
    require(arc.source != arc.target || std::isinf(arc.log_probability),
            "state " + std::to_string(arc.source) +
                " has durations and may not have a transition to itself");
  }
}

void check_hsmm_arguments(const Transitions& transitions, const Durations& durations,
                          std::span<const int64_t> row_splits, ConstRows log_b,
                          const HsmmOutput& output) {
  check_segments(transitions, durations);
  check_forward_backward_arguments(transitions, row_splits, log_b,
                                   {output.log_likelihood, output.posteriors, output.arc_counts});
  require(
      output.duration_counts.empty() || output.duration_counts.size() == durations.log_pmf.size(),
      "duration counts must have a place for each state and duration");
  if (output.starts.data != nullptr) {
    require_shape(output.starts, log_b.rows, static_cast<std::size_t>(transitions.states),
                  "starts");
  }
}

void check_copy_arguments(ConstRows from, Rows to) {
  require_shape(to, from.rows, from.columns, "the copy");
}

void check_stream_options(const StreamOptions& options, int states) {
  require(options.decision_interval >= 1, "the decision interval must be at least 1 frame");
  require(options.lag >= 0, "the lag must not be negative");
  require(options.lag == 0 || options.lag >= options.decision_interval,
          "a lag of " + std::to_string(options.lag) +
              " frames is shorter than the decision interval of " +
              std::to_string(options.decision_interval));
  require(options.posterior_scale > 0 && std::isfinite(options.posterior_scale),
          "the posterior scale must be a number above 0");
  require(options.label_of.empty() || options.label_of.size() == static_cast<std::size_t>(states),
          "labels are given for " + std::to_string(options.label_of.size()) + " states of " +
              std::to_string(states));
}

}  // namespace hmm::compute
