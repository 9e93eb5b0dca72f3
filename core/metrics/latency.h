// Speed and delay of a running system, from the records that it writes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// Measurements of one or more runs.
struct LatencyRecords {
  std::vector<double> latencies;          // ms
  std::vector<double> real_time_factors;  // of each record that tells or lets compute one
  double processing = 0;                  // s, sum
  double duration = 0;                    // s of audio, sum

  LatencyRecords& operator+=(const LatencyRecords& other);
};

/// JSON lines as the elements' messages give them: "latency", "processing-time" and "duration" are
/// numbers of nanoseconds, "real-time-factor" is one. Other fields are passed over, and records
/// that have none of these. Throws ParseError with the line, also when no record has one.
LatencyRecords read_latency_records(std::string_view bytes, const std::string& file);

struct LatencyReport {
  std::size_t latencies = 0;
  double mean = 0;  // ms; percentiles are nearest-rank
  double p50 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;
  double maximum = 0;
  std::size_t timed = 0;        // records with a real-time factor
  double real_time_factor = 0;  // processing / duration of all; without these the mean of records
  double real_time_factor_p99 = 0;  // of the single records
};

LatencyReport measure_latency(const LatencyRecords& records);

}  // namespace hmm
