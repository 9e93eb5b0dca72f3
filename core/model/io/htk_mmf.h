// HTK's master model files, text form (The HTK Book 3.4, chapter 7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/model/hmm.h"

namespace hmm {

/// One hidden Markov model of a file. `transitions` is HTK's matrix, [(n + 2) x (n + 2)]: row 0 the
/// entry, the last column the exit, as probabilities.
struct HtkPhone {
  std::string name;
  std::vector<int32_t> mixtures;  // [n] of its emitting states; shared states have the same number
  BasicMatrix<double> transitions;
};

struct HtkModels {
  std::string parameter_kind;  // "MFCC_D_A_0"
  compute::GaussianMixtures mixtures;
  std::vector<HtkPhone> phones;

  /// The phone of that name.
  std::optional<std::size_t> find(std::string_view name) const;
};

/// The whole file (HTK's macros and hmmdefs may be joined). Reads
/// the macros ~o ~s ~t ~v and ~h with diagonal covariances in one stream; ~v without a model of its
/// own (variance floors) is passed over. ParseError with the line for anything else.
HtkModels parse_htk_models(std::span<const std::byte> bytes, const std::string& file);

/// Any phone after any other with equal probability; each phone is a unit. A phone that may be
/// passed without a frame (a "tee" model) is never passed so: in a loop that would change nothing.
Hmm htk_phone_loop(const HtkModels& models);

}  // namespace hmm
