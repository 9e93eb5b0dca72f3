// Durations as the JSON text of model files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/duration.h"

namespace hmm {

/// [{"family": "gamma", "shape": 4.0, "scale": 2.5, "shortest": 1, "longest": 50}, ...]; numbers
/// are written with as many digits as it takes to read the same bits.
std::string durations_to_json(const std::vector<Duration>& durations);

/// SettingsError that says what is wrong, and with which state, for any other text.
std::vector<Duration> durations_from_json(std::string_view text);

}  // namespace hmm
