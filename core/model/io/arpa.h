// Language models in the ARPA format, as written by SRILM, KenLM, CMU's toolkit and others.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/model/ngram_model.h"

namespace hmm {

/// Reads everything between \data\ and \end\. Throws ParseError with the line for what breaks the
/// format: counts that do not hold, words that are not among the 1-grams, n-grams listed twice,
/// probabilities above 1.
NgramModel parse_arpa(std::span<const std::byte> bytes, const std::string& file);

}  // namespace hmm
