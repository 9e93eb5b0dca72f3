// Decisions with a confidence, and whether they were right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/calibration.h"
#include "core/metrics/error_rate.h"

namespace hmm {

/// JSON lines {"confidence": 0.93, "correct": true}; other fields are passed over.
/// Throws ParseError with the line.
std::vector<ScoredDecision> read_decisions(std::string_view bytes, const std::string& file);

/// The recognised words that have a confidence.
std::vector<ScoredDecision> decisions_of(const std::vector<ScoredUtterance>& utterances);

}  // namespace hmm
