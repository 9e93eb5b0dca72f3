#include "core/metrics/latency.h"

#include <gtest/gtest.h>

#include "tests/core/language/labels/parse_failure.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

TEST(Latency, EqualsTheHandComputedCase) {
  const LatencyReport report = measure_latency(read_latency_records(
      "{\"latency\": 100000000, \"label\": \"a\"}\n\n"
      "{\"latency\": 300000000, \"processing-time\": 10000000, \"duration\": 100000000}\n"
      "{\"latency\": 200000000.0}\n{\"processing-time\": 90000000, \"duration\": 300000000}\n",
      "f"));
  EXPECT_EQ(report.latencies, 3u);
  EXPECT_DOUBLE_EQ(report.mean, 200);
  EXPECT_DOUBLE_EQ(report.p50, 200);
  EXPECT_DOUBLE_EQ(report.p90, 300);
  EXPECT_DOUBLE_EQ(report.maximum, 300);
  EXPECT_EQ(report.timed, 2u);
  EXPECT_DOUBLE_EQ(report.real_time_factor, 0.25);
  EXPECT_DOUBLE_EQ(report.real_time_factor_p99, 0.3);
}

TEST(Latency, RecordsOfTheElementsAreUnderstood) {
  const LatencyReport report = measure_latency(read_latency_records(
      "{\"message\": \"hmm-state\", \"latency\": 20000000, \"duration\": 30000000}\n"
      "{\"message\": \"hmm-stats\", \"real-time-factor\": 0.04}\n{\"message\": \"other\"}\n",
      "f"));
  EXPECT_DOUBLE_EQ(report.mean, 20);
  EXPECT_EQ(report.timed, 1u);
  EXPECT_DOUBLE_EQ(report.real_time_factor, 0.04);
}

TEST(Latency, RecordsAddUp) {
  LatencyRecords sum;
  sum += read_latency_records("{\"latency\": 1000000}\n", "f");
  sum += read_latency_records("{\"latency\": 3000000}\n", "g");
  EXPECT_DOUBLE_EQ(measure_latency(sum).mean, 2);
  EXPECT_EQ(measure_latency({}).latencies, 0u);
}

TEST(Latency, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(read_latency_records, text);
  };
  EXPECT_EQ(failure("{\"latency\": 1}\nnot json\n"), "f: line 2: the line is no JSON object");
  EXPECT_THAT(failure("[1]\n"), HasSubstr("no JSON object"));
  EXPECT_THAT(failure("{\"latency\": \"1\"}\n"), HasSubstr("\"latency\" is no number"));
  EXPECT_THAT(failure("{\"latency\": -1}\n"), HasSubstr("\"latency\" is no time"));
  EXPECT_THAT(failure("{\"processing-time\": 1}\n"), HasSubstr("line 1: no record has"));
  EXPECT_THAT(failure("{\"real-time-factor\": -1}\n"), HasSubstr("no number from 0 up"));
  EXPECT_THAT(failure("{\"processing-time\": 1, \"duration\": 0}\n"),
              HasSubstr("\"duration\" is 0"));
}

}  // namespace
}  // namespace hmm
