// The seam between what the algorithms mean and how fast they run.
//
// A backend owns what it needs behind handles, so that parameters and running states can live on a
// device. Sequences of a batch are stacked: `row_splits` [B + 1] says that sequence b is rows
// [row_splits[b], row_splits[b + 1]) of every array of the batch; a sequence may be empty.
//
// Same input, same bits: a result depends on the model and its own sequence, never on what else is
// in the batch or how the input was cut into calls.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/parameters.h"

namespace hmm::compute {

/// Where an array lives. A backend takes host arrays and those that it allocated itself.
enum class Place : uint8_t { kHost, kDevice };

/// Rows of float32 without padding, [rows x columns].
template <class T>
struct BasicRows {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  Place place = Place::kHost;
};
using ConstRows = BasicRows<const float>;
using Rows = BasicRows<float>;

/// Emission parameters that a backend has loaded.
class LoadedEmissions {
 public:
  virtual ~LoadedEmissions() = default;
  virtual int states() const = 0;
  virtual int dimension() const = 0;
};

/// Transitions that a backend has loaded.
class LoadedTransitions {
 public:
  virtual ~LoadedTransitions() = default;
  virtual const Transitions& parameters() const = 0;
};

/// Durations that a backend has loaded.
class LoadedDurations {
 public:
  virtual ~LoadedDurations() = default;
  virtual const Durations& parameters() const = 0;
};

/// What forward_backward() computes for B sequences stacked into T rows. Arrays that are empty (or
/// have no data) are not wanted and not computed.
struct ForwardBackwardOutput {
  std::span<double>
      log_likelihood;            // [B]; -infinity for an impossible sequence, log 1 for an empty
  Rows posteriors;               // [T x N]; zeros for an impossible sequence
  std::span<double> arc_counts;  // [arcs], expected uses summed over the batch; added to
};

/// What hsmm_forward_backward() computes, likewise.
struct HsmmOutput {
  std::span<double> log_likelihood;   // [B]
  Rows posteriors;                    // [T x N] of being in a state
  Rows starts;                        // [T x N] of a segment of that state starting at the frame
  std::span<double> arc_counts;       // [arcs], expected uses; added to
  std::span<double> duration_counts;  // [N x D], expected segments of d frames; added to
};

/// How a stream decodes. Times are in frames.
struct StreamOptions {
  /// A frame is committed at the latest when it is this many frames behind the newest one;
  /// 0: only when all survivors agree, however long that takes.
  int lag = 0;
  /// Commits are looked for whenever the number of frames is a multiple of this, so that they do
  /// not depend on how the frames arrive. A lag must be at least this long.
  int decision_interval = 5;
  /// Emission log-likelihoods are multiplied by this for posteriors only (a temperature).
  float posterior_scale = 1;
  /// [N] states with the same label are one in the confidence; empty: each state is its own label.
  std::vector<int32_t> label_of = {};
};

/// A stretch of frames whose states are decided and will not change.
struct Commit {
  enum class Kind : uint8_t {
    kExact,  // every survivor shares this past, or the stream has ended: it is the Viterbi path
    kForced  // the lag ran out: the best path so far; survivors that disagree are dropped
  };
  Kind kind = Kind::kExact;
  int64_t first_frame = 0;
  int64_t frames_seen = 0;            // how many frames the stream had scored when it decided
  std::vector<int32_t> states;        // [frames committed]
  std::vector<float> confidence;      // posterior of each frame's label given frames_seen frames
  std::vector<float> log_likelihood;  // log p(x_t | x_0 .. x_t-1) of each frame, forward
};

/// A running decoder. Its state lives in the backend that opened it, for the stream's whole life.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual int64_t frames_seen() const = 0;
  virtual int64_t frames_committed() const = 0;
};

struct StreamInput {
  Stream* stream = nullptr;
  MatrixView frames;  // [T x D], or [T x emissions] scores for a stream opened without emissions
  bool last = false;  // the stream ends here: everything is committed, final probabilities count
};

class Backend {
 public:
  virtual ~Backend() = default;

  /// "cpu", "reference", ... with what a user wants to know of it, e.g. "cpu (AVX2)".
  virtual std::string name() const = 0;

  virtual std::shared_ptr<const LoadedEmissions> load(const GaussianMixtures& mixtures) = 0;
  virtual std::shared_ptr<const LoadedEmissions> load(const TiedMixtures& mixtures) = 0;
  virtual std::shared_ptr<const LoadedTransitions> load(const Transitions& transitions) = 0;
  virtual std::shared_ptr<const LoadedDurations> load(const Durations& durations) = 0;

  /// Room for results that the next operation reads where they are, in the backend's own memory.
  virtual std::shared_ptr<Rows> allocate(std::size_t rows, std::size_t columns) = 0;
  /// Copies between any two places; waits until done.
  virtual void copy(ConstRows from, Rows to) = 0;

  /// log b [T x states], or [T x active.size()] when only some states are wanted (empty: all).
  /// Frames with a NaN or an infinity are a DataError that names the frame.
  virtual void score(const LoadedEmissions& emissions, ConstRows frames,
                     std::span<const int32_t> active, Rows log_b) = 0;

  /// Posteriors and likelihoods (Rabiner 1989, eq. 19-27), from log b [T x emissions].
  virtual void forward_backward(const LoadedTransitions& transitions,
                                std::span<const int64_t> row_splits, ConstRows log_b,
                                const ForwardBackwardOutput& output) = 0;

  /// The most likely state sequences: path [T], score [B] = its log joint probability. A sequence
  /// that no path explains has score -infinity and -1 in every place of its path. Of equally good
  /// predecessors the lowest state is taken.
  virtual void viterbi(const LoadedTransitions& transitions, std::span<const int64_t> row_splits,
                       ConstRows log_b, std::span<int32_t> path, std::span<double> score) = 0;

  /// Semi-Markov: transitions lead from segment to segment, and one from a state to itself is a
  /// SettingsError; final probabilities are those of the last segment's state, finished or not.
  /// Linear in T and in D (Yu and Kobayashi 2003). An unfinished segment counts in duration_counts
  /// as the durations that it may reach.
  virtual void hsmm_forward_backward(const LoadedTransitions& transitions,
                                     const LoadedDurations& durations,
                                     std::span<const int64_t> row_splits, ConstRows log_b,
                                     const HsmmOutput& output) = 0;
  /// Like viterbi(). A segment lasts as long as its state does not change. Of equally good
  /// durations the shortest is taken.
  virtual void hsmm_viterbi(const LoadedTransitions& transitions, const LoadedDurations& durations,
                            std::span<const int64_t> row_splits, ConstRows log_b,
                            std::span<int32_t> path, std::span<double> score) = 0;

  /// Starts a stream. Without `emissions` its frames are log b themselves.
  virtual std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions> transitions,
                                       std::shared_ptr<const LoadedEmissions> emissions,
                                       const StreamOptions& options) = 0;
  /// Likewise of a semi-Markov chain. Posteriors are those of a segment that may go on after the
  /// newest frame.
  virtual std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions> transitions,
                                       std::shared_ptr<const LoadedDurations> durations,
                                       std::shared_ptr<const LoadedEmissions> emissions,
                                       const StreamOptions& options) = 0;
  /// Steps many streams at once; commits[i] receives what inputs[i] decided, in time order. A frame
  /// that no state explains is a DataError that names it. A stream may appear only once in a call.
  virtual void advance(std::span<const StreamInput> inputs,
                       std::span<std::vector<Commit>> commits) = 0;
};

/// The CPU backend, with the best instructions of this machine chosen at run time. Shared by the
/// whole process and safe to call from several threads at once (for different streams).
Backend& cpu_backend();

}  // namespace hmm::compute
