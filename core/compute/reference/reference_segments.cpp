#include <algorithm>
#include <cmath>

#include "core/base/log_math.h"
#include "core/compute/reference/reference_recursions.h"

namespace hmm::compute::reference {
namespace {

constexpr double kImpossible = kLogZero<double>;

std::size_t index(int64_t i) { return static_cast<std::size_t>(i); }

/// A segment of `state` over the frames [begin, end), `duration` being what it lasts in all: longer
/// than its frames when the sequence ends first.
struct Segment {
  std::size_t state;
  std::size_t begin;
  std::size_t end;
  std::size_t duration;
  double log_probability;  // duration and emissions
};

// Calls visit(segment) for every segment that fits, by begin.
template <class Visit>
void for_each_segment(const Durations& durations, const Matrix& log_b, const Visit& visit) {
  const std::size_t longest = index(durations.longest);
  for (std::size_t begin = 0; begin < log_b.rows(); ++begin) {
    for (std::size_t n = 0; n < log_b.columns(); ++n) {
      double emissions = 0;
      for (std::size_t d = 1; d <= longest; ++d) {
        const bool cut = begin + d > log_b.rows();
        if (cut && !durations.last_unfinished) break;
        if (!cut) emissions += log_b(begin + d - 1, n);
        const double log_pmf = durations.log_pmf[n * longest + d - 1];
        visit(Segment{n, begin, cut ? log_b.rows() : begin + d, d, log_pmf + emissions});
      }
    }
  }
}

}  // namespace

SegmentSums hsmm_forward_backward(const Transitions& transitions, const Durations& durations,
                                  const Matrix& log_b) {
  const std::size_t frames = log_b.rows();
  const std::size_t states = log_b.columns();
  std::vector<Segment> segments;
  for_each_segment(durations, log_b, [&](const Segment& s) { segments.push_back(s); });

  // entry(t) and end(t): of segments that begin at t, that end before t.
  Matrix entry(frames + 1, states, kImpossible);
  Matrix end(frames + 1, states, kImpossible);
  std::copy(transitions.log_initial.begin(), transitions.log_initial.end(), entry.row(0).begin());
  auto segment = segments.begin();
  for (std::size_t t = 0; t < frames; ++t) {
    for (const auto& arc : transitions.arcs) {
      double& sum = entry(t, index(arc.target));
      if (t > 0) sum = log_add(sum, end(t, index(arc.source)) + arc.log_probability);
    }
    for (; segment != segments.end() && segment->begin == t; ++segment) {
      double& sum = end(segment->end, segment->state);
      sum = log_add(sum, entry(t, segment->state) + segment->log_probability);
    }
  }
  // after(t): of the frames from t given that a segment ended before t; begin(t): that one begins.
  Matrix after(frames + 1, states, kImpossible);
  Matrix begin(frames + 1, states, kImpossible);
  for (std::size_t n = 0; n < states; ++n) after(frames, n) = transitions.log_final[n];
  for (std::size_t t = frames, i = segments.size(); t-- > 0;) {
    for (; i > 0 && segments[i - 1].begin == t; --i) {
      const Segment& s = segments[i - 1];
      double& sum = begin(t, s.state);
      sum = log_add(sum, s.log_probability + after(s.end, s.state));
    }
    for (const auto& arc : transitions.arcs) {
      double& sum = after(t, index(arc.source));
      if (t > 0) sum = log_add(sum, arc.log_probability + begin(t, index(arc.target)));
    }
  }

  SegmentSums sums;
  sums.posteriors = sums.starts = Matrix(frames, states);
  sums.arc_counts.resize(transitions.arcs.size());
  sums.duration_counts.resize(durations.log_pmf.size());
  if (frames == 0) return sums;
  sums.log_likelihood = kImpossible;
  for (std::size_t n = 0; n < states; ++n) {
    sums.log_likelihood = log_add(sums.log_likelihood, end(frames, n) + transitions.log_final[n]);
  }
  if (sums.log_likelihood == kImpossible) return sums;
  for (const Segment& s : segments) {
    const double posterior = std::exp(entry(s.begin, s.state) + s.log_probability +
                                      after(s.end, s.state) - sums.log_likelihood);
    sums.starts(s.begin, s.state) += posterior;
    sums.duration_counts[s.state * index(durations.longest) + s.duration - 1] += posterior;
    for (std::size_t t = s.begin; t < s.end; ++t) sums.posteriors(t, s.state) += posterior;
  }
  for (std::size_t t = 1; t < frames; ++t) {
    for (std::size_t a = 0; a < sums.arc_counts.size(); ++a) {
      const auto& arc = transitions.arcs[a];
      sums.arc_counts[a] += std::exp(end(t, index(arc.source)) + arc.log_probability +
                                     begin(t, index(arc.target)) - sums.log_likelihood);
    }
  }
  return sums;
}

BestPath hsmm_viterbi(const Transitions& transitions, const Durations& durations,
                      const Matrix& log_b) {
  const std::size_t frames = log_b.rows();
  const std::size_t states = log_b.columns();
  BestPath best{std::vector<int32_t>(frames, -1), frames == 0 ? 0 : kImpossible};
  if (frames == 0) return best;
  Matrix entry(frames + 1, states, kImpossible);
  Matrix end(frames + 1, states, kImpossible);
  BasicMatrix<int32_t> predecessor(frames + 1, states, -1);
  BasicMatrix<std::size_t> begin_of(frames + 1, states);
  std::copy(transitions.log_initial.begin(), transitions.log_initial.end(), entry.row(0).begin());
  std::size_t t = 0;
  const auto enter = [&] {
    for (const auto& arc : transitions.arcs) {
      const double score = end(t, index(arc.source)) + arc.log_probability;
      if (t > 0 && score > entry(t, index(arc.target))) {
        entry(t, index(arc.target)) = score;
        predecessor(t, index(arc.target)) = arc.source;
      }
    }
  };
  // Durations of a cut segment are summed: the path does not say how long it would have lasted.
  Matrix cut(frames, states, kImpossible);
  for_each_segment(durations, log_b, [&](const Segment& s) {
    for (; t < s.begin; enter()) ++t;
    double score = entry(t, s.state) + s.log_probability;
    if (s.end == frames && durations.last_unfinished) {
      score = cut(t, s.state) = log_add(cut(t, s.state), score);
    }
    if (score >= end(s.end, s.state)) {
      end(s.end, s.state) = score;
      begin_of(s.end, s.state) = t;
    }
  });
  int32_t state = -1;
  for (std::size_t n = 0; n < states; ++n) {
    const double score = end(frames, n) + transitions.log_final[n];
    if (score > best.score) {
      best.score = score;
      state = static_cast<int32_t>(n);
    }
  }
  for (std::size_t last = frames; last > 0 && state >= 0;) {
    const std::size_t first = begin_of(last, index(state));
    std::fill(best.states.begin() + static_cast<std::ptrdiff_t>(first),
              best.states.begin() + static_cast<std::ptrdiff_t>(last), state);
    state = predecessor(first, index(state));
    last = first;
  }
  return best;
}

}  // namespace hmm::compute::reference
