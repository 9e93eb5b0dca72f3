// The graph of one known transcript: its words one after another.
#pragma once

#include <span>
#include <vector>

#include "core/model/acoustic_model.h"
#include "core/model/decoding_graph.h"

namespace hmm {

/// A left-to-right graph over the context-independent phones of `words` (the phones of each, as
/// numbers of the model), with optional silence before, between and after them. Labels are the
/// phones of the transcript in order, silences included: label i is one place in the transcript,
/// not one phone, and graph.labels[i] its name. A path must begin at the first word (or the silence
/// before it) and end with the last (or the silence after it).
/// Throws SettingsError when there is no word, a word has no phone or a phone is none of the model.
DecodingGraph transcript_graph(const AcousticModel& model, std::span<const std::vector<int>> words);

}  // namespace hmm
