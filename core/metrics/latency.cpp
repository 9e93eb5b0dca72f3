#include "core/metrics/latency.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "core/language/labels/label_lines.h"
#include "core/metrics/statistics.h"

namespace hmm {
namespace {

/// A field of nanoseconds, in seconds.
std::optional<double> seconds(const LabelLines& lines, const nlohmann::json& object,
                              const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (!found->is_number()) lines.fail(std::string("\"") + key + "\" is no number");
  const double value = found->get<double>();
  if (!(value >= 0 && value < 1e19)) lines.fail(std::string("\"") + key + "\" is no time");
  return value / 1e9;
}

/// False when the record tells nothing of speed or delay.
bool add_record(const LabelLines& lines, const nlohmann::json& object, LatencyRecords& records) {
  const auto latency = seconds(lines, object, "latency");
  const auto processing = seconds(lines, object, "processing-time");
  const auto duration = seconds(lines, object, "duration");
  const auto factor = object.find("real-time-factor");
  if (latency) records.latencies.push_back(*latency * 1e3);
  if (processing && duration) {
    if (*duration == 0) lines.fail("\"duration\" is 0, so that there is no real-time factor");
    records.processing += *processing;
    records.duration += *duration;
    records.real_time_factors.push_back(*processing / *duration);
  } else if (factor != object.end()) {
    if (!factor->is_number() || !(factor->get<double>() >= 0)) {
      lines.fail("\"real-time-factor\" is no number from 0 up");
    }
    records.real_time_factors.push_back(factor->get<double>());
  } else {
    return latency.has_value();
  }
  return true;
}

}  // namespace

LatencyRecords& LatencyRecords::operator+=(const LatencyRecords& other) {
  latencies.insert(latencies.end(), other.latencies.begin(), other.latencies.end());
  real_time_factors.insert(real_time_factors.end(), other.real_time_factors.begin(),
                           other.real_time_factors.end());
  processing += other.processing;
  duration += other.duration;
  return *this;
}

LatencyRecords read_latency_records(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  LatencyRecords records;
  bool found = false;
  while (lines.next()) {
    if (trim(lines.line()).empty()) continue;
    const auto object = nlohmann::json::parse(lines.line(), nullptr, false);
    if (!object.is_object()) lines.fail("the line is no JSON object");
    found = add_record(lines, object, records) || found;
  }
  if (!found) {
    lines.fail(
        "no record has \"latency\", \"real-time-factor\" or both of \"processing-time\" and "
        "\"duration\"");
  }
  return records;
}

LatencyReport measure_latency(const LatencyRecords& records) {
  LatencyReport report;
  report.latencies = records.latencies.size();
  report.mean = describe(records.latencies).mean;
  report.p50 = percentile(records.latencies, 0.5);
  report.p90 = percentile(records.latencies, 0.9);
  report.p95 = percentile(records.latencies, 0.95);
  report.p99 = percentile(records.latencies, 0.99);
  report.maximum = describe(records.latencies).maximum;
  report.timed = records.real_time_factors.size();
  report.real_time_factor = records.duration > 0 ? records.processing / records.duration
                                                 : describe(records.real_time_factors).mean;
  report.real_time_factor_p99 = percentile(records.real_time_factors, 0.99);
  return report;
}

}  // namespace hmm
