// Independent pieces of work on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace hmm::compute::cpu {

/// Calls work(i) once for each i < count, on at most `threads` threads (this one included), in
/// order of i when there is one. The first exception, by index, is thrown once all work is done.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace hmm::compute::cpu
