// Decodes a stream of frames into state runs and labelled units as soon as they are certain, or as
// late as the lag allows.
//
// A thin layer over a compute stream: it groups the committed states into what a listener wants to
// know. All its decisions are functions of frame counts, so results do not depend on how the frames
// were cut into calls.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/compute/backend.h"
#include "core/frontend/frame_queue.h"
#include "core/frontend/front_end_config.h"
#include "core/frontend/normalization.h"
#include "core/model/decoding_graph.h"

namespace hmm {

/// A graph and its emissions, loaded into a backend; shared by all decoders that use it.
struct LoadedGraph {
  LoadedGraph(compute::Backend& in, DecodingGraph decoding_graph,
              std::shared_ptr<const compute::LoadedEmissions> scores);

  compute::Backend& backend;
  DecodingGraph graph;
  std::shared_ptr<const compute::LoadedTransitions> transitions;
  std::shared_ptr<const compute::LoadedEmissions> emissions;  // null: frames are scores themselves
};

/// Consecutive frames with one decision, [first_frame, first_frame + frames).
struct DecodedRun {
  int32_t id = 0;  // state of a state run, label of a unit
  int64_t first_frame = 0;
  int64_t frames = 0;
  double confidence = 0;      // posterior of the label, mean over the frames
  double log_likelihood = 0;  // per frame
  compute::Commit::Kind commit = compute::Commit::Kind::kExact;  // forced if any frame was
  int64_t frames_seen = 0;  // frames scored when the last of these was decided
  bool continues = false;   // the rest of a unit of which an earlier run has been given out

  bool operator==(const DecodedRun&) const = default;
};

class OnlineDecoder {
 public:
  struct Options {
    int lag = 30;               // frames; 0: unlimited
    int decision_interval = 5;  // frames
    float posterior_scale = 1;
    /// A state run is given out when it is this long, finished or not; 0: when it ends.
    int longest_state_run = 0;
    /// A unit is given out when its start is this many frames old, finished or not; its rest
    /// follows marked `continues`. 0: when it ends. Fillers are given out as they are decided.
    int oldest_unit = 0;
    /// How the frames were made. Its `normalization`, if any, has not been applied yet: the decoder
    /// applies it to the static part of each frame.
    FrontEndConfig front_end;
  };

  OnlineDecoder(std::shared_ptr<const LoadedGraph> graph, const Options& options);

  /// Frames [T x D]. Throws DataError for frames that cannot be decoded; reset() then.
  void push(MatrixView frames);
  /// The stream ends: all that is open is decided and given out. reset() before the next push.
  void finish();
  /// Ready for another utterance. Of those before only the mean of live normalization stays.
  void reset();

  /// What has been decided since the last call, in time order.
  std::vector<DecodedRun> take_states();
  std::vector<DecodedRun> take_units();

  int64_t frames_seen() const;
  int64_t frames_committed() const;
  const DecodingGraph& graph() const { return graph_->graph; }
  const Options& options() const { return options_; }

 private:
  void advance(MatrixView frames, bool last);
  MatrixView normalized(MatrixView frames);
  void add(const compute::Commit& commit);
  void give_out_old_unit(int64_t frames_seen);

  std::shared_ptr<const LoadedGraph> graph_;
  Options options_;
  std::unique_ptr<compute::Stream> stream_;
  Normalization normalization_;
  FrameQueue static_part_;
  Matrix normalized_;
  // Sums while open (frames == 0: none), means once given out.
  DecodedRun open_state_, open_unit_;
  int32_t previous_state_ = -1;
  std::vector<DecodedRun> states_, units_;
};

}  // namespace hmm
