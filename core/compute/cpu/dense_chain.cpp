#include "core/compute/cpu/dense_chain.h"

#include <algorithm>
#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/cpu/dense_kernels.h"
#include "core/compute/cpu/vector_math.h"

namespace hmm::compute::cpu {
namespace {

constexpr std::size_t kBlock = 256;  // frames whose pairs of states are summed in float32

/// Rows of one sequence, padded to whole vectors.
struct Scratch {
  std::vector<float> emissions;  // [T x stride]
  std::vector<float> alpha;      // [T x stride], then posteriors
  std::vector<float> shifts;     // [T]
  std::vector<float> sums;       // [T]
};

// The first frame in logs: an initial state may be far from the frame's best.
double start(const Graph& graph, MatrixView log_b, Scratch& scratch) {
  const std::size_t states = graph.states();
  float* alpha = scratch.alpha.data();
  for (std::size_t n = 0; n < states; ++n) {
    alpha[n] =
        graph.parameters().log_initial[n] + log_b(0, static_cast<std::size_t>(graph.columns()[n]));
  }
  const float shift = max_of(alpha, states);
  if (shift != kLogZero<float>) exp_shifted(alpha, shift, alpha, states);
  std::fill(alpha + states, alpha + graph.incoming().stride, 0.0F);
  return shift;
}

// The log-likelihood: what the frames were divided by, and what is left at the end.
double forward(const Graph& graph, MatrixView log_b, Scratch& scratch) {
  const std::size_t stride = graph.incoming().stride;
  scale_emissions(log_b.data, log_b.stride, graph.columns().data(), graph.states(), stride,
                  log_b.rows, scratch.emissions.data(), scratch.shifts.data());
  double total = start(graph, log_b, scratch);
  for (std::size_t t = 1; t < log_b.rows; ++t) total += scratch.shifts[t];
  if (total == kLogZero<double>) return total;
  scaled_forward(graph.incoming().matrix.data(), graph.states(), stride, log_b.rows,
                 scratch.emissions.data(), scratch.alpha.data(), scratch.sums.data());
  log_in_place(scratch.sums.data(), log_b.rows - 1);
  for (std::size_t t = 0; t + 1 < log_b.rows; ++t) total += scratch.sums[t];
  double last = 0;
  for (std::size_t n = 0; n < graph.states(); ++n) {
    last += scratch.alpha[(log_b.rows - 1) * stride + n] *
            std::exp(static_cast<double>(graph.parameters().log_final[n]));
  }
  return total + std::log(last);
}

void add_pairs(const ArcLists& incoming, const Transitions& transitions,
               const std::vector<float>& pairs, std::span<double> arc_counts) {
  for (std::size_t a = 0; a < arc_counts.size(); ++a) {
    const auto& arc = transitions.arcs[a];
    const std::size_t place = static_cast<std::size_t>(arc.source) * incoming.stride +
                              static_cast<std::size_t>(arc.target);
    arc_counts[a] += static_cast<double>(pairs[place]) * incoming.double_matrix[place];
  }
}

void backward(const Graph& graph, std::size_t frames, Scratch& scratch,
              std::span<double> arc_counts) {
  const std::size_t stride = graph.incoming().stride;
  std::vector<float> beta(stride);
  for (std::size_t n = 0; n < graph.states(); ++n) {
    beta[n] = std::exp(graph.parameters().log_final[n]);
  }
  std::vector<float> pairs;
  for (std::size_t end = frames; end > 0;) {
    const std::size_t first = (end - 1) / kBlock * kBlock;
    if (!arc_counts.empty()) pairs.assign(graph.states() * stride, 0.0F);
    scaled_backward(graph.outgoing().matrix.data(), graph.states(), stride, end - first, first > 0,
                    &scratch.emissions[first * stride], beta.data(), &scratch.alpha[first * stride],
                    arc_counts.empty() ? nullptr : pairs.data());
    if (!arc_counts.empty()) add_pairs(graph.incoming(), graph.parameters(), pairs, arc_counts);
    end = first;
  }
}

}  // namespace

double dense_forward_backward(const Graph& graph, MatrixView log_b, MutableMatrixView posteriors,
                              std::span<double> arc_counts) {
  const std::size_t stride = graph.incoming().stride;
  thread_local Scratch scratch;  // large: a sequence after another uses the same
  scratch.emissions.resize(log_b.rows * stride);
  scratch.alpha.resize(log_b.rows * stride);
  scratch.shifts.resize(log_b.rows);
  scratch.sums.resize(log_b.rows);
  const double total = forward(graph, log_b, scratch);
  const bool possible = total != kLogZero<double>;
  if (possible && (posteriors.data != nullptr || !arc_counts.empty())) {
    backward(graph, log_b.rows, scratch, arc_counts);
  }
  for (std::size_t t = 0; posteriors.data != nullptr && t < log_b.rows; ++t) {
    if (possible) {
      std::copy_n(&scratch.alpha[t * stride], graph.states(), posteriors.row(t).data());
    } else {
      std::ranges::fill(posteriors.row(t), 0.0F);
    }
  }
  return total;
}

}  // namespace hmm::compute::cpu
