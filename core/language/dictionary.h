// Pronunciation dictionaries of the CMU format (cmudict, CMU Sphinx).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/lexicon.h"

namespace hmm {

struct DictionaryOptions {
  /// What to do with a line that breaks the format: pass over it and tell of it in the warnings, or
  /// throw a ParseError.
  bool skip_malformed = false;
  /// Take "AH0" for "AH": cmudict marks stress, acoustic models rarely know it.
  bool strip_stress = false;
  /// When set, a phone that this acoustic model lacks makes its line malformed. Not owned.
  const PhoneSet* phones = nullptr;
};

/// Reads `word PHONE...` lines into `lexicon`, so that a dictionary and the filler words of a model
/// (noisedict) can share one. `word(2)` is an alternate of a word that comes before. Lines that
/// start with ";;" or "##" are comments, and so is what follows a " #". UTF-8, LF or CR LF.
///
/// Malformed are: a word without phones, a word or an alternate that is listed twice, an alternate
/// without its word, and bytes that are not UTF-8. Returns one "FILE: line N: REASON" for each line
/// that was passed over.
std::vector<std::string> read_dictionary(std::string_view text, const std::string& file,
                                         const DictionaryOptions& options,
                                         Lexicon::Builder& lexicon);

struct Dictionary {
  Lexicon lexicon;
  std::vector<std::string> warnings;
};

/// Reads files into one lexicon. Throws NotFoundError and ParseError.
Dictionary load_dictionary(const std::vector<std::filesystem::path>& files,
                           const DictionaryOptions& options = {});

}  // namespace hmm
