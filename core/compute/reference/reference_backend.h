// What every backend is tested against: the textbook recursions in double precision, written to be
// read, not to be fast. Compiled into tests only.
#pragma once

#include "core/compute/backend.h"

namespace hmm::compute {

Backend& reference_backend();

}  // namespace hmm::compute
