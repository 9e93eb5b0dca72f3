// Transcripts as networks of words, so that alternatives can be scored.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// One word of a transcript. "@" is the null word: an alternative that says nothing.
struct TranscriptWord {
  std::string text;
  bool optional = false;  // written (word): leaving it out is no error
  bool fragment = false;  // written word- or -word: matches every word it begins or ends
  std::optional<double> confidence;

  bool is_null() const { return text == "@"; }
};

/// How text becomes words; what NIST's sclite calls it is in parentheses.
struct WordOptions {
  enum class Characters { kNone, kAll, kNonAscii };
  /// Letters of any alphabet are lower-cased (sclite with a language's profile), only those of
  /// ASCII (sclite without), or none (sclite -s).
  enum class LetterCase { kFold, kFoldAscii, kKeep };
  LetterCase letter_case = LetterCase::kFold;
  bool optional_words = false;  // sclite -D
  bool fragments = false;       // sclite -F
  /// Words are scored character by character, for character error rates; with kNonAscii runs of
  /// ASCII stay together (sclite -c, -c NOASCII).
  Characters characters = Characters::kNone;
  bool delete_hyphens = false;  // with characters only (sclite -c DH)
};

/// A directed graph without cycles whose arcs carry words, each arc after its predecessors.
class WordNetwork {
 public:
  struct Arc {
    TranscriptWord word;
    std::vector<int> predecessors;  // arcs that may come before; arc 0 is the start
  };

  /// A network without words. Arc 0 has no word: it stands for what is before the first.
  explicit WordNetwork(const WordOptions& options = {}) : options_(options), arcs_(1), open_{0} {}

  /// Appends one word as a transcript writes it: "text;tag;tag" with "\;" for a semicolon (tags are
  /// dropped), "text*" for a word misread, "(text)" for an optional one.
  void add_word(std::string_view written, std::optional<double> confidence = {});
  /// Alternatives nest; one without words stands for the null word.
  void begin_alternatives();
  void next_alternative();
  void end_alternatives();

  const std::vector<Arc>& arcs() const { return arcs_; }
  /// The arcs that may come last.
  const std::vector<int>& last() const { return open_; }

 private:
  struct Choice {
    std::vector<int> entry;
    std::vector<int> exits;
    std::size_t arcs_before;
  };
  void close_alternative();
  void append(TranscriptWord word);

  WordOptions options_;
  std::vector<Arc> arcs_;
  std::vector<int> open_;  // arcs that the next word may follow
  std::vector<Choice> choices_;
};

/// Text in the letter case that words are compared in.
std::string fold_case(std::string_view text, const WordOptions& options);

/// Reads "now { um / uh / @ } yes": words between blanks, alternatives in braces.
/// Throws DataError for braces that do not match.
WordNetwork parse_transcript(std::string_view text, const WordOptions& options);

}  // namespace hmm
