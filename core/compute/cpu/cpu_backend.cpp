#include "core/compute/cpu/cpu_backend.h"

#include <algorithm>
#include <functional>
#include <string>

#include "core/base/error.h"
#include "core/compute/arguments.h"
#include "core/compute/cpu/emissions.h"
#include "core/compute/cpu/graph.h"
#include "core/compute/cpu/online_viterbi.h"
#include "core/compute/cpu/parallel.h"
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
  for (std::size_t t = 0; t < log_b.rows; ++t) {
    if (!all_below_infinity(log_b.row(t).data(), log_b.columns)) {
      throw DataError("the emission scores of frame " + std::to_string(t) +
                      " hold a value that is neither a number nor -inf");
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

  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions> transitions,
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
  const std::size_t sequences = row_splits.size() - 1;
  // The counts of a few sequences at a time, each in its own row, then added in their order: sums
  // do not depend on the number of threads.
  const std::size_t wave = static_cast<std::size_t>(threads_);
  BasicMatrix<double> arc_counts(std::min(wave, sequences), output.arc_counts.size());
  for (std::size_t start = 0; start < sequences; start += wave) {
    const std::size_t together = std::min(wave, sequences - start);
    std::fill_n(arc_counts.data(), arc_counts.rows() * arc_counts.columns(), 0.0);
    parallel_for(together, threads_, [&](std::size_t i) {
      const auto first = static_cast<std::size_t>(row_splits[start + i]);
      const auto count = static_cast<std::size_t>(row_splits[start + i + 1]) - first;
      const double log_likelihood = cpu::forward_backward(
          graph, scores.slice(first, count),
          posteriors.data == nullptr ? posteriors : posteriors.slice(first, count),
          arc_counts.row(i));
      if (!output.log_likelihood.empty()) output.log_likelihood[start + i] = log_likelihood;
    });
    for (std::size_t i = 0; i < together; ++i) {
      std::ranges::transform(output.arc_counts, arc_counts.row(i), output.arc_counts.begin(),
                             std::plus<>());
    }
  }
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

void CpuBackend::advance(std::span<const StreamInput> inputs,
                         std::span<std::vector<Commit>> commits) {
  if (commits.size() != inputs.size()) {
    throw SettingsError("every stream needs a place for its commits");
  }
  for (const StreamInput& input : inputs) {
    if (dynamic_cast<OnlineViterbi*>(input.stream) == nullptr) {
      throw SettingsError("a stream of another backend was given to the CPU");
    }
  }
  parallel_for(inputs.size(), threads_, [&](std::size_t i) {
    auto* stream = static_cast<OnlineViterbi*>(inputs[i].stream);
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
