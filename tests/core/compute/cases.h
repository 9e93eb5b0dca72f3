// The one table of cases: every backend is compared with the reference on it, and timed on it.
// A new operation, or a new backend's fast path, is a line here first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/backend.h"

namespace hmm::compute::testing {

enum class Operation {
  kScoreGaussian,
  kScoreTied,
  kForwardBackward,
  kViterbi,
  kStream,
  kHsmmForwardBackward,
  kHsmmViterbi
};

/// Who may follow whom.
enum class Chain {
  kErgodic,      // dense
  kLeftToRight,  // self-loop and next; starts in the first, ends in the last
  kSkip,         // likewise, and the state after the next
  kPhoneLoop,    // three states left to right a phone, any phone after any
  kSparse        // a ring with three more arcs a state
};

struct Case {
  std::string name;
  Operation operation = Operation::kScoreGaussian;
  std::vector<int> lengths;  // frames of each sequence, or stream
  int states = 1;

  // Scores.
  int components = 1;  // or densities of a codebook
  int dimension = 1;
  int codebooks = 1;
  int feature_streams = 1;
  int active_every = 0;  // only every so many states; 0: all

  // Recursions.
  Chain chain = Chain::kErgodic;
  float spread = 3;      // standard deviation of log b
  float impossible = 0;  // share of log b that is -infinity
  int tied_to = 0;       // states share this many emissions; 0: none is shared
  StreamOptions stream = {};

  // Segments.
  int longest = 1;          // duration
  int shortest = 1;         // of the odd states
  bool unfinished = false;  // the last segment

  bool timed = false;  // also in the benchmark
};

const std::vector<Case>& cases();

/// Random parameters and input of a case, the same on every machine.
struct Problem {
  GaussianMixtures gaussian;
  TiedMixtures tied;
  std::vector<int32_t> active;
  Matrix frames;  // features or log b, of all sequences
  std::vector<int64_t> row_splits;
  Transitions transitions;
  Durations durations;

  std::size_t sequences() const { return row_splits.size() - 1; }
  ConstRows rows() const { return {frames.data(), frames.rows(), frames.columns()}; }
};

Problem make_problem(const Case& c);
Transitions make_transitions(Chain chain, int states, uint32_t seed);
/// Without transitions from a state to itself.
Transitions make_segment_transitions(Chain chain, int states, uint32_t seed);
/// About a quarter of the durations are impossible.
Durations make_durations(int states, int longest, int shortest, uint32_t seed);

/// What an operation gave; what it does not give is empty.
struct Result {
  Matrix values;  // scores or posteriors
  Matrix starts;
  std::vector<double> log_likelihood;
  std::vector<double> arc_counts;
  std::vector<double> duration_counts;
  std::vector<int32_t> path;
  std::vector<std::vector<Commit>> commits;  // [sequences]
};

/// A problem loaded into a backend, to be run as often as wanted.
class Runner {
 public:
  Runner(Backend& backend, const Case& c, const Problem& problem);
  Result run();

 private:
  void run_scores(Result& result);
  void run_sums(Result& result);
  void run_paths(Result& result);
  void run_streams(Result& result);

  Backend& backend_;
  const Case& case_;
  const Problem& problem_;
  std::shared_ptr<const LoadedEmissions> emissions_;
  std::shared_ptr<const LoadedTransitions> transitions_;
  std::shared_ptr<const LoadedDurations> durations_;
};

/// The log joint probability of a path in double; -infinity for one that is not possible.
double score_of_path(const Transitions& transitions, MatrixView log_b,
                     std::span<const int32_t> path);

double score_of_segments(const Transitions& transitions, const Durations& durations,
                         MatrixView log_b, std::span<const int32_t> path);

}  // namespace hmm::compute::testing
