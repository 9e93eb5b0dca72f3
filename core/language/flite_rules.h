// Flite's letter-to-sound rules for English, trained on CMU's dictionary.
#pragma once

#include <string>
#include <vector>

namespace hmm {

/// The phones (Festival's radio phone set, vowels with their stress as a digit) of a word of the
/// letters a to z. Throws SettingsError when the library was built without flite.
std::vector<std::string> flite_english_rules(const std::string& word);

}  // namespace hmm
