// Broken copies of a file: bytes flipped, cut out, doubled, the end cut off.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>
#include <span>
#include <string>

namespace hmm::testing {

inline std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Calls read(file) for HMM_FUZZ_MUTATIONS (2000) mutations of `seed`, half of them within its
/// first `head` bytes.
inline void for_each_mutation(const std::string& seed, std::size_t head,
                              const std::function<void(const std::string&)>& read) {
  const char* count = std::getenv("HMM_FUZZ_MUTATIONS");
  std::mt19937 random(1);
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  for (int i = count != nullptr ? std::atoi(count) : 2000; i > 0; --i) {
    std::string file = seed;
    for (std::size_t edits = 1 + below(3); edits > 0 && !file.empty(); --edits) {
      const std::size_t at = below(i % 2 == 0 ? std::min(head, file.size()) : file.size());
      const std::size_t length = std::min(1 + below(16), file.size() - at);
      switch (below(6)) {
        case 0:
          file[at] = static_cast<char>(random());
          break;
        case 1:
          file[at] = static_cast<char>(file[at] ^ (1 << below(8)));
          break;
        case 2:
          file.erase(at, length);
          break;
        case 3:
          file.insert(at, file.substr(at, length));
          break;
        case 4:
          file[at] = "0129-\"[]{},.e"[below(13)];
          break;
        default:
          file.resize(at);
          break;
      }
    }
    read(file);
  }
}

}  // namespace hmm::testing
