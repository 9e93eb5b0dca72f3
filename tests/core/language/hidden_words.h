// Words of a dictionary that play the part of words that are in none.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/language/letter_to_sound.h"
#include "core/metrics/calibration.h"
#include "core/model/lexicon.h"

namespace hmm::testing {

/// The words of the letters a to z, in the order of the FNV-1a hash of their spelling: the first
/// thousand are hidden and measured; what is fitted is fitted on others.
inline std::vector<std::size_t> words_by_hash(const Lexicon& lexicon) {
  std::vector<std::pair<uint64_t, std::size_t>> hashes;
  for (std::size_t i = 0; i < lexicon.words(); ++i) {
    const std::string_view word = lexicon.word(i);
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos) continue;
    uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : word) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3U;
    hashes.emplace_back(hash, i);
  }
  std::sort(hashes.begin(), hashes.end());
  std::vector<std::size_t> words;
  for (const auto& [hash, word] : hashes) words.push_back(word);
  return words;
}

/// Substitutions, insertions and deletions.
inline std::size_t edit_distance(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

struct Guess {
  std::string word;
  GuessedPronunciation guessed;
  std::size_t errors = 0;  // against the nearest pronunciation of the dictionary
  std::size_t phones = 0;  // of that one
};

inline Guess guess_word(const LetterToSound& rules, const Lexicon& lexicon, std::size_t word) {
  Guess guess{std::string(lexicon.word(word)), {}, SIZE_MAX, 0};
  try {
    guess.guessed = rules.pronounce(lexicon.word(word));
  } catch (const DataError&) {
    // "dj" has no phones by flite's rules: all of them are missed.
  }
  for (std::size_t i = 0; i < lexicon.pronunciations(word); ++i) {
    std::vector<std::string> phones;
    for (const uint8_t phone : lexicon.pronunciation(word, i)) {
      phones.push_back(lexicon.phones()[phone]);
    }
    const std::size_t errors = edit_distance(guess.guessed.phones, phones);
    if (errors < guess.errors) {
      guess.errors = errors;
      guess.phones = phones.size();
    }
  }
  return guess;
}

struct GuessSummary {
  double phone_error = 0, word_error = 0;
  Calibration calibration;
};

inline GuessSummary summarize(const std::vector<Guess>& guesses) {
  std::size_t errors = 0;
  std::size_t phones = 0;
  std::vector<ScoredDecision> decisions;
  for (const Guess& guess : guesses) {
    errors += guess.errors;
    phones += guess.phones;
    decisions.push_back({guess.guessed.confidence, guess.errors == 0});
  }
  const Calibration calibration = measure_calibration(decisions);
  return {static_cast<double>(errors) / static_cast<double>(phones), 1 - calibration.accuracy,
          calibration};
}

}  // namespace hmm::testing
