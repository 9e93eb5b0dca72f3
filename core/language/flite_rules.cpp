#include "core/language/flite_rules.h"

#include <flite/flite.h>

// Only the rules are wanted, not the word list that comes with them.
extern "C" cst_lexicon* cmu_lex_init(void);

namespace hmm {

std::vector<std::string> flite_english_rules(const std::string& word) {
  static const cst_lexicon* const lexicon = cmu_lex_init();
  cst_val* const phones = lts_apply(word.c_str(), "", lexicon->lts_rule_set);
  std::vector<std::string> names;
  for (const cst_val* phone = phones; phone != nullptr; phone = val_cdr(phone)) {
    names.emplace_back(val_string(val_car(phone)));
  }
  delete_val(phones);
  return names;
}

}  // namespace hmm
