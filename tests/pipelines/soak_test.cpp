// Memory stays flat over a long stream. Hours of it: tests/bench/soak_bench.
#include "tests/pipelines/soak.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "tests/test_data.h"

namespace hmm::testing {
namespace {

#ifdef HMM_SANITIZED
// The sanitizers keep freed memory back to find late uses of it: memory says nothing, errors do.
constexpr int kMinutes = 2;
#else
constexpr int kMinutes = 20;
#endif

TEST(Soak, MemoryStaysAsItIsAfterTwoMinutes) {
  SKIP_WITHOUT(kEnUs / "en-us");
  SKIP_WITHOUT(kPocketsphinxTestData / "librivox");
  double early = 0, late = 0;
  soak(kMinutes, [&](const SoakReading& reading) {
    if (reading.stream_seconds == 120) early = reading.resident_mib;
    late = reading.resident_mib;
  });
  std::printf("%d minutes of stream: %.2f MiB after 2 minutes, %.2f MiB at the end\n", kMinutes,
              early, late);
#ifndef HMM_SANITIZED
  EXPECT_LE(late, early + 1);
  // The whole process, this test's own program and GStreamer included.
  EXPECT_LE(late, 80);
#endif
}

}  // namespace
}  // namespace hmm::testing
