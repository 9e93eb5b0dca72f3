#include "core/language/labels/htk_labels.h"

#include <cmath>

#include "core/base/error.h"
#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

constexpr int64_t kHtkUnit = 100;  // ns

std::string_view unquote(std::string_view name) {
  const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
                      name.back() == name.front();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

/// Start, end and name of a label line; `unit` is the length of one time step in ns.
Label parse_label(const LabelLines& lines, const std::vector<std::string_view>& fields,
                  double unit) {
  if (fields.size() < 3) lines.fail("expected \"start end label\"");
  const int64_t start = lines.integer(fields[0], "the start");
  const int64_t end = lines.integer(fields[1], "the end");
  if (start < 0) lines.fail("the label starts before 0");
  if (end < start) lines.fail("the label ends before it starts");
  if (static_cast<double>(end) * unit > kLongestRecording * 1e9) {
    lines.fail("the label ends later than any recording lasts");
  }
  return {std::llround(static_cast<double>(start) * unit),
          std::llround(static_cast<double>(end) * unit),
          std::string(unquote(fields[2])),
          {}};
}

void append(const LabelLines& lines, Tier& tier, Label label) {
  if (!tier.labels.empty() && label.start < tier.labels.back().start) {
    lines.fail("the label starts before the one in front of it");
  }
  tier.labels.push_back(std::move(label));
}

bool is_number(std::string_view field) {
  return field.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
}

/// A word covers its label and those that follow without a word of their own.
void extend_words(Tier& words, const std::vector<std::string_view>& fields, const Label& label) {
  const std::size_t word = fields.size() > 3 && is_number(fields[3]) ? 4 : 3;
  if (fields.size() > word) {
    words.labels.push_back({label.start, label.end, std::string(unquote(fields[word])), {}});
  } else if (!words.labels.empty()) {
    words.labels.back().end = label.end;
  }
}

std::string label_lines(const Tier& tier) {
  std::string text;
  for (const Label& label : tier.labels) {
    const bool plain = split_words(label.text).size() == 1;
    text += std::to_string((label.start + kHtkUnit / 2) / kHtkUnit) + " " +
            std::to_string((label.end + kHtkUnit / 2) / kHtkUnit) + " " +
            (plain ? label.text : "\"" + label.text + "\"") + "\n";
  }
  return text;
}

Labels read_master(LabelLines& lines) {
  Labels labels;
  bool open = false;
  while (lines.next()) {
    const std::string_view line = trim(lines.line());
    if (line.empty()) continue;
    if (line == ".") {
      if (!open) lines.fail("the end of a label file that never began");
      open = false;
    } else if (!open) {
      if (line.front() != '"' || line.size() < 2 || line.back() != '"') {
        lines.fail("expected the quoted name of a label file");
      }
      labels.tiers.push_back({std::string(unquote(line)), {}});
      open = true;
    } else {
      append(lines, labels.tiers.back(), parse_label(lines, split_words(line), kHtkUnit));
    }
  }
  if (open) lines.fail("the file ends before the \".\" that closes a label file");
  extend_to_last_label(labels);
  return labels;
}

}  // namespace

Labels read_htk_labels(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  Labels labels{0, 0, {{"label", {}}}};
  Tier words{"word", {}};
  while (lines.next()) {
    const auto fields = split_words(lines.line());
    if (fields.empty()) continue;
    if (fields[0] == "#!MLF!#" && lines.number() == 1) return read_master(lines);
    if (fields[0] == "///") lines.fail("alternative label lists are not supported");
    append(lines, labels.tiers[0], parse_label(lines, fields, kHtkUnit));
    extend_words(words, fields, labels.tiers[0].labels.back());
  }
  if (!words.labels.empty()) labels.tiers.push_back(std::move(words));
  extend_to_last_label(labels);
  return labels;
}

std::string write_htk_labels(const Labels& labels) {
  return labels.tiers.empty() ? std::string() : label_lines(labels.tiers.front());
}

std::string write_master_labels(const Labels& labels) {
  std::string text = "#!MLF!#\n";
  for (const Tier& tier : labels.tiers)
    text += "\"" + tier.name + "\"\n" + label_lines(tier) + ".\n";
  return text;
}

Labels read_timit_labels(std::string_view bytes, const std::string& file, double sample_rate) {
  if (!(sample_rate > 0) || !std::isfinite(sample_rate)) {
    throw SettingsError("the sample rate of " + file + " must be above 0 Hz");
  }
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  Labels labels{0, 0, {{"label", {}}}};
  while (lines.next()) {
    const auto fields = split_words(lines.line());
    if (fields.empty()) continue;
    if (fields.size() != 3) lines.fail("expected \"start end label\"");
    append(lines, labels.tiers[0], parse_label(lines, fields, 1e9 / sample_rate));
  }
  extend_to_last_label(labels);
  return labels;
}

}  // namespace hmm
