#include "core/compute/cpu/cpu_backend.h"

#include <algorithm>
#include <functional>
#include <string>

#include "core/base/error.h"
#include "core/compute/arguments.h"
#include "core/compute/cpu/emissions.h"
#include "core/compute/cpu/graph.h"
#include "core/compute/cpu/online_segments.h"
#include "core/compute/cpu/online_viterbi.h"
#include "core/compute/cpu/parallel.h"
#include "core/compute/cpu/semi_markov.h"
#include "core/compute/cpu/sequence.h"
#include "core/compute/cpu/vector_math.h"

namespace hmm::compute {
namespace {

using namespace cpu;

constexpr std::size_t kFramesPerTask = 256;  // enough to share the work of scoring evenly

template <class Derived, class Base>
const Derived& loaded_here(const Base& handle) {
  const auto* derived = dynamic_cast<const Derived*>(&handle);
  if (derived == nullptr) throw SettingsError("a handle of another backend was given to the CPU");
  return *derived;
}

template <class T>
BasicMatrixView<T> view_of(BasicRows<T> rows) {
  if (rows.place != Place::kHost) throw SettingsError("the CPU cannot read a device's memory");
  return {rows.data, rows.rows, rows.columns};
}

void check_scores(MatrixView log_b) {
  if (all_below_infinity(log_b.data, log_b.rows * log_b.columns)) return;
  for (std::size_t t = 0; t < log_b.rows; ++t) {
    if (!all_below_infinity(log_b.row(t).data(), log_b.columns)) {
      throw DataError("the emission scores of frame " + std::to_string(t) +
                      " hold a value that is neither a number nor -inf");
    }
  }
}

MutableMatrixView slice(MutableMatrixView view, std::size_t first, std::size_t count) {
  return view.data == nullptr ? view : view.slice(first, count);
}

// Calls work(b, first row, rows, counts) for each sequence; counts is room of its own, all 0, whose
// parts are added to `totals` sequence by sequence, so that sums do not depend on the threads.
void for_each_sequence(
    std::span<const int64_t> row_splits, std::initializer_list<std::span<double>> totals,
    int threads,
    const std::function<void(std::size_t, std::size_t, std::size_t, std::span<double>)>& work) {
  const std::size_t sequences = row_splits.size() - 1;
  const auto wave = static_cast<std::size_t>(threads);
  std::size_t size = 0;
  for (const std::span<double> total : totals) size += total.size();
  BasicMatrix<double> counts(std::min(wave, sequences), size);
  for (std::size_t start = 0; start < sequences; start += wave) {
    const std::size_t together = std::min(wave, sequences - start);
    std::fill_n(counts.data(), counts.rows() * size, 0.0);
    parallel_for(together, threads, [&](std::size_t i) {
      const auto first = static_cast<std::size_t>(row_splits[start + i]);
      const auto count = static_cast<std::size_t>(row_splits[start + i + 1]) - first;
      work(start + i, first, count, counts.row(i));
    });
    for (std::size_t i = 0; i < together; ++i) {
      const double* count = counts.row(i).data();
      for (const std::span<double> total : totals) {
        for (double& sum : total) sum += *count++;
      }
    }
  }
}

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(int threads) : threads_(threads) {
    if (threads < 1) throw SettingsError("at least 1 thread is needed");
  }

  std::string name() const override { return "cpu (" + instruction_set() + ")"; }

  std::shared_ptr<const LoadedEmissions> load(const GaussianMixtures& mixtures) override {
    return load_gaussian_mixtures(mixtures);
  }
  std::shared_ptr<const LoadedEmissions> load(const TiedMixtures& mixtures) override {
    return load_tied_mixtures(mixtures);
  }
  std::shared_ptr<const LoadedTransitions> load(const Transitions& transitions) override {
    transitions.validate();
    return std::make_shared<Graph>(transitions);
  }

  std::shared_ptr<const LoadedDurations> load(const Durations& durations) override {
    durations.validate();
    return std::make_shared<DurationTables>(durations);
  }

  std::shared_ptr<Rows> allocate(std::size_t rows, std::size_t columns) override {
    struct Owner {
      std::vector<float> values;
      Rows rows;
    };
    auto owner = std::make_shared<Owner>();
    owner->values.resize(rows * columns);
    owner->rows = {owner->values.data(), rows, columns, Place::kHost};
    return {owner, &owner->rows};
  }

  void copy(ConstRows from, Rows to) override {
    check_copy_arguments(from, to);
    std::copy_n(view_of(from).data, from.rows * from.columns, view_of(to).data);
  }

  void score(const LoadedEmissions& emissions, ConstRows frames, std::span<const int32_t> active,
             Rows log_b) override;
  void forward_backward(const LoadedTransitions& transitions, std::span<const int64_t> row_splits,
                        ConstRows log_b, const ForwardBackwardOutput& output) override;
  void viterbi(const LoadedTransitions& transitions, std::span<const int64_t> row_splits,
               ConstRows log_b, std::span<int32_t> path, std::span<double> score) override;
  void hsmm_forward_backward(const LoadedTransitions& transitions, const LoadedDurations& durations,
                             std::span<const int64_t> row_splits, ConstRows log_b,
                             const HsmmOutput& output) override;
  void hsmm_viterbi(const LoadedTransitions& transitions, const LoadedDurations& durations,
                    std::span<const int64_t> row_splits, ConstRows log_b, std::span<int32_t> path,
                    std::span<double> score) override;

  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions> transitions,
                               std::shared_ptr<const LoadedEmissions> emissions,
                               const StreamOptions& options) override;
  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions> transitions,
                               std::shared_ptr<const LoadedDurations> durations,
                               std::shared_ptr<const LoadedEmissions> emissions,
                               const StreamOptions& options) override;
  void advance(std::span<const StreamInput> inputs,
               std::span<std::vector<Commit>> commits) override;

 private:
  int threads_;
};

void CpuBackend::score(const LoadedEmissions& emissions, ConstRows frames,
                       std::span<const int32_t> active, Rows log_b) {
  const auto& loaded = loaded_here<Emissions>(emissions);
  check_score_arguments(emissions, frames, active, log_b);
  const MatrixView x = view_of(frames);
  const MutableMatrixView out = view_of(log_b);
  const ScorePlan plan = loaded.plan(active);
  const std::size_t tasks = (x.rows + kFramesPerTask - 1) / kFramesPerTask;
  parallel_for(tasks, threads_, [&](std::size_t task) {
    const std::size_t first = task * kFramesPerTask;
    const std::size_t count = std::min(kFramesPerTask, x.rows - first);
    for (std::size_t t = first; t < first + count; ++t) {
      if (!all_finite(x.row(t).data(), x.columns)) {
        throw DataError("frame " + std::to_string(t) +
                        " holds a value that is not a finite number");
      }
    }
    loaded.score(plan, x.slice(first, count), out.slice(first, count));
  });
}

void CpuBackend::forward_backward(const LoadedTransitions& transitions,
                                  std::span<const int64_t> row_splits, ConstRows log_b,
                                  const ForwardBackwardOutput& output) {
  const auto& graph = loaded_here<Graph>(transitions);
  check_forward_backward_arguments(graph.parameters(), row_splits, log_b, output);
  const MatrixView scores = view_of(log_b);
  check_scores(scores);
  const MutableMatrixView posteriors = view_of(output.posteriors);
  const std::size_t arcs = output.arc_counts.size();
  for_each_sequence(
      row_splits, {output.arc_counts}, threads_,
      [&](std::size_t b, std::size_t first, std::size_t count, std::span<double> counts) {
        const double log_likelihood = cpu::forward_backward(
            graph, scores.slice(first, count), slice(posteriors, first, count), counts.first(arcs));
        if (!output.log_likelihood.empty()) {
          output.log_likelihood[b] = log_likelihood;
        }
      });
}

void CpuBackend::viterbi(const LoadedTransitions& transitions, std::span<const int64_t> row_splits,
                         ConstRows log_b, std::span<int32_t> path, std::span<double> score) {
  const auto& graph = loaded_here<Graph>(transitions);
  check_viterbi_arguments(graph.parameters(), row_splits, log_b, path, score);
  const MatrixView scores = view_of(log_b);
  check_scores(scores);
  parallel_for(row_splits.size() - 1, threads_, [&](std::size_t b) {
    const auto first = static_cast<std::size_t>(row_splits[b]);
    const auto count = static_cast<std::size_t>(row_splits[b + 1]) - first;
    score[b] = cpu::viterbi(graph, scores.slice(first, count), path.subspan(first, count));
  });
}

void CpuBackend::hsmm_forward_backward(const LoadedTransitions& transitions,
                                       const LoadedDurations& durations,
                                       std::span<const int64_t> row_splits, ConstRows log_b,
                                       const HsmmOutput& output) {
  const auto& graph = loaded_here<Graph>(transitions);
  const auto& tables = loaded_here<DurationTables>(durations);
  check_hsmm_arguments(graph.parameters(), tables.parameters(), row_splits, log_b, output);
  const MatrixView scores = view_of(log_b);
  check_scores(scores);
  const MutableMatrixView posteriors = view_of(output.posteriors);
  const MutableMatrixView starts = view_of(output.starts);
  const std::size_t arcs = output.arc_counts.size();
  const std::size_t depth = tables.depth();
  // Longest first, as the windows keep them.
  std::vector<double> duration_counts(output.duration_counts.empty() ? 0 : tables.states() * depth);
  for_each_sequence(
      row_splits, {output.arc_counts, duration_counts}, threads_,
      [&](std::size_t b, std::size_t first, std::size_t count, std::span<double> counts) {
        const double log_likelihood = cpu::hsmm_forward_backward(
            graph, tables, scores.slice(first, count),
            {slice(posteriors, first, count), slice(starts, first, count), counts.first(arcs),
             counts.subspan(arcs)});
        if (!output.log_likelihood.empty()) {
          output.log_likelihood[b] = log_likelihood;
        }
      });
  const auto longest = static_cast<std::size_t>(tables.parameters().longest);
  for (std::size_t i = 0; i < output.duration_counts.size(); ++i) {
    output.duration_counts[i] += duration_counts[(i / longest + 1) * depth - 1 - i % longest];
  }
}

void CpuBackend::hsmm_viterbi(const LoadedTransitions& transitions,
                              const LoadedDurations& durations, std::span<const int64_t> row_splits,
                              ConstRows log_b, std::span<int32_t> path, std::span<double> score) {
  const auto& graph = loaded_here<Graph>(transitions);
  const auto& tables = loaded_here<DurationTables>(durations);
  check_viterbi_arguments(graph.parameters(), row_splits, log_b, path, score);
  check_segments(graph.parameters(), tables.parameters());
  const MatrixView scores = view_of(log_b);
  check_scores(scores);
  parallel_for(row_splits.size() - 1, threads_, [&](std::size_t b) {
    const auto first = static_cast<std::size_t>(row_splits[b]);
    const auto count = static_cast<std::size_t>(row_splits[b + 1]) - first;
    score[b] =
        cpu::hsmm_viterbi(graph, tables, scores.slice(first, count), path.subspan(first, count));
  });
}

std::unique_ptr<Stream> CpuBackend::open(std::shared_ptr<const LoadedTransitions> transitions,
                                         std::shared_ptr<const LoadedEmissions> emissions,
                                         const StreamOptions& options) {
  if (!transitions) throw SettingsError("a stream needs transitions");
  loaded_here<Graph>(*transitions);
  if (emissions) loaded_here<Emissions>(*emissions);
  return std::make_unique<OnlineViterbi>(std::static_pointer_cast<const Graph>(transitions),
                                         std::static_pointer_cast<const Emissions>(emissions),
                                         options);
}

std::unique_ptr<Stream> CpuBackend::open(std::shared_ptr<const LoadedTransitions> transitions,
                                         std::shared_ptr<const LoadedDurations> durations,
                                         std::shared_ptr<const LoadedEmissions> emissions,
                                         const StreamOptions& options) {
  if (!transitions || !durations) throw SettingsError("a stream needs transitions and durations");
  check_segments(loaded_here<Graph>(*transitions).parameters(),
                 loaded_here<DurationTables>(*durations).parameters());
  if (emissions) loaded_here<Emissions>(*emissions);
  return std::make_unique<OnlineSegments>(std::static_pointer_cast<const Graph>(transitions),
                                          std::static_pointer_cast<const DurationTables>(durations),
                                          std::static_pointer_cast<const Emissions>(emissions),
                                          options);
}

void CpuBackend::advance(std::span<const StreamInput> inputs,
                         std::span<std::vector<Commit>> commits) {
  if (commits.size() != inputs.size()) {
    throw SettingsError("every stream needs a place for its commits");
  }
  for (const StreamInput& input : inputs) {
    if (dynamic_cast<RunningStream*>(input.stream) == nullptr) {
      throw SettingsError("a stream of another backend was given to the CPU");
    }
  }
  parallel_for(inputs.size(), threads_, [&](std::size_t i) {
    auto* stream = static_cast<RunningStream*>(inputs[i].stream);
    stream->advance(inputs[i].frames, inputs[i].last, commits[i]);
  });
}

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(int threads) {
  return std::make_unique<CpuBackend>(threads);
}

Backend& cpu_backend() {
  static CpuBackend backend(1);
  return backend;
}

}  // namespace hmm::compute
