// Times the table of cases that the tests run: each timed case on the CPU backend, one core.
#include <benchmark/benchmark.h>

#include "core/compute/backend.h"
#include "tests/core/compute/cases.h"

namespace hmm::compute::testing {
namespace {

const char* const kOperations[] = {"score_gaussian", "score_tied", "forward_backward",
                                   "viterbi",        "stream",     "hsmm_forward_backward",
                                   "hsmm_viterbi"};

void run_case(benchmark::State& state, const Case& c) {
  const Problem problem = make_problem(c);
  Runner runner(cpu_backend(), c, problem);
  for (auto _ : state) benchmark::DoNotOptimize(runner.run());
  const double frames = static_cast<double>(problem.frames.rows());
  state.counters["per_frame"] = benchmark::Counter(
      frames, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// One call of an operation with only the log-likelihoods wanted: the forward recursion alone.
void run_forward(benchmark::State& state, const Case& c) {
  const Problem problem = make_problem(c);
  Backend& backend = cpu_backend();
  const auto transitions = backend.load(problem.transitions);
  const auto durations = problem.durations.states > 0 ? backend.load(problem.durations) : nullptr;
  std::vector<double> log_likelihood(problem.sequences());
  for (auto _ : state) {
    if (durations) {
      backend.hsmm_forward_backward(*transitions, *durations, problem.row_splits, problem.rows(),
                                    {log_likelihood, {}, {}, {}, {}});
    } else {
      backend.forward_backward(*transitions, problem.row_splits, problem.rows(),
                               {log_likelihood, {}, {}});
    }
  }
  const double frames = static_cast<double>(problem.frames.rows());
  state.counters["per_frame"] = benchmark::Counter(
      frames, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace
}  // namespace hmm::compute::testing

int main(int argc, char** argv) {
  using namespace hmm::compute::testing;
  for (const Case& c : cases()) {
    if (!c.timed) continue;
    const std::string operation = kOperations[static_cast<int>(c.operation)];
    benchmark::RegisterBenchmark((operation + "/" + c.name).c_str(), run_case, c);
    if (c.operation == Operation::kForwardBackward ||
        c.operation == Operation::kHsmmForwardBackward) {
      benchmark::RegisterBenchmark((operation + "/" + c.name + "/forward").c_str(), run_forward, c);
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("backend", hmm::compute::cpu_backend().name());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
