#include "core/base/shared_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hmm {
namespace {

using Cache = SharedCache<std::string, int>;

TEST(SharedCache, SharesWhileHeldAndForgetsAfter) {
  Cache cache;
  int made = 0;
  const auto make = [&made] { return std::make_shared<const int>(++made); };
  auto first = cache.get("a", make);
  EXPECT_EQ(cache.get("a", make), first);
  EXPECT_EQ(*cache.get("b", make), 2);
  first.reset();
  EXPECT_EQ(*cache.get("a", make), 3);
}

TEST(SharedCache, FailureReachesTheCallerAndIsTriedAgain) {
  Cache cache;
  EXPECT_THROW(
      cache.get("a", []() -> std::shared_ptr<const int> { throw std::runtime_error("absent"); }),
      std::runtime_error);
  EXPECT_EQ(*cache.get("a", [] { return std::make_shared<const int>(7); }), 7);
}

TEST(SharedCache, ManyThreadsMakeItOnce) {
  Cache cache;
  std::atomic<int> made = 0;
  std::vector<std::shared_ptr<const int>> values(8);
  std::vector<std::thread> threads;
  for (auto& value : values) {
    threads.emplace_back([&] {
      value = cache.get("a", [&] {
        ++made;
        std::this_thread::yield();
        return std::make_shared<const int>(1);
      });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace hmm
