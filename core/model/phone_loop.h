// The graph of all phone strings: every phone may follow every other.
#pragma once

#include "core/base/matrix.h"
#include "core/model/acoustic_model.h"
#include "core/model/decoding_graph.h"
#include "core/model/ngram_model.h"

namespace hmm {

struct PhoneLoopOptions {
  /// [P x P] natural log probability of the column's phone after the row's, in the order of the
  /// model's phones (see phone_bigram); empty: all alike.
  Matrix log_bigram;
  /// How much the bigram counts beside the acoustics.
  float language_weight = 1;
  /// Added to the log probability whenever one phone follows another: below 0 fewer, longer phones.
  float insertion_weight = 0;
};

/// The bigram probabilities of a language model whose words are phones, each row summing to 1.
/// Fillers that it does not know take the place of silence: every one of them is followed as
/// silence is, and comes with kUnknownFiller times the probability of silence.
/// Throws DataError when the model lacks one of the other phones.
Matrix phone_bigram(const PhoneSet& phones, const NgramModel& language_model);
inline constexpr double kUnknownFiller = 0.01;

/// A graph over the context-independent phones of a model, fillers included. Its labels are the
/// phones' names, its emissions the model's context-independent senones. A stream begins with
/// silence or any phone (as after silence when there is a bigram) and may end anywhere.
DecodingGraph phone_loop(const AcousticModel& model, const PhoneLoopOptions& options);

}  // namespace hmm
