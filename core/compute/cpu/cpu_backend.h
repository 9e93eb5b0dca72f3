// The CPU backend with settings of one's own; see cpu_backend() in backend.h for the usual one.
#pragma once

#include <memory>

#include "core/compute/backend.h"

namespace hmm::compute {

/// A CPU backend whose operations use at most `threads` threads, over sequences and blocks of
/// frames; the results do not depend on it. Throws SettingsError for less than 1.
std::unique_ptr<Backend> make_cpu_backend(int threads);

}  // namespace hmm::compute
