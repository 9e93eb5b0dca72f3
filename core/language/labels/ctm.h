// NIST time-marked conversation scoring files (CTM):
// "file channel start duration word [confidence]", times in seconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/language/labels/labels.h"

namespace hmm {

/// One line of a CTM file.
struct CtmEntry {
  /// Alternatives are bracketed by lines whose word is <ALT_BEGIN>, <ALT> and <ALT_END>.
  enum class Kind { kWord, kAlternativesBegin, kNextAlternative, kAlternativesEnd };
  Kind kind = Kind::kWord;
  std::string file;
  std::string channel;
  Label word;
  uint64_t line = 0;
};

/// All lines in file order; comments (";;") and empty lines are left out. Throws ParseError with
/// the line, also for alternatives that do not nest as they must.
std::vector<CtmEntry> read_ctm_entries(std::string_view bytes, const std::string& file);

/// One tier "file channel" for each channel, words by start; of alternatives the first one.
Labels read_ctm(std::string_view bytes, const std::string& file);

/// A tier called "file channel" keeps both; any other is written as channel 1 of a file of its
/// name. Throws DataError for a label that is no single word.
std::string write_ctm(const Labels& labels);

}  // namespace hmm
