#include "core/language/labels/csv_labels.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

/// One record; a quoted field may hold commas, doubled quotes and line ends.
std::vector<std::string> read_record(LabelLines& lines) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  const uint64_t first_line = lines.number();
  std::string_view line = lines.line();
  for (std::size_t i = 0;; ++i) {
    if (i >= line.size()) {
      if (!quoted) return fields;
      if (!lines.next()) {
        lines.fail("the quoted field that starts in line " + std::to_string(first_line) +
                   " never ends");
      }
      line = lines.line();
      fields.back() += '\n';
      i = static_cast<std::size_t>(-1);
      continue;
    }
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"' && (quoted || fields.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
}

struct Columns {
  std::optional<std::size_t> start, end, duration, label, tier, confidence;
};

Columns parse_heading(LabelLines& lines) {
  std::vector<std::string> names = read_record(lines);
  for (std::string& name : names) name = lower_case_utf8(trim(name));
  const auto find = [&](std::initializer_list<const char*> aliases) -> std::optional<std::size_t> {
    for (const char* alias : aliases) {
      const auto found = std::find(names.begin(), names.end(), alias);
      if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    }
    return std::nullopt;
  };
  Columns columns{find({"start", "begin"}), find({"end"}),
                  find({"duration"}),       find({"label", "text", "word", "phone"}),
                  find({"tier", "type"}),   find({"confidence"})};
  if (!columns.start || !columns.label || (!columns.end && !columns.duration)) {
    lines.fail("the heading must name the columns start, end (or duration) and label");
  }
  return columns;
}

Label parse_record(const LabelLines& lines, const Columns& columns,
                   const std::vector<std::string>& fields) {
  const auto field = [&](std::optional<std::size_t> column) { return trim(fields[*column]); };
  Label label;
  label.start = lines.seconds(field(columns.start), "the start");
  label.end = columns.end ? lines.seconds(field(columns.end), "the end")
                          : label.start + lines.seconds(field(columns.duration), "the duration");
  if (label.end < label.start) lines.fail("the label ends before it starts");
  label.text = fields[*columns.label];
  if (columns.confidence && !field(columns.confidence).empty()) {
    label.confidence = lines.confidence(field(columns.confidence));
  }
  return label;
}

std::string quote_if_needed(const std::string& field) {
  if (field.find_first_of(",\"\n\r") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Labels read_csv_labels(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  if (!lines.next()) lines.fail("the file is empty");
  const std::size_t width =
      static_cast<std::size_t>(1 + std::count(lines.line().begin(), lines.line().end(), ','));
  const Columns columns = parse_heading(lines);
  Labels labels;
  while (lines.next()) {
    if (trim(lines.line()).empty()) continue;
    const auto fields = read_record(lines);
    if (fields.size() != width) {
      lines.fail("found " + std::to_string(fields.size()) + " fields where the heading has " +
                 std::to_string(width));
    }
    const std::string name = columns.tier ? fields[*columns.tier] : "label";
    auto tier = std::find_if(labels.tiers.begin(), labels.tiers.end(),
                             [&](const Tier& each) { return each.name == name; });
    if (tier == labels.tiers.end()) tier = labels.tiers.insert(tier, Tier{name, {}});
    tier->labels.push_back(parse_record(lines, columns, fields));
  }
  for (Tier& tier : labels.tiers) {
    std::stable_sort(tier.labels.begin(), tier.labels.end(),
                     [](const Label& a, const Label& b) { return a.start < b.start; });
  }
  extend_to_last_label(labels);
  return labels;
}

std::string write_csv_labels(const Labels& labels) {
  std::string text = "tier,start,end,label,confidence\n";
  for (const Tier& tier : labels.tiers) {
    for (const Label& label : tier.labels) {
      text += quote_if_needed(tier.name) + "," + format_seconds(label.start) + "," +
              format_seconds(label.end) + "," + quote_if_needed(label.text) + "," +
              (label.confidence ? std::to_string(*label.confidence) : std::string()) + "\n";
    }
  }
  return text;
}

}  // namespace hmm
