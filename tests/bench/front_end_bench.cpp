// Time per frame of each preset on one core: see "ns/frame" in the output.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/frontend/front_end.h"

namespace {

/// Ten seconds of a gliding tone in noise: the work does not depend on what is heard.
std::vector<int16_t> make_samples(int sample_rate) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 500);
  std::vector<int16_t> samples(static_cast<std::size_t>(sample_rate) * 10);
  double phase = 0;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    phase += 0.05 + 0.02 * std::sin(static_cast<double>(n) / 4000);
    samples[n] = static_cast<int16_t>(8000 * std::sin(phase) + noise(random));
  }
  return samples;
}

void measure(benchmark::State& state, const std::string& preset) {
  const hmm::FrontEndConfig config = hmm::preset(preset, static_cast<int>(state.range(0)));
  const std::vector<int16_t> samples = make_samples(config.sample_rate);
  hmm::FrontEnd front_end(config);
  hmm::Matrix frames(1, static_cast<std::size_t>(config.dimension()));
  const auto hop = static_cast<std::size_t>(config.hop_samples);
  for (auto _ : state)
    for (std::size_t n = 0; n + hop <= samples.size(); n += hop) {
      front_end.push(std::span(samples).subspan(n, hop));
      while (front_end.take(frames.view()) > 0) benchmark::DoNotOptimize(frames.data());
    }
  state.counters["ns/frame"] =
      benchmark::Counter(static_cast<double>(front_end.frames_taken()) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

int main(int argc, char** argv) {
  for (const std::string_view name : hmm::preset_names())
    benchmark::RegisterBenchmark(
        ("front_end/" + std::string(name)).c_str(),
        [name = std::string(name)](benchmark::State& state) { measure(state, name); })
        ->Arg(16000)
        ->Arg(48000);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
