// Does this machine compute right? Each operation against an answer known from the literature or by
// hand.
#pragma once

#include <string>
#include <vector>

#include "core/compute/backend.h"

namespace hmm {

struct CheckResult {
  std::string operation;  // "Viterbi"
  bool passed = false;
  std::string detail;  // what was computed and what should have been, or the error
};

/// Runs every check; an exception within one is that check's failure.
std::vector<CheckResult> self_check(compute::Backend& backend);

}  // namespace hmm
