// hmm-eval mcd, f0, spectral and latency.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/metrics/audio_file.h"
#include "core/metrics/float_track.h"
#include "core/metrics/latency.h"
#include "pipelines/eval/commands.h"

namespace hmm::eval {
namespace {

/// Distortions of many files: each on a line of its own and their mean over all frames.
class Distortions {
 public:
  explicit Distortions(Report& report) : report_(report) {
    table_.row({"File", "Frames", "dB"});
    report_.json["files"] = Json::array();
  }

  void add(const std::string& name, std::size_t frames, double mean) {
    table_.row({name, std::to_string(frames), fixed(mean, 3)});
    report_.json["files"].push_back({{"name", name}, {"frames", frames}, {"distortion-db", mean}});
    frames_ += frames;
    sum_ += mean * static_cast<double>(frames);
  }

  void finish() {
    const double mean = frames_ == 0 ? 0 : sum_ / static_cast<double>(frames_);
    table_.row({"all", std::to_string(frames_), fixed(mean, 3)});
    report_.json["frames"] = frames_;
    report_.json["distortion-db"] = mean;
    report_.text = table_.text();
  }

 private:
  Report& report_;
  Table table_;
  std::size_t frames_ = 0;
  double sum_ = 0;
};

}  // namespace

void evaluate_cepstra(const SignalArguments& arguments, Report& report) {
  Distortions distortions(report);
  for_each_pair(pair_inputs(arguments.inputs, report), report, [&](const InputPair& pair) {
    const Matrix reference = read_float_track(pair.reference, arguments.dimension);
    const Matrix hypothesis = read_float_track(pair.hypothesis, arguments.dimension);
    const auto result = cepstral_distortion(reference, hypothesis, arguments.cepstral);
    distortions.add(pair.name, result.frames, result.mean);
  });
  distortions.finish();
}

void evaluate_spectra(const SignalArguments& arguments, Report& report) {
  Distortions distortions(report);
  for_each_pair(pair_inputs(arguments.inputs, report), report, [&](const InputPair& pair) {
    const Audio reference = read_audio(pair.reference);
    const Audio hypothesis = read_audio(pair.hypothesis);
    if (reference.sample_rate != hypothesis.sample_rate) {
      throw DataError("the sample rates are " + fixed(hypothesis.sample_rate, 0) + " and " +
                      fixed(reference.sample_rate, 0) + " Hz");
    }
    const auto result = spectral_distortion(reference.samples, hypothesis.samples,
                                            reference.sample_rate, arguments.spectral);
    distortions.add(pair.name, result.frames, result.mean);
  });
  distortions.finish();
}

void evaluate_f0(const SignalArguments& arguments, Report& report) {
  F0Frames frames;
  const std::size_t files =
      for_each_pair(pair_inputs(arguments.inputs, report), report, [&](const InputPair& pair) {
        const Matrix reference = read_float_track(pair.reference, 1);
        const Matrix hypothesis = read_float_track(pair.hypothesis, 1);
        frames +=
            pair_f0({reference.data(), reference.rows()}, {hypothesis.data(), hypothesis.rows()},
                    arguments.f0_scale, arguments.slack);
      });
  const F0Error error = measure_f0(frames);
  report.json = {{"files", files},
                 {"frames", error.frames},
                 {"voiced-in-both", error.voiced_in_both},
                 {"voicing-error", error.voicing_error},
                 {"false-voiced", error.false_voiced},
                 {"false-unvoiced", error.false_unvoiced},
                 {"rmse-hz", error.rmse_hertz},
                 {"rmse-log", error.rmse_log},
                 {"rmse-cents", error.rmse_cents},
                 {"bias-hz", error.bias_hertz},
                 {"correlation", error.correlation},
                 {"gross-error", error.gross_error}};
  report.text = std::to_string(files) + " files, " + std::to_string(error.frames) + " frames, " +
                std::to_string(error.voiced_in_both) + " voiced in both\nV/UV error " +
                percent(error.voicing_error) + " % (" + std::to_string(error.false_voiced) +
                " falsely voiced, " + std::to_string(error.false_unvoiced) +
                " falsely unvoiced)\nF0 RMSE " + fixed(error.rmse_hertz, 2) + " Hz, log F0 RMSE " +
                fixed(error.rmse_log, 4) + " (" + fixed(error.rmse_cents, 1) + " cents), bias " +
                fixed(error.bias_hertz, 2) + " Hz, correlation " + fixed(error.correlation, 3) +
                ", more than 20 % off " + percent(error.gross_error) + " %\n";
}

void evaluate_latency(const std::vector<std::filesystem::path>& files, Report& report) {
  LatencyRecords records;
  for (const auto& path : files) {
    try {
      const MappedFile file(path);
      records += read_latency_records(file.text(), path.string());
    } catch (const Error& error) {
      report.fault(error.what());
    }
  }
  const LatencyReport result = measure_latency(records);
  report.json = {{"latencies", result.latencies},
                 {"mean-ms", result.mean},
                 {"p50-ms", result.p50},
                 {"p90-ms", result.p90},
                 {"p95-ms", result.p95},
                 {"p99-ms", result.p99},
                 {"max-ms", result.maximum},
                 {"timed", result.timed},
                 {"real-time-factor", result.real_time_factor},
                 {"real-time-factor-p99", result.real_time_factor_p99}};
  Table table;
  table.row({"", "Records", "Mean", "50 %", "90 %", "95 %", "99 %", "Max"});
  table.row({"Latency (ms)", std::to_string(result.latencies), fixed(result.mean, 2),
             fixed(result.p50, 2), fixed(result.p90, 2), fixed(result.p95, 2), fixed(result.p99, 2),
             fixed(result.maximum, 2)});
  report.text = table.text() + "Real-time factor " + fixed(result.real_time_factor, 4) +
                ", 99 % of " + std::to_string(result.timed) + " records below " +
                fixed(result.real_time_factor_p99, 4) + "\n";
}

}  // namespace hmm::eval
