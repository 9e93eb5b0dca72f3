#include "core/compute/reference/reference_backend.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/compute/arguments.h"
#include "core/compute/reference/reference_recursions.h"
#include "core/compute/reference/reference_stream.h"

namespace hmm::compute {
namespace {

using namespace reference;

class ReferenceEmissions final : public LoadedEmissions {
 public:
  ReferenceEmissions(int states, int dimension, Density density)
      : states_(states), dimension_(dimension), density_(std::move(density)) {}
  int states() const override { return states_; }
  int dimension() const override { return dimension_; }
  const Density& density() const { return density_; }

 private:
  int states_;
  int dimension_;
  Density density_;
};

class ReferenceTransitions final : public LoadedTransitions {
 public:
  explicit ReferenceTransitions(const Transitions& transitions) : transitions_(transitions) {}
  const Transitions& parameters() const override { return transitions_; }

 private:
  Transitions transitions_;
};

class ReferenceDurations final : public LoadedDurations {
 public:
  explicit ReferenceDurations(const Durations& durations) : durations_(durations) {}
  const Durations& parameters() const override { return durations_; }

 private:
  Durations durations_;
};

void store(const Matrix& values, Rows rows, int64_t first_row) {
  if (rows.data == nullptr) return;
  std::transform(values.data(), values.data() + values.rows() * values.columns(),
                 rows.data + static_cast<std::size_t>(first_row) * rows.columns,
                 [](double value) { return static_cast<float>(value); });
}

void add(const std::vector<double>& counts, std::span<double> totals) {
  for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += counts[i];
}

void require_finite(MatrixView values, bool allow_log_zero) {
  for (std::size_t t = 0; t < values.rows; ++t) {
    for (const float value : values.row(t)) {
      if (std::isfinite(value) || (allow_log_zero && value == -HUGE_VALF)) continue;
      throw DataError("frame " + std::to_string(t) + " is not finite");
    }
  }
}

MatrixView sequence_of(ConstRows rows, std::span<const int64_t> row_splits, std::size_t b) {
  return MatrixView(rows.data, rows.rows, rows.columns)
      .slice(static_cast<std::size_t>(row_splits[b]),
             static_cast<std::size_t>(row_splits[b + 1] - row_splits[b]));
}

class ReferenceBackend final : public Backend {
 public:
  std::string name() const override { return "reference"; }

  std::shared_ptr<const LoadedEmissions> load(const GaussianMixtures& m) override {
    m.validate();
    return std::make_shared<ReferenceEmissions>(m.states, m.dimension, density_of(m));
  }
  std::shared_ptr<const LoadedEmissions> load(const TiedMixtures& m) override {
    m.validate();
    return std::make_shared<ReferenceEmissions>(m.states(), m.dimension(), density_of(m));
  }
  std::shared_ptr<const LoadedTransitions> load(const Transitions& transitions) override {
    transitions.validate();
    return std::make_shared<ReferenceTransitions>(transitions);
  }

  std::shared_ptr<const LoadedDurations> load(const Durations& durations) override {
    durations.validate();
    return std::make_shared<ReferenceDurations>(durations);
  }

  std::shared_ptr<Rows> allocate(std::size_t rows, std::size_t columns) override {
    std::shared_ptr<float[]> values(new float[rows * columns]());
    return {new Rows{values.get(), rows, columns, Place::kHost},
            [values](Rows* view) { delete view; }};
  }
  void copy(ConstRows from, Rows to) override {
    check_copy_arguments(from, to);
    std::copy_n(from.data, from.rows * from.columns, to.data);
  }

  void score(const LoadedEmissions& emissions, ConstRows frames, std::span<const int32_t> active,
             Rows log_b) override {
    check_score_arguments(emissions, frames, active, log_b);
    const MatrixView x(frames.data, frames.rows, frames.columns);
    require_finite(x, false);
    const Density& density = dynamic_cast<const ReferenceEmissions&>(emissions).density();
    for (std::size_t t = 0; t < x.rows; ++t) {
      for (std::size_t c = 0; c < log_b.columns; ++c) {
        const int state = active.empty() ? static_cast<int>(c) : active[c];
        log_b.data[t * log_b.columns + c] = static_cast<float>(density(state, x.row(t)));
      }
    }
  }

  void forward_backward(const LoadedTransitions& transitions, std::span<const int64_t> row_splits,
                        ConstRows log_b, const ForwardBackwardOutput& output) override {
    const Transitions& p = transitions.parameters();
    check_forward_backward_arguments(p, row_splits, log_b, output);
    require_finite({log_b.data, log_b.rows, log_b.columns}, true);
    for (std::size_t b = 0; b + 1 < row_splits.size(); ++b) {
      const Matrix scores = scores_of_states(p, sequence_of(log_b, row_splits, b));
      const Matrix log_alpha = forward(p, scores);
      const Matrix log_beta = backward(p, scores, p.log_final);
      if (!output.log_likelihood.empty()) output.log_likelihood[b] = log_likelihood(p, log_alpha);
      store(posteriors(log_alpha, log_beta), output.posteriors, row_splits[b]);
      count_arcs(p, scores, log_alpha, log_beta, output.arc_counts);
    }
  }

  void viterbi(const LoadedTransitions& transitions, std::span<const int64_t> row_splits,
               ConstRows log_b, std::span<int32_t> path, std::span<double> score) override {
    const Transitions& p = transitions.parameters();
    check_viterbi_arguments(p, row_splits, log_b, path, score);
    require_finite({log_b.data, log_b.rows, log_b.columns}, true);
    for (std::size_t b = 0; b + 1 < row_splits.size(); ++b) {
      const Matrix scores = scores_of_states(p, sequence_of(log_b, row_splits, b));
      const BestPath best = reference::viterbi(p, scores, p.log_final);
      std::ranges::copy(best.states, path.begin() + row_splits[b]);
      score[b] = best.score;
    }
  }

  void hsmm_forward_backward(const LoadedTransitions& transitions, const LoadedDurations& durations,
                             std::span<const int64_t> row_splits, ConstRows log_b,
                             const HsmmOutput& output) override {
    const Transitions& p = transitions.parameters();
    check_hsmm_arguments(p, durations.parameters(), row_splits, log_b, output);
    require_finite({log_b.data, log_b.rows, log_b.columns}, true);
    for (std::size_t b = 0; b + 1 < row_splits.size(); ++b) {
      const SegmentSums sums = reference::hsmm_forward_backward(
          p, durations.parameters(), scores_of_states(p, sequence_of(log_b, row_splits, b)));
      if (!output.log_likelihood.empty()) output.log_likelihood[b] = sums.log_likelihood;
      store(sums.posteriors, output.posteriors, row_splits[b]);
      store(sums.starts, output.starts, row_splits[b]);
      add(sums.arc_counts, output.arc_counts);
      add(sums.duration_counts, output.duration_counts);
    }
  }

  void hsmm_viterbi(const LoadedTransitions& transitions, const LoadedDurations& durations,
                    std::span<const int64_t> row_splits, ConstRows log_b, std::span<int32_t> path,
                    std::span<double> score) override {
    const Transitions& p = transitions.parameters();
    check_viterbi_arguments(p, row_splits, log_b, path, score);
    check_segments(p, durations.parameters());
    require_finite({log_b.data, log_b.rows, log_b.columns}, true);
    for (std::size_t b = 0; b + 1 < row_splits.size(); ++b) {
      const BestPath best = reference::hsmm_viterbi(
          p, durations.parameters(), scores_of_states(p, sequence_of(log_b, row_splits, b)));
      std::ranges::copy(best.states, path.begin() + row_splits[b]);
      score[b] = best.score;
    }
  }

  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions> transitions,
                               std::shared_ptr<const LoadedEmissions> emissions,
                               const StreamOptions& options) override {
    const auto* e = dynamic_cast<const ReferenceEmissions*>(emissions.get());
    const Transitions& p = transitions->parameters();
    return std::make_unique<ReferenceStream>(
        p, e == nullptr ? std::nullopt : std::optional(e->density()),
        static_cast<std::size_t>(e == nullptr ? p.emissions() : e->dimension()), options);
  }
  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions>,
                               std::shared_ptr<const LoadedDurations>,
                               std::shared_ptr<const LoadedEmissions>,
                               const StreamOptions&) override {
    throw SettingsError("the reference runs semi-Markov chains over whole sequences only");
  }
  void advance(std::span<const StreamInput> inputs,
               std::span<std::vector<Commit>> commits) override {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      dynamic_cast<ReferenceStream&>(*inputs[i].stream)
          .advance(inputs[i].frames, inputs[i].last, commits[i]);
    }
  }
};

}  // namespace

Backend& reference_backend() {
  static ReferenceBackend backend;
  return backend;
}

}  // namespace hmm::compute
