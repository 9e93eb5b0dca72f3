// Transcript files of the NIST scorers and what is paired for scoring.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/labels/ctm.h"
#include "core/language/labels/labels.h"
#include "core/metrics/word_network.h"

namespace hmm {

/// How the speaker follows from an utterance's identifier.
enum class SpeakerRule {
  kUpToDash,    // what stands before the first "-", else the first "_" (sclite's spu_id)
  kFirstThree,  // the first three characters (sclite's wsj)
  kWhole        // the identifier (sclite's sp)
};

/// One utterance of a transcript file.
struct Utterance {
  std::string id;
  std::string speaker;
  WordNetwork words;
};

/// A reference utterance and what was recognised for it.
struct UtterancePair {
  std::string id;
  std::string speaker;
  WordNetwork reference;
  WordNetwork hypothesis;
};

/// A line of an STM file: "file channel speaker start end [<labels>] text".
struct StmSegment {
  std::string file;
  std::string channel;
  std::string speaker;
  int64_t start = 0;  // ns
  int64_t end = 0;
  bool ignored = false;  // its text is IGNORE_TIME_SEGMENT_IN_SCORING
  WordNetwork words;
  uint64_t line = 0;
};

/// "text (identifier)" a line; empty lines and comments (";") are passed over. Identifiers are
/// lower-cased with the words. All readers throw ParseError with the line.
std::vector<Utterance> read_trn(std::string_view bytes, const std::string& file,
                                const WordOptions& options, SpeakerRule rule);

/// Plain text, an utterance a line; its identifier is "line N", its speaker the file's name.
std::vector<Utterance> read_plain_text(std::string_view bytes, const std::string& file,
                                       const WordOptions& options);

std::vector<StmSegment> read_stm(std::string_view bytes, const std::string& file,
                                 const WordOptions& options);

/// Words of a tier as one utterance.
Utterance utterance_of(const Tier& tier, const std::string& id, const WordOptions& options);

/// By identifier, in the reference's order. An utterance that was not recognised is paired with no
/// words. Throws DataError for identifiers that occur twice or are not in the reference.
std::vector<UtterancePair> pair_utterances(std::vector<Utterance> reference,
                                           std::vector<Utterance> hypothesis);

/// Gives each segment the words of its file and channel whose middle is before its end and that no
/// earlier segment took; the last takes the rest. Ignored segments are left out with their words.
/// Throws DataError for words of a file and channel that the reference does not have.
std::vector<UtterancePair> pair_segments(const std::vector<StmSegment>& reference,
                                         const std::vector<CtmEntry>& hypothesis,
                                         const WordOptions& options);

/// Pairs whole channels, for a reference that is a CTM file itself.
std::vector<UtterancePair> pair_channels(const std::vector<CtmEntry>& reference,
                                         const std::vector<CtmEntry>& hypothesis,
                                         const WordOptions& options);

}  // namespace hmm
