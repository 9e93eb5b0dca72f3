// Prints the process' memory while hours of stream are decoded.
//
// Usage: GST_PLUGIN_PATH=build/plugins soak_bench [HOURS]   (10)
#include <gst/gst.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/pipelines/soak.h"

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  const double hours = argc > 1 ? std::atof(argv[1]) : 10;
  if (hours <= 0) {
    std::fprintf(stderr, "Usage: soak_bench [HOURS]\n");
    return 2;
  }
  try {
    std::printf("%10s %12s\n", "minutes", "resident MiB");
    hmm::testing::soak(static_cast<int>(hours * 60), [](const auto& reading) {
      const int minute = static_cast<int>(reading.stream_seconds / 60);
      if (minute <= 5 || minute % 10 == 0) {
        std::printf("%10d %12.2f\n", minute, reading.resident_mib);
        std::fflush(stdout);
      }
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soak_bench: %s\n", error.what());
    return 1;
  }
}
