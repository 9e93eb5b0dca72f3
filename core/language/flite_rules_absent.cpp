#include "core/base/error.h"
#include "core/language/flite_rules.h"

namespace hmm {

std::vector<std::string> flite_english_rules(const std::string&) {
  throw SettingsError(
      "words that are not in the dictionary cannot be pronounced: this library was built without "
      "flite (Debian package flite1-dev)");
}

}  // namespace hmm
