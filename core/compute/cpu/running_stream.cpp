#include "core/compute/cpu/running_stream.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/compute/arguments.h"
#include "core/compute/cpu/vector_math.h"

namespace hmm::compute::cpu {
namespace {

constexpr std::size_t kScoreBlock = 64;  // frames scored at once

}  // namespace

RunningStream::RunningStream(std::shared_ptr<const Graph> graph,
                             std::shared_ptr<const Emissions> emissions,
                             const StreamOptions& options)
    : graph_(std::move(graph)),
      emissions_(std::move(emissions)),
      options_(options),
      columns_(graph_->columns()),
      input_columns_(static_cast<std::size_t>(graph_->parameters().emissions())),
      score_columns_(input_columns_) {
  check_stream_options(options, graph_->parameters().states);
  if (!emissions_) return;
  if (emissions_->states() < graph_->parameters().emissions()) {
    throw SettingsError("the transitions read emission " +
                        std::to_string(graph_->parameters().emissions() - 1) +
                        " of a model that has " + std::to_string(emissions_->states()));
  }
  // Only emissions that some state reads are scored.
  std::vector<int32_t> active = columns_;
  std::sort(active.begin(), active.end());
  active.erase(std::unique(active.begin(), active.end()), active.end());
  plan_ = emissions_->plan(active);
  for (int32_t& column : columns_) {
    column = static_cast<int32_t>(std::lower_bound(active.begin(), active.end(), column) -
                                  active.begin());
  }
  input_columns_ = static_cast<std::size_t>(emissions_->dimension());
  score_columns_ = active.size();
}

void RunningStream::advance(MatrixView frames, bool last, std::vector<Commit>& commits) {
  if (failed_) throw DataError("the stream has failed and must be opened again");
  if (ended_) throw DataError("the stream has ended and must be opened again");
  try {
    check_input(frames);
    if (emissions_) {
      scores_.resize(std::min(frames.rows, kScoreBlock) * plan_.places.size());
    }
    for (std::size_t t = 0; t < frames.rows; t += kScoreBlock) {
      const MatrixView block = frames.slice(t, std::min(kScoreBlock, frames.rows - t));
      MatrixView log_b = block;
      if (emissions_) {
        const MutableMatrixView room(scores_.data(), block.rows, plan_.places.size());
        emissions_->score(plan_, block, room);
        log_b = room;
      }
      for (std::size_t i = 0; i < log_b.rows; ++i) step(log_b.row(i).data(), commits);
    }
    ended_ = last;
    if (last && frames_seen() > 0) finish(commits);
  } catch (const DataError&) {
    failed_ = true;
    throw;
  }
}

void RunningStream::check_input(MatrixView frames) const {
  if (frames.rows == 0) return;
  const bool fits =
      emissions_ ? frames.columns == input_columns_ : frames.columns >= input_columns_;
  if (!fits) {
    throw DataError("a frame has " + std::to_string(frames.columns) +
                    " values where the model reads " + std::to_string(input_columns_));
  }
  for (std::size_t t = 0; t < frames.rows; ++t) {
    const float* row = frames.row(t).data();
    if (emissions_ ? !all_finite(row, frames.columns) : !all_below_infinity(row, frames.columns)) {
      throw DataError("frame " + std::to_string(frames_seen() + static_cast<int64_t>(t)) +
                      " holds a value that is not a finite number");
    }
  }
}

float RunningStream::confidence_of(int32_t state, std::span<const float> posteriors) const {
  const auto own = static_cast<std::size_t>(state);
  const std::vector<int32_t>& label_of = options_.label_of;
  if (label_of.empty()) return std::min(posteriors[own], 1.0F);
  float sum = 0;
  for (std::size_t n = 0; n < posteriors.size(); ++n) {
    if (label_of[n] == label_of[own]) sum += posteriors[n];
  }
  return std::min(sum, 1.0F);
}

}  // namespace hmm::compute::cpu
