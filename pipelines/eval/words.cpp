// hmm-eval wer and hmm-eval calibration.
#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/metrics/error_rate.h"
#include "core/metrics/scored_decisions.h"
#include "core/metrics/statistics.h"
#include "pipelines/eval/commands.h"
#include "pipelines/eval/plot.h"

namespace hmm::eval {
namespace {

namespace fs = std::filesystem;

enum class Format { kTrn, kStm, kCtm, kText, kLabels };

Format format_of(const fs::path& path, const std::string& given) {
  const std::string extension = path.extension().string();
  if (given == "stm" || (given.empty() && extension == ".stm")) return Format::kStm;
  if (given == "ctm" || (given.empty() && extension == ".ctm")) return Format::kCtm;
  if (given == "text" || (given.empty() && extension == ".txt")) return Format::kText;
  if (given == "labels" || (given.empty() && label_format_of(path))) return Format::kLabels;
  return Format::kTrn;
}

const Tier& choose_tier(const Labels& labels, const std::string& name, const fs::path& path) {
  if (name.empty() && labels.tiers.size() == 1) return labels.tiers[0];
  const Tier* tier = labels.find(name.empty() ? "word" : name);
  if (tier == nullptr) {
    std::string known;
    for (const Tier& each : labels.tiers) known += (known.empty() ? "" : ", ") + each.name;
    throw DataError(path.string() + " has the tiers " + known + "; name one with --tier");
  }
  return *tier;
}

std::vector<Utterance> read_utterances(const fs::path& path, Format format,
                                       const WordArguments& arguments, const std::string& name) {
  if (format == Format::kLabels) {
    const Labels labels = read_labels(path);
    return {utterance_of(choose_tier(labels, arguments.tier, path), name, arguments.words)};
  }
  const MappedFile file(path);
  if (format == Format::kText) {
    return read_plain_text(file.text(), path.string(), arguments.words);
  }
  return read_trn(file.text(), path.string(), arguments.words, arguments.speaker_rule);
}

std::vector<UtterancePair> read_pairs(const InputPair& pair, const WordArguments& arguments) {
  const Format reference = format_of(pair.reference, arguments.reference_format);
  const Format hypothesis = format_of(pair.hypothesis, arguments.hypothesis_format);
  const auto entries = [](const fs::path& path) {
    return read_ctm_entries(MappedFile(path).text(), path.string());
  };
  if (reference == Format::kStm || hypothesis == Format::kCtm) {
    if (hypothesis != Format::kCtm || (reference != Format::kStm && reference != Format::kCtm)) {
      throw DataError("an STM reference goes with a CTM hypothesis, and a CTM with an STM or CTM");
    }
    if (reference == Format::kCtm) {
      return pair_channels(entries(pair.reference), entries(pair.hypothesis), arguments.words);
    }
    const MappedFile file(pair.reference);
    return pair_segments(read_stm(file.text(), pair.reference.string(), arguments.words),
                         entries(pair.hypothesis), arguments.words);
  }
  return pair_utterances(read_utterances(pair.reference, reference, arguments, pair.name),
                         read_utterances(pair.hypothesis, hypothesis, arguments, pair.name));
}

/// All utterances of all pairs of files that can be read.
std::vector<ScoredUtterance> score_inputs(const WordArguments& arguments, const Inputs& inputs,
                                          Report& report) {
  std::vector<ScoredUtterance> all;
  for_each_pair(pair_inputs(inputs, report), report, [&](const InputPair& pair) {
    for (ScoredUtterance& utterance : score_utterances(read_pairs(pair, arguments))) {
      all.push_back(std::move(utterance));
    }
  });
  return all;
}

Json to_json(const ErrorSummary& summary) {
  const WordErrors& words = summary.words;
  Json json{{"speaker", summary.speaker},
            {"utterances", summary.utterances},
            {"wrong-utterances", summary.wrong_utterances},
            {"words", words.reference_words()},
            {"correct", words.correct},
            {"substitutions", words.substitutions},
            {"deletions", words.deletions},
            {"insertions", words.insertions},
            {"errors", words.errors()},
            {"error-rate", number(words.rate())}};
  if (summary.normalized_cross_entropy) {
    json["normalized-cross-entropy"] = *summary.normalized_cross_entropy;
  }
  return json;
}

/// The columns of sclite's system summary, in percent of the reference's words.
std::vector<double> shares_of(const ErrorSummary& summary) {
  const WordErrors& words = summary.words;
  const auto of_words = [&](int64_t count) {
    return words.reference_words() == 0
               ? 0
               : static_cast<double>(count) / static_cast<double>(words.reference_words());
  };
  const double wrong = summary.utterances == 0 ? 0
                                               : static_cast<double>(summary.wrong_utterances) /
                                                     static_cast<double>(summary.utterances);
  return {of_words(words.correct),
          of_words(words.substitutions),
          of_words(words.deletions),
          of_words(words.insertions),
          words.rate(),
          wrong};
}

std::vector<std::string> percents(const std::vector<double>& shares) {
  std::vector<std::string> texts;
  for (const double share : shares) texts.push_back(percent(share));
  return texts;
}

std::vector<std::string> join(std::vector<std::string> left,
                              const std::vector<std::string>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

std::string speaker_table(const std::vector<ErrorSummary>& speakers, const ErrorSummary& all) {
  Table table;
  table.row({"Speaker", "# Utt", "# Wrd", "Corr", "Sub", "Del", "Ins", "Err", "U.Err"});
  const auto add = [&](const std::string& name, const ErrorSummary& summary) {
    table.row(join(
        {name, std::to_string(summary.utterances), std::to_string(summary.words.reference_words())},
        percents(shares_of(summary))));
  };
  std::vector<std::vector<double>> columns(6);
  for (const ErrorSummary& speaker : speakers) {
    add(speaker.speaker, speaker);
    const auto shares = shares_of(speaker);
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].push_back(shares[i]);
  }
  add("Sum/Avg", all);
  if (speakers.size() > 1) {
    const auto over_speakers = [&](const char* name, auto value) {
      std::vector<double> values;
      for (const auto& column : columns) values.push_back(value(describe(column)));
      table.row(join({name, "", ""}, percents(values)));
    };
    over_speakers("Mean", [](const Statistics& s) { return s.mean; });
    over_speakers("S.D.", [](const Statistics& s) { return s.standard_deviation; });
    over_speakers("Median", [](const Statistics& s) { return s.median; });
  }
  return table.text();
}

char letter(AlignedWord::Kind kind) {
  switch (kind) {
    case AlignedWord::Kind::kCorrect:
      return ' ';
    case AlignedWord::Kind::kSubstitution:
      return 'S';
    case AlignedWord::Kind::kDeletion:
      return 'D';
    case AlignedWord::Kind::kInsertion:
      return 'I';
  }
  return '?';
}

std::string alignment_text(const ScoredUtterance& utterance) {
  const WordErrors& errors = utterance.alignment.errors;
  Table table;
  std::vector<std::string> rows[3] = {{"REF:"}, {"HYP:"}, {"Eval:"}};
  for (const AlignedWord& word : utterance.alignment.words) {
    const auto text = [](const std::optional<TranscriptWord>& each) {
      if (!each) return std::string("***");
      return each->optional ? "(" + each->text + ")" : each->text;
    };
    rows[0].push_back(text(word.reference));
    rows[1].push_back(text(word.hypothesis));
    rows[2].push_back(std::string(1, letter(word.kind)));
  }
  for (auto& row : rows) table.row(std::move(row));
  return "\nid: (" + utterance.id + ")\nScores: (#C #S #D #I) " + std::to_string(errors.correct) +
         " " + std::to_string(errors.substitutions) + " " + std::to_string(errors.deletions) + " " +
         std::to_string(errors.insertions) + "\n" + table.text();
}

Json alignment_json(const ScoredUtterance& utterance) {
  Json words = Json::array();
  for (const AlignedWord& word : utterance.alignment.words) {
    constexpr const char* kNames[] = {"correct", "substitution", "deletion", "insertion"};
    Json json{{"kind", kNames[static_cast<int>(word.kind)]}};
    if (word.reference) json["reference"] = word.reference->text;
    if (word.hypothesis) json["hypothesis"] = word.hypothesis->text;
    words.push_back(std::move(json));
  }
  return {{"id", utterance.id}, {"speaker", utterance.speaker}, {"words", std::move(words)}};
}

void compare_systems(const WordArguments& arguments, const std::vector<ScoredUtterance>& scored,
                     Report& report) {
  if (!arguments.inputs.list.empty()) {
    throw SettingsError("systems are compared with files or folders, not with a list");
  }
  Inputs inputs = arguments.inputs;
  inputs.hypothesis = arguments.against;
  const auto others = score_inputs(arguments, inputs, report);
  if (others.size() != scored.size()) {
    throw DataError("the two systems were not scored on the same utterances");
  }
  std::vector<PairedErrors> pairs;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    const WordErrors& a = scored[i].alignment.errors;
    const WordErrors& b = others[i].alignment.errors;
    pairs.push_back({a.errors(), a.reference_words(), b.errors(), b.reference_words()});
  }
  const BootstrapResult result = paired_bootstrap(pairs, arguments.bootstrap);
  report.json["bootstrap"] = {{"error-rate", result.rate_a},
                              {"error-rate-against", result.rate_b},
                              {"difference", result.difference},
                              {"low", result.low},
                              {"high", result.high},
                              {"confidence", arguments.bootstrap.confidence},
                              {"samples", arguments.bootstrap.samples},
                              {"seed", arguments.bootstrap.seed},
                              {"probability-of-improvement", result.probability_of_improvement}};
  report.text += "\nAgainst " + arguments.against.string() + ": error rate " +
                 percent(result.rate_a) + " -> " + percent(result.rate_b) + ", difference " +
                 percent(result.difference) + " with a " + percent(arguments.bootstrap.confidence) +
                 " % interval from " + percent(result.low) + " to " + percent(result.high) +
                 "; probability that it is better " + fixed(result.probability_of_improvement, 3) +
                 "\n";
}

}  // namespace

void evaluate_words(const WordArguments& arguments, Report& report) {
  const auto scored = score_inputs(arguments, arguments.inputs, report);
  const auto speakers = summarize_speakers(scored);
  const ErrorSummary all = summarize_all(scored);
  report.text = speaker_table(speakers, all);
  if (all.normalized_cross_entropy) {
    report.text += "Normalised cross entropy " + fixed(*all.normalized_cross_entropy, 3) + "\n";
  }
  report.json = {{"all", to_json(all)}, {"speakers", Json::array()}};
  for (const ErrorSummary& speaker : speakers) report.json["speakers"].push_back(to_json(speaker));
  if (arguments.alignments) {
    report.json["alignments"] = Json::array();
    for (const ScoredUtterance& utterance : scored) {
      report.text += alignment_text(utterance);
      report.json["alignments"].push_back(alignment_json(utterance));
    }
  }
  if (!arguments.against.empty()) compare_systems(arguments, scored, report);
}

void evaluate_calibration(const WordArguments& arguments, Report& report) {
  std::vector<ScoredDecision> decisions;
  if (arguments.decisions.empty()) {
    decisions = decisions_of(score_inputs(arguments, arguments.inputs, report));
  } else {
    const MappedFile file(arguments.decisions);
    decisions = read_decisions(file.text(), arguments.decisions.string());
  }
  const Calibration result = measure_calibration(decisions, arguments.bins);
  Table table;
  table.row({"Confidence", "Decisions", "Mean", "Accuracy"});
  report.json = {{"decisions", result.count},
                 {"accuracy", result.accuracy},
                 {"mean-confidence", result.mean_confidence},
                 {"expected-calibration-error", result.expected_calibration_error},
                 {"maximum-calibration-error", result.maximum_calibration_error},
                 {"brier-score", result.brier_score},
                 {"bins", Json::array()}};
  if (result.normalized_cross_entropy) {
    report.json["normalized-cross-entropy"] = *result.normalized_cross_entropy;
  }
  for (const ReliabilityBin& bin : result.bins) {
    table.row({fixed(bin.low, 2) + " - " + fixed(bin.high, 2), std::to_string(bin.count),
               bin.count > 0 ? fixed(bin.mean_confidence, 3) : "-",
               bin.count > 0 ? fixed(bin.accuracy, 3) : "-"});
    report.json["bins"].push_back({{"low", bin.low},
                                   {"high", bin.high},
                                   {"decisions", bin.count},
                                   {"mean-confidence", bin.mean_confidence},
                                   {"accuracy", bin.accuracy}});
  }
  report.text =
      table.text() + "\n" + std::to_string(result.count) + " decisions, accuracy " +
      fixed(result.accuracy, 3) + ", mean confidence " + fixed(result.mean_confidence, 3) +
      "\nExpected calibration error " + fixed(result.expected_calibration_error, 4) + ", maximum " +
      fixed(result.maximum_calibration_error, 4) + ", Brier score " + fixed(result.brier_score, 4);
  if (result.normalized_cross_entropy) {
    report.text += ", normalised cross entropy " + fixed(*result.normalized_cross_entropy, 3);
  }
  report.text += "\n";
  if (!arguments.plot.empty()) plot_reliability(result, arguments.plot);
}

}  // namespace hmm::eval
