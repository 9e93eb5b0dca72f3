#include "core/inference/online_decoder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace hmm {
namespace {

using compute::Commit;

void extend(DecodedRun& run, const Commit& commit, std::size_t index) {
  ++run.frames;
  run.confidence += commit.confidence[index];
  run.log_likelihood += commit.log_likelihood[index];
  if (commit.kind == Commit::Kind::kForced) run.commit = commit.kind;
  run.frames_seen = commit.frames_seen;
}

/// Moves the open run, if there is one, to those given out.
void close(DecodedRun& open, std::vector<DecodedRun>& given_out) {
  if (open.frames > 0) {
    open.confidence /= static_cast<double>(open.frames);
    open.log_likelihood /= static_cast<double>(open.frames);
    given_out.push_back(open);
  }
  open = {};
}

/// Gives out what is known of an open run and leaves its rest open.
void split(DecodedRun& open, std::vector<DecodedRun>& given_out) {
  DecodedRun rest;
  rest.id = open.id;
  rest.first_frame = open.first_frame + open.frames;
  rest.continues = true;
  close(open, given_out);
  open = rest;
}

}  // namespace

LoadedGraph::LoadedGraph(compute::Backend& in, DecodingGraph decoding_graph,
                         std::shared_ptr<const compute::LoadedEmissions> scores)
    : backend(in), graph(std::move(decoding_graph)), emissions(std::move(scores)) {
  graph.validate();
  transitions = backend.load(graph.transitions);
}

OnlineDecoder::OnlineDecoder(std::shared_ptr<const LoadedGraph> graph, const Options& options)
    : graph_(std::move(graph)),
      options_(options),
      normalization_(options.front_end),
      static_part_(static_cast<std::size_t>(options.front_end.static_dimension())) {
  if (options.front_end.normalization == NormalizationKind::batch) {
    throw SettingsError(
        "a stream cannot be decoded with batch normalization, which needs the whole of it");
  }
  reset();
}

void OnlineDecoder::reset() {
  compute::StreamOptions stream_options;
  stream_options.lag = options_.lag;
  stream_options.decision_interval = options_.decision_interval;
  stream_options.posterior_scale = options_.posterior_scale;
  stream_options.label_of = graph_->graph.label_of;
  stream_ = graph_->backend.open(graph_->transitions, graph_->emissions, stream_options);
  open_state_ = open_unit_ = {};
  previous_state_ = -1;
  states_.clear();
  units_.clear();
}

void OnlineDecoder::push(MatrixView frames) {
  const bool as_they_are = options_.front_end.normalization == NormalizationKind::none;
  advance(as_they_are ? frames : normalized(frames), false);
}

MatrixView OnlineDecoder::normalized(MatrixView frames) {
  const std::size_t dimension = static_part_.dimension();
  if (frames.columns < dimension) {
    throw DataError("frames of " + std::to_string(frames.columns) +
                    " values do not hold the front end's " + std::to_string(dimension));
  }
  normalized_ = Matrix(frames.rows, frames.columns);
  for (std::size_t t = 0; t < frames.rows; ++t) {
    const auto frame = frames.row(t);
    std::copy(frame.begin(), frame.end(), normalized_.row(t).begin());
    normalization_.push(frame.first(dimension), static_part_);
    static_part_.take({&normalized_(t, 0), 1, dimension});
  }
  return normalized_;
}

void OnlineDecoder::finish() {
  advance({}, true);
  normalization_.flush(static_part_);
  close(open_state_, states_);
  close(open_unit_, units_);
}

void OnlineDecoder::advance(MatrixView frames, bool last) {
  std::vector<Commit> commits;
  const compute::StreamInput input{stream_.get(), frames, last};
  graph_->backend.advance({&input, 1}, {&commits, 1});
  for (const Commit& commit : commits) {
    // Decisions without a result lie between two commits: units grow old there too.
    give_out_old_unit(commit.frames_seen - 1);
    add(commit);
  }
  give_out_old_unit(frames_seen());
}

void OnlineDecoder::add(const Commit& commit) {
  const DecodingGraph& graph = graph_->graph;
  for (std::size_t i = 0; i < commit.states.size(); ++i) {
    const int32_t state = commit.states[i];
    const int64_t frame = commit.first_frame + static_cast<int64_t>(i);
    const auto index = static_cast<std::size_t>(state);
    const int32_t label = graph.label_of[index];
    const bool new_state = state != previous_state_;
    const bool new_unit = new_state && (graph.starts_unit[index] != 0 || open_unit_.id != label);
    const bool long_state =
        options_.longest_state_run > 0 && open_state_.frames >= options_.longest_state_run;

    if (new_state || long_state) {
      close(open_state_, states_);
      open_state_.id = state;
      open_state_.first_frame = frame;
    }
    if (new_unit) {
      close(open_unit_, units_);
      open_unit_.id = label;
      open_unit_.first_frame = frame;
    }
    extend(open_state_, commit, i);
    extend(open_unit_, commit, i);
    previous_state_ = state;
  }
  give_out_old_unit(commit.frames_seen);
}

void OnlineDecoder::give_out_old_unit(int64_t frames_seen) {
  if (open_unit_.frames == 0) return;
  const int64_t decided = frames_seen / options_.decision_interval * options_.decision_interval;
  const bool filler = graph_->graph.filler[static_cast<std::size_t>(open_unit_.id)] != 0;
  const bool old =
      options_.oldest_unit > 0 && decided - open_unit_.first_frame >= options_.oldest_unit;
  if (filler || old || open_unit_.continues) split(open_unit_, units_);
}

std::vector<DecodedRun> OnlineDecoder::take_states() { return std::exchange(states_, {}); }
std::vector<DecodedRun> OnlineDecoder::take_units() { return std::exchange(units_, {}); }
int64_t OnlineDecoder::frames_seen() const { return stream_->frames_seen(); }
int64_t OnlineDecoder::frames_committed() const { return stream_->frames_committed(); }

}  // namespace hmm
