// hmm-eval boundaries, durations and captions.
#include <cmath>

#include "core/base/error.h"
#include "core/metrics/caption_timing.h"
#include "core/metrics/duration_accuracy.h"
#include "core/metrics/frame_accuracy.h"
#include "pipelines/eval/commands.h"
#include "pipelines/eval/plot.h"

namespace hmm::eval {
namespace {

constexpr double kBoundaryTolerances[] = {10, 20, 25, 50, 100};       // ms
constexpr double kCaptionTolerances[] = {100, 250, 500, 1000, 2000};  // ms

const Tier& choose_tier(const Labels& labels, const std::string& name,
                        const std::filesystem::path& path) {
  if (name.empty() && labels.tiers.size() == 1) return labels.tiers[0];
  if (const Tier* tier = labels.find(name); tier != nullptr && !name.empty()) return *tier;
  std::string known;
  for (const Tier& each : labels.tiers) known += (known.empty() ? "\"" : ", \"") + each.name + "\"";
  throw DataError(path.string() + " has " +
                  (known.empty() ? "no tiers" : "the tiers " + known + "; choose with --tier"));
}

using CompareTiers = std::function<void(const Tier&, const Tier&)>;

/// Calls `compare` for the tiers to compare of each pair of files.
std::size_t for_each_tier(const LabelArguments& arguments, Report& report,
                          const CompareTiers& compare) {
  return for_each_pair(pair_inputs(arguments.inputs, report), report, [&](const InputPair& pair) {
    const Labels reference = read_labels(pair.reference, arguments.reference_reading);
    const Labels hypothesis = read_labels(pair.hypothesis, arguments.hypothesis_reading);
    if (!arguments.all_tiers) {
      compare(choose_tier(reference, arguments.reference_tier, pair.reference),
              choose_tier(hypothesis, arguments.hypothesis_tier, pair.hypothesis));
      return;
    }
    for (const Tier& tier : reference.tiers) {
      compare(tier, choose_tier(hypothesis, tier.name, pair.hypothesis));
    }
  });
}

Json to_json(const BoundaryScores& scores) {
  const BoundaryDetection& found = scores.detection;
  const Statistics errors = scores.errors.signed_errors();
  Json within = Json::object();
  for (const double tolerance : kBoundaryTolerances) {
    within[fixed(tolerance, 0)] = scores.errors.share_within(tolerance);
  }
  return {{"reference", found.reference},
          {"hypothesis", found.hypothesis},
          {"hits", found.hits},
          {"precision", found.precision()},
          {"recall", found.recall()},
          {"f1", found.f1()},
          {"r-value", found.r_value()},
          {"paired", errors.count},
          {"share-within-ms", std::move(within)},
          {"mean-absolute-ms", errors.mean_absolute},
          {"median-absolute-ms", scores.errors.median_absolute()},
          {"bias-ms", errors.mean},
          {"rms-ms", errors.root_mean_square}};
}

std::vector<std::string> cells_of(const char* name, const BoundaryScores& scores) {
  const BoundaryDetection& found = scores.detection;
  return {name,
          std::to_string(found.reference),
          std::to_string(found.hypothesis),
          percent(found.precision()),
          percent(found.recall()),
          percent(found.f1()),
          percent(found.r_value())};
}

std::vector<std::string> error_cells_of(const char* name, const BoundaryScores& scores) {
  const Statistics errors = scores.errors.signed_errors();
  std::vector<std::string> cells{name, std::to_string(errors.count)};
  for (const double tolerance : kBoundaryTolerances) {
    cells.push_back(percent(scores.errors.share_within(tolerance)));
  }
  for (const double value : {errors.mean_absolute, scores.errors.median_absolute(), errors.mean,
                             errors.root_mean_square}) {
    cells.push_back(fixed(value, 1));
  }
  return cells;
}

std::string boundary_tables(const BoundaryReport& boundaries, const BoundaryOptions& options) {
  Table detection;
  detection.row({"Within " + fixed(static_cast<double>(options.tolerance) / 1e6, 1) + " ms",
                 "# Ref", "# Hyp", "Precision", "Recall", "F1", "R-value"});
  Table errors;
  errors.row({"Errors", "# Paired", "<=10 ms", "<=20", "<=25", "<=50", "<=100", "Mean", "Median",
              "Bias", "RMS"});
  const std::pair<const char*, const BoundaryScores*> rows[] = {
      {"all", &boundaries.all},
      {"in speech", &boundaries.speech},
      {"at silence", &boundaries.silence}};
  for (const auto& [name, scores] : rows) {
    detection.row(cells_of(name, *scores));
    errors.row(error_cells_of(name, *scores));
  }
  return detection.text() + "\n" + errors.text();
}

Json timing_json(const std::vector<double>& times) {
  std::vector<double> absolute;
  for (const double time : times) absolute.push_back(std::abs(time));
  const Statistics statistics = describe(times);
  Json within = Json::object();
  for (const double tolerance : kCaptionTolerances) {
    within[fixed(tolerance, 0)] = BoundaryErrors{times.size(), times}.share_within(tolerance);
  }
  return {{"bias-ms", statistics.mean},
          {"mean-absolute-ms", statistics.mean_absolute},
          {"median-absolute-ms", median(absolute)},
          {"p95-absolute-ms", percentile(absolute, 0.95)},
          {"share-within-ms", std::move(within)}};
}

std::vector<std::string> timing_cells(const char* name, const Json& timing) {
  std::vector<std::string> cells{name};
  for (const char* key : {"bias-ms", "mean-absolute-ms", "median-absolute-ms", "p95-absolute-ms"}) {
    cells.push_back(fixed(timing[key].get<double>(), 0));
  }
  for (const Json& share : timing["share-within-ms"]) cells.push_back(percent(share.get<double>()));
  return cells;
}

}  // namespace

void evaluate_boundaries(const LabelArguments& arguments, Report& report) {
  BoundaryReport boundaries;
  FrameAccuracy frames;
  FrameAccuracy speech_frames;
  const auto& silences = arguments.boundaries.silences;
  const std::size_t files =
      for_each_tier(arguments, report, [&](const Tier& reference, const Tier& hypothesis) {
        boundaries += compare_boundaries(reference, hypothesis, arguments.boundaries);
        frames += compare_frames(reference, hypothesis, arguments.frame_period, silences);
        speech_frames +=
            compare_frames(reference, hypothesis, arguments.frame_period, silences, true);
      });
  report.json = {{"files", files},
                 {"tolerance-ms", static_cast<double>(arguments.boundaries.tolerance) / 1e6},
                 {"all", to_json(boundaries.all)},
                 {"in-speech", to_json(boundaries.speech)},
                 {"at-silence", to_json(boundaries.silence)},
                 {"frames", frames.frames},
                 {"frame-accuracy", frames.accuracy()},
                 {"frame-accuracy-in-speech", speech_frames.accuracy()}};
  report.text = std::to_string(files) + " files\n\n" +
                boundary_tables(boundaries, arguments.boundaries) + "\nFrame accuracy " +
                percent(frames.accuracy()) + " of " + std::to_string(frames.frames) +
                " frames, in speech " + percent(speech_frames.accuracy()) + " of " +
                std::to_string(speech_frames.frames) + "\n";
  if (!arguments.plot.empty()) plot_boundary_errors(boundaries.all.errors.errors, arguments.plot);
}

void evaluate_durations(const LabelArguments& arguments, Report& report) {
  DurationPairs pairs;
  const std::size_t files =
      for_each_tier(arguments, report, [&](const Tier& reference, const Tier& hypothesis) {
        pairs += pair_durations(reference, hypothesis, arguments.boundaries.silences);
      });
  const DurationAccuracy result = measure_durations(pairs);
  report.json = {{"files", files},
                 {"labels", result.labels},
                 {"unpaired", result.unpaired},
                 {"mean-reference-ms", result.mean_reference},
                 {"bias-ms", result.bias},
                 {"mean-absolute-ms", result.mean_absolute_error},
                 {"rmse-ms", result.root_mean_square_error},
                 {"correlation", result.correlation},
                 {"accuracy", result.accuracy}};
  report.text = std::to_string(files) + " files, " + std::to_string(result.labels) +
                " labels in both, " + std::to_string(result.unpaired) +
                " in one only\nMean duration " + fixed(result.mean_reference, 1) +
                " ms; error: mean absolute " + fixed(result.mean_absolute_error, 1) + " ms, RMS " +
                fixed(result.root_mean_square_error, 1) + " ms, bias " + fixed(result.bias, 1) +
                " ms\nCorrelation " + fixed(result.correlation, 3) + ", accuracy " +
                percent(result.accuracy) + " %\n";
}

void evaluate_captions(const LabelArguments& arguments, Report& report) {
  CaptionTiming timing;
  const std::size_t files =
      for_each_tier(arguments, report, [&](const Tier& reference, const Tier& hypothesis) {
        timing += compare_captions(reference, hypothesis, arguments.least_likeness);
      });
  report.json = {{"files", files},
                 {"reference", timing.reference},
                 {"hypothesis", timing.hypothesis},
                 {"paired", timing.onsets.size()},
                 {"missing", timing.missing()},
                 {"extra", timing.extra()},
                 {"onset", timing_json(timing.onsets)},
                 {"offset", timing_json(timing.offsets)}};
  Table table;
  table.row({"Late by (ms)", "Mean", "Mean abs.", "Median abs.", "95 % abs.", "<=100 ms", "<=250",
             "<=500", "<=1000", "<=2000"});
  table.row(timing_cells("onset", report.json["onset"]));
  table.row(timing_cells("offset", report.json["offset"]));
  report.text = std::to_string(timing.reference) + " captions, " +
                std::to_string(timing.onsets.size()) + " found, " +
                std::to_string(timing.missing()) + " missing, " + std::to_string(timing.extra()) +
                " extra\n\n" + table.text();
}

}  // namespace hmm::eval
