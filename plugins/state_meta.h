// HmmStateMeta: what was decoded, riding on the frames that it was decoded from.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <span>

#include "core/inference/online_decoder.h"

#define HMM_STATE_META "HmmStateMeta"

namespace hmm::gst {

/// Registers the meta; once, before any other function here.
void register_state_meta();

/// Adds to `buffer` a custom meta whose structure has one field, `states`, a GST_TYPE_ARRAY of
/// structures, one for each run of a state in the buffer's frames, in order:
///   first-frame (int)  within the buffer
///   frames (int)
///   state (int), label (string), confidence (double), log-likelihood (double),
///   commit (string)    as in the hmm-state message
/// `runs` count frames from the stream's first; the buffer's are [first_frame, first_frame +
/// frames).
void add_state_meta(GstBuffer* buffer, int64_t first_frame, int64_t frames,
                    std::span<const DecodedRun> runs, const DecodingGraph& graph);

/// "exact" or "forced".
const char* commit_name(compute::Commit::Kind kind);

}  // namespace hmm::gst
