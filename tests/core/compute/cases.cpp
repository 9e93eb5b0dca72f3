#include "tests/core/compute/cases.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/base/log_math.h"

namespace hmm::compute::testing {
namespace {

// Numbers that do not depend on the standard library's distributions.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 2654435761u + 88172645463325252u) {}

  float uniform() {  // in (0, 1)
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return (static_cast<float>(state_ >> 41) + 0.5F) / 8388608.0F;
  }
  float normal() {
    float sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }
  int below(int limit) {
    return std::min(limit - 1, static_cast<int>(uniform() * static_cast<float>(limit)));
  }

 private:
  uint64_t state_;
};

std::vector<float> normals(Random& random, std::size_t count, float spread) {
  std::vector<float> values(count);
  for (float& value : values) value = spread * random.normal();
  return values;
}

std::vector<float> variances(Random& random, std::size_t count) {
  std::vector<float> values(count);
  for (float& value : values) value = 0.3F + 2 * random.uniform();
  return values;
}

// Rows that sum to 1; about one weight in eight is 0, but never the first of a row.
std::vector<float> weights(Random& random, std::size_t rows, std::size_t width) {
  std::vector<float> values(rows * width);
  for (std::size_t r = 0; r < rows; ++r) {
    float sum = 0;
    for (std::size_t k = 0; k < width; ++k) {
      const float weight = k > 0 && random.below(8) == 0 ? 0 : random.uniform();
      values[r * width + k] = weight;
      sum += weight;
    }
    for (std::size_t k = 0; k < width; ++k) values[r * width + k] /= sum;
  }
  return values;
}

std::size_t size(int value) { return static_cast<std::size_t>(value); }

GaussianMixtures make_gaussian(const Case& c, Random& random) {
  GaussianMixtures m{c.states, c.components, c.dimension, {}, {}, {}};
  const std::size_t densities = size(c.states) * size(c.components);
  m.means = normals(random, densities * size(c.dimension), 1);
  m.variances = variances(random, densities * size(c.dimension));
  m.log_weights = weights(random, size(c.states), size(c.components));
  for (float& weight : m.log_weights) weight = std::log(weight);
  return m;
}

TiedMixtures make_tied(const Case& c, Random& random) {
  TiedMixtures m;
  m.codebooks = c.codebooks;
  m.densities = c.components;
  m.stream_dimensions.assign(size(c.feature_streams), c.dimension / c.feature_streams);
  const std::size_t values = size(c.codebooks) * size(c.components) * size(m.dimension());
  m.means = normals(random, values, 1);
  m.variances = variances(random, values);
  m.weights = weights(random, size(c.states) * size(c.feature_streams), size(c.components));
  for (int n = 0; n < c.states; ++n) m.codebook_of.push_back(random.below(c.codebooks));
  return m;
}

}  // namespace

Transitions make_transitions(Chain chain, int states, uint32_t seed) {
  Random random(seed);
  std::map<std::pair<int, int>, float> weight;  // by target, then source
  const auto connect = [&](int source, int target) {
    weight[{target, source}] = 0.05F + random.uniform();
  };
  const bool one_way = chain == Chain::kLeftToRight || chain == Chain::kSkip;
  for (int n = 0; n < states; ++n) {
    switch (chain) {
      case Chain::kErgodic:
        for (int m = 0; m < states; ++m) connect(n, m);
        break;
      case Chain::kSkip:
        if (n + 2 < states) connect(n, n + 2);
        [[fallthrough]];
      case Chain::kLeftToRight:
        if (n + 1 < states) connect(n, n + 1);
        connect(n, n);
        break;
      case Chain::kPhoneLoop:
        connect(n, n);
        if (n % 3 < 2 && n + 1 < states) {
          connect(n, n + 1);
        } else {
          for (int m = 0; m < states; m += 3) connect(n, m);
        }
        break;
      case Chain::kSparse:
        connect(n, (n + 1) % states);
        for (int i = 0; i < 3; ++i) connect(n, random.below(states));
        break;
    }
  }
  std::vector<float> sums(size(states), 0);
  for (const auto& [ends, value] : weight) sums[size(ends.second)] += value;
  Transitions transitions;
  transitions.states = states;
  for (const auto& [ends, value] : weight) {
    transitions.arcs.push_back(
        {ends.second, ends.first, std::log(value / sums[size(ends.second)])});
  }
  transitions.log_initial.assign(size(states),
                                 one_way ? kLogZero<float> : -std::log(static_cast<float>(states)));
  transitions.log_final.assign(size(states), one_way ? kLogZero<float> : 0.0F);
  if (one_way) transitions.log_initial.front() = transitions.log_final.back() = 0;
  return transitions;
}

Transitions make_segment_transitions(Chain chain, int states, uint32_t seed) {
  Transitions transitions = make_transitions(chain, states, seed);
  std::erase_if(transitions.arcs, [](const auto& arc) { return arc.source == arc.target; });
  return transitions;
}

Durations make_durations(int states, int longest, int shortest, uint32_t seed) {
  Random random(seed);
  Durations durations{states, longest, {}, false};
  for (int n = 0; n < states; ++n) {
    std::vector<float> pmf(size(longest));
    float sum = 0;
    for (int d = 1; d <= longest; ++d) {
      const bool possible = d >= (n % 2 == 1 ? shortest : 1) && random.below(4) > 0;
      if (possible || d == longest) pmf[size(d - 1)] = random.uniform();
      sum += pmf[size(d - 1)];
    }
    for (const float p : pmf) durations.log_pmf.push_back(std::log(p / sum));
  }
  return durations;
}

Problem make_problem(const Case& c) {
  Random random(std::hash<int>()(c.states) + 31 * c.lengths.size() + size(c.dimension));
  Problem problem;
  problem.row_splits = {0};
  for (const int length : c.lengths) {
    problem.row_splits.push_back(problem.row_splits.back() + length);
  }
  const auto frames = static_cast<std::size_t>(problem.row_splits.back());
  if (c.operation == Operation::kScoreGaussian) problem.gaussian = make_gaussian(c, random);
  if (c.operation == Operation::kScoreTied) problem.tied = make_tied(c, random);
  if (c.operation == Operation::kScoreGaussian || c.operation == Operation::kScoreTied) {
    problem.frames = Matrix(frames, size(c.dimension));
    for (int n = 0; c.active_every > 0 && n < c.states; n += c.active_every) {
      problem.active.push_back(c.states - 1 - n);
    }
  } else {
    const bool segments =
        c.operation == Operation::kHsmmForwardBackward || c.operation == Operation::kHsmmViterbi;
    problem.transitions = segments ? make_segment_transitions(c.chain, c.states, 7)
                                   : make_transitions(c.chain, c.states, 7);
    if (segments) {
      problem.durations = make_durations(c.states, c.longest, c.shortest, 11);
      problem.durations.last_unfinished = c.unfinished;
    }
    for (int n = 0; c.tied_to > 0 && n < c.states; ++n) {
      problem.transitions.emission_of.push_back(n % c.tied_to);
    }
    problem.frames = Matrix(frames, size(problem.transitions.emissions()));
  }
  const bool scores = problem.transitions.states > 0;
  float* value = problem.frames.data();
  for (std::size_t i = 0; i < frames * problem.frames.columns(); ++i) {
    value[i] = scores ? -60 + c.spread * random.normal() : 1.5F * random.normal();
    if (c.impossible > 0 && random.uniform() < c.impossible) value[i] = kLogZero<float>;
  }
  return problem;
}

Runner::Runner(Backend& backend, const Case& c, const Problem& problem)
    : backend_(backend), case_(c), problem_(problem) {
  if (problem.gaussian.states > 0) emissions_ = backend.load(problem.gaussian);
  if (problem.tied.codebooks > 0) emissions_ = backend.load(problem.tied);
  if (problem.transitions.states > 0) transitions_ = backend.load(problem.transitions);
  if (problem.durations.states > 0) durations_ = backend.load(problem.durations);
}

Result Runner::run() {
  Result result;
  switch (case_.operation) {
    case Operation::kScoreGaussian:
    case Operation::kScoreTied:
      run_scores(result);
      break;
    case Operation::kForwardBackward:
    case Operation::kHsmmForwardBackward:
      run_sums(result);
      break;
    case Operation::kViterbi:
    case Operation::kHsmmViterbi:
      run_paths(result);
      break;
    case Operation::kStream:
      run_streams(result);
      break;
  }
  return result;
}

void Runner::run_scores(Result& result) {
  const std::size_t frames = problem_.frames.rows();
  result.values =
      Matrix(frames, problem_.active.empty() ? size(case_.states) : problem_.active.size());
  backend_.score(*emissions_, problem_.rows(), problem_.active,
                 {result.values.data(), frames, result.values.columns()});
}

void Runner::run_sums(Result& result) {
  const std::size_t frames = problem_.frames.rows();
  const auto rows_of = [&](Matrix& matrix) {
    matrix = Matrix(frames, size(case_.states));
    return Rows{matrix.data(), frames, matrix.columns(), Place::kHost};
  };
  result.log_likelihood.resize(problem_.sequences());
  result.arc_counts.resize(problem_.transitions.arcs.size());
  const Rows posteriors = rows_of(result.values);
  if (!durations_) {
    backend_.forward_backward(*transitions_, problem_.row_splits, problem_.rows(),
                              {result.log_likelihood, posteriors, result.arc_counts});
    return;
  }
  result.duration_counts.resize(problem_.durations.log_pmf.size());
  backend_.hsmm_forward_backward(*transitions_, *durations_, problem_.row_splits, problem_.rows(),
                                 {result.log_likelihood, posteriors, rows_of(result.starts),
                                  result.arc_counts, result.duration_counts});
}

void Runner::run_paths(Result& result) {
  result.path.resize(problem_.frames.rows());
  result.log_likelihood.resize(problem_.sequences());
  if (durations_) {
    backend_.hsmm_viterbi(*transitions_, *durations_, problem_.row_splits, problem_.rows(),
                          result.path, result.log_likelihood);
  } else {
    backend_.viterbi(*transitions_, problem_.row_splits, problem_.rows(), result.path,
                     result.log_likelihood);
  }
}

void Runner::run_streams(Result& result) {
  result.commits.resize(problem_.sequences());
  std::vector<std::unique_ptr<Stream>> streams;
  std::vector<StreamInput> inputs;
  for (std::size_t b = 0; b < problem_.sequences(); ++b) {
    streams.push_back(backend_.open(transitions_, nullptr, case_.stream));
    const auto first = static_cast<std::size_t>(problem_.row_splits[b]);
    const auto count = static_cast<std::size_t>(problem_.row_splits[b + 1]) - first;
    inputs.push_back({streams.back().get(), problem_.frames.view().slice(first, count), true});
  }
  backend_.advance(inputs, result.commits);
}

double score_of_path(const Transitions& transitions, MatrixView log_b,
                     std::span<const int32_t> path) {
  if (path.empty()) return 0;
  if (std::ranges::find(path, -1) != path.end()) return kLogZero<double>;
  std::map<std::pair<int, int>, double> arcs;
  for (const auto& arc : transitions.arcs) arcs[{arc.source, arc.target}] = arc.log_probability;
  double score = transitions.log_initial[size(path.front())];
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (t > 0) {
      const auto arc = arcs.find({path[t - 1], path[t]});
      score += arc == arcs.end() ? kLogZero<double> : arc->second;
    }
    score +=
        log_b(t, transitions.emission_of.empty() ? size(path[t])
                                                 : size(transitions.emission_of[size(path[t])]));
  }
  return score + transitions.log_final[size(path.back())];
}

double score_of_segments(const Transitions& transitions, const Durations& durations,
                         MatrixView log_b, std::span<const int32_t> path) {
  if (path.empty()) return 0;
  if (std::ranges::find(path, -1) != path.end()) return kLogZero<double>;
  std::map<std::pair<int, int>, double> arcs;
  for (const auto& arc : transitions.arcs) arcs[{arc.source, arc.target}] = arc.log_probability;
  double score =
      transitions.log_initial[size(path.front())] + transitions.log_final[size(path.back())];
  for (std::size_t first = 0, last = 0; first < path.size(); first = last) {
    for (; last < path.size() && path[last] == path[first]; ++last) {
      score += log_b(last, transitions.emission_of.empty()
                               ? size(path[last])
                               : size(transitions.emission_of[size(path[last])]));
    }
    if (first > 0) {
      const auto arc = arcs.find({path[first - 1], path[first]});
      score += arc == arcs.end() ? kLogZero<double> : arc->second;
    }
    double duration = kLogZero<double>;
    const bool cut = last == path.size() && durations.last_unfinished;
    for (std::size_t d = last - first; d <= size(durations.longest); ++d) {
      duration = log_add<double>(
          duration, durations.log_pmf[size(path[first]) * size(durations.longest) + d - 1]);
      if (!cut) break;
    }
    score += duration;
  }
  return score;
}

const std::vector<Case>& cases() {
  using enum Operation;
  using enum Chain;
  static const std::vector<Case> table = {
      // Scores of Gaussian mixtures.
      {.name = "one_of_all", .operation = kScoreGaussian, .lengths = {3}},
      {.name = "no_frames", .operation = kScoreGaussian, .lengths = {0}, .states = 3},
      {.name = "odd_sizes",
       .operation = kScoreGaussian,
       .lengths = {37},
       .states = 21,
       .components = 3,
       .dimension = 13},
      {.name = "some_active",
       .operation = kScoreGaussian,
       .lengths = {9},
       .states = 70,
       .components = 5,
       .dimension = 7,
       .active_every = 9},
      {.name = "gmm_12x4x80",
       .operation = kScoreGaussian,
       .lengths = {1000},
       .states = 12,
       .components = 4,
       .dimension = 80,
       .timed = true},
      {.name = "gmm_256x8x39",
       .operation = kScoreGaussian,
       .lengths = {64},
       .states = 256,
       .components = 8,
       .dimension = 39,
       .timed = true},
      // Scores of tied mixtures.
      {.name = "one_of_all", .operation = kScoreTied, .lengths = {3}},
      {.name = "odd_sizes",
       .operation = kScoreTied,
       .lengths = {37},
       .states = 50,
       .components = 19,
       .dimension = 15,
       .codebooks = 4,
       .feature_streams = 3},
      {.name = "some_active",
       .operation = kScoreTied,
       .lengths = {11},
       .states = 90,
       .components = 32,
       .dimension = 12,
       .codebooks = 7,
       .feature_streams = 1,
       .active_every = 11},
      {.name = "ptm_630x42x3x128",
       .operation = kScoreTied,
       .lengths = {32},
       .states = 630,
       .components = 128,
       .dimension = 39,
       .codebooks = 42,
       .feature_streams = 3,
       .timed = true},
      // Forward-backward.
      {.name = "one_state", .operation = kForwardBackward, .lengths = {4, 0, 1}},
      {.name = "ragged", .operation = kForwardBackward, .lengths = {17, 0, 1, 2, 40}, .states = 5},
      {.name = "sharp", .operation = kForwardBackward, .lengths = {60}, .states = 9, .spread = 60},
      {.name = "holes",
       .operation = kForwardBackward,
       .lengths = {30, 30, 30},
       .states = 7,
       .chain = kSparse,
       .spread = 20,
       .impossible = 0.3F},
      {.name = "forced_end",
       .operation = kForwardBackward,
       .lengths = {120},
       .states = 40,
       .chain = kLeftToRight,
       .spread = 60},
      {.name = "too_short",
       .operation = kForwardBackward,
       .lengths = {10, 80},
       .states = 40,
       .chain = kLeftToRight},
      {.name = "skips",
       .operation = kForwardBackward,
       .lengths = {50},
       .states = 30,
       .chain = kSkip,
       .spread = 30},
      {.name = "tied",
       .operation = kForwardBackward,
       .lengths = {50},
       .states = 30,
       .chain = kPhoneLoop,
       .spread = 10,
       .tied_to = 11},
      {.name = "sparse_5000",
       .operation = kForwardBackward,
       .lengths = {8},
       .states = 5000,
       .chain = kSparse,
       .spread = 10},
      {.name = "ergodic_5",
       .operation = kForwardBackward,
       .lengths = {500},
       .states = 5,
       .timed = true},
      {.name = "ergodic_12",
       .operation = kForwardBackward,
       .lengths = std::vector<int>(32, 1000),
       .states = 12,
       .timed = true},
      {.name = "ergodic_32",
       .operation = kForwardBackward,
       .lengths = {1000},
       .states = 32,
       .timed = true},
      {.name = "left_to_right_12",
       .operation = kForwardBackward,
       .lengths = {1000},
       .states = 12,
       .chain = kLeftToRight,
       .spread = 10,
       .timed = true},
      {.name = "phone_loop_126",
       .operation = kForwardBackward,
       .lengths = {200},
       .states = 126,
       .chain = kPhoneLoop,
       .spread = 10,
       .timed = true},
      // Viterbi.
      {.name = "one_state", .operation = kViterbi, .lengths = {4, 0, 1}},
      {.name = "ragged", .operation = kViterbi, .lengths = {17, 0, 1, 2, 40}, .states = 5},
      {.name = "holes",
       .operation = kViterbi,
       .lengths = {30, 30, 30},
       .states = 7,
       .chain = kSparse,
       .spread = 20,
       .impossible = 0.3F},
      {.name = "forced_end",
       .operation = kViterbi,
       .lengths = {120},
       .states = 40,
       .chain = kLeftToRight,
       .spread = 60},
      {.name = "too_short",
       .operation = kViterbi,
       .lengths = {10, 80},
       .states = 40,
       .chain = kLeftToRight},
      {.name = "sparse_5000",
       .operation = kViterbi,
       .lengths = {8},
       .states = 5000,
       .chain = kSparse,
       .spread = 10},
      {.name = "ergodic_5", .operation = kViterbi, .lengths = {500}, .states = 5, .timed = true},
      {.name = "ergodic_12",
       .operation = kViterbi,
       .lengths = std::vector<int>(32, 1000),
       .states = 12,
       .timed = true},
      {.name = "ergodic_32", .operation = kViterbi, .lengths = {1000}, .states = 32, .timed = true},
      {.name = "left_to_right_12",
       .operation = kViterbi,
       .lengths = {1000},
       .states = 12,
       .chain = kLeftToRight,
       .spread = 10,
       .timed = true},
      {.name = "phone_loop_126",
       .operation = kViterbi,
       .lengths = {200},
       .states = 126,
       .chain = kPhoneLoop,
       .spread = 10,
       .timed = true},
      // Streams.
      {.name = "unlimited", .operation = kStream, .lengths = {100, 0, 1, 33}, .states = 6},
      {.name = "every_frame",
       .operation = kStream,
       .lengths = {60},
       .states = 6,
       .stream = {.decision_interval = 1}},
      {.name = "short_lag",
       .operation = kStream,
       .lengths = {90, 7},
       .states = 9,
       .chain = kSparse,
       .spread = 1,
       .stream = {.lag = 5, .decision_interval = 5}},
      {.name = "lag_1",
       .operation = kStream,
       .lengths = {50},
       .states = 6,
       .spread = 1,
       .stream = {.lag = 1, .decision_interval = 1}},
      {.name = "lag_of_phones",
       .operation = kStream,
       .lengths = {100},
       .states = 30,
       .chain = kPhoneLoop,
       .spread = 2,
       .stream = {.lag = 12, .decision_interval = 4, .posterior_scale = 0.3F}},
      {.name = "labels",
       .operation = kStream,
       .lengths = {40},
       .states = 6,
       .tied_to = 3,
       .stream = {.lag = 10, .posterior_scale = 0.5F, .label_of = {0, 0, 1, 1, 2, 2}}},
      {.name = "left_to_right",
       .operation = kStream,
       .lengths = {80},
       .states = 20,
       .chain = kLeftToRight,
       .spread = 10,
       .stream = {.lag = 0}},
      {.name = "phone_loop_126",
       .operation = kStream,
       .lengths = {100},
       .states = 126,
       .chain = kPhoneLoop,
       .spread = 10,
       .stream = {.lag = 30},
       .timed = true},
      // Semi-Markov sums.
      {.name = "one_state", .operation = kHsmmForwardBackward, .lengths = {3, 0, 1}, .longest = 3},
      {.name = "ragged",
       .operation = kHsmmForwardBackward,
       .lengths = {30, 0, 1, 2, 50},
       .states = 5,
       .longest = 9,
       .shortest = 3},
      {.name = "unfinished",
       .operation = kHsmmForwardBackward,
       .lengths = {30, 1, 4},
       .states = 5,
       .longest = 9,
       .shortest = 3,
       .unfinished = true},
      {.name = "sharp",
       .operation = kHsmmForwardBackward,
       .lengths = {80},
       .states = 8,
       .spread = 80,
       .longest = 30,
       .shortest = 20},
      {.name = "holes",
       .operation = kHsmmForwardBackward,
       .lengths = {40, 40},
       .states = 7,
       .chain = kSparse,
       .spread = 20,
       .impossible = 0.1F,
       .longest = 6},
      {.name = "forced_end",
       .operation = kHsmmForwardBackward,
       .lengths = {300},
       .states = 20,
       .chain = kLeftToRight,
       .spread = 60,
       .longest = 30},
      {.name = "tied",
       .operation = kHsmmForwardBackward,
       .lengths = {50},
       .states = 12,
       .spread = 10,
       .tied_to = 5,
       .longest = 70,
       .unfinished = true},
      {.name = "ergodic_12x50",
       .operation = kHsmmForwardBackward,
       .lengths = {1000},
       .states = 12,
       .longest = 50,
       .timed = true},
      // Semi-Markov paths.
      {.name = "one_state", .operation = kHsmmViterbi, .lengths = {3, 0, 1}, .longest = 3},
      {.name = "ragged",
       .operation = kHsmmViterbi,
       .lengths = {30, 0, 1, 2, 50},
       .states = 5,
       .longest = 9,
       .shortest = 3},
      {.name = "unfinished",
       .operation = kHsmmViterbi,
       .lengths = {30, 1, 4},
       .states = 5,
       .longest = 9,
       .shortest = 3,
       .unfinished = true},
      {.name = "holes",
       .operation = kHsmmViterbi,
       .lengths = {40, 40},
       .states = 7,
       .chain = kSparse,
       .spread = 20,
       .impossible = 0.1F,
       .longest = 6},
      {.name = "forced_end",
       .operation = kHsmmViterbi,
       .lengths = {300},
       .states = 20,
       .chain = kLeftToRight,
       .spread = 60,
       .longest = 30},
      {.name = "ergodic_12x50",
       .operation = kHsmmViterbi,
       .lengths = {1000},
       .states = 12,
       .longest = 50,
       .timed = true},
  };
  return table;
}

}  // namespace hmm::compute::testing
