#include "core/language/labels/json_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

using Json = nlohmann::json;

constexpr std::array<const char*, 4> kLevels = {"utterance", "word", "phone", "state"};

double number(const LabelLines& lines, const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) {
    lines.fail(std::string("\"") + key + "\" is missing or no number");
  }
  return found->get<double>();
}

int64_t seconds(const LabelLines& lines, const Json& object, const char* key) {
  const double value = number(lines, object, key);
  if (!(value >= 0 && value < kLongestRecording)) {
    lines.fail(std::string("\"") + key + "\" is no time within a recording");
  }
  return nanoseconds(value);
}

std::string text(const LabelLines& lines, const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    lines.fail(std::string("\"") + key + "\" is missing or no text");
  }
  return found->get<std::string>();
}

std::optional<double> confidence(const LabelLines& lines, const Json& object, const char* key) {
  if (!object.contains(key)) return std::nullopt;
  const double value = number(lines, object, key);
  if (!(value >= 0 && value <= 1)) lines.fail(std::string("\"") + key + "\" is not from 0 to 1");
  return value;
}

void add(Labels& labels, const std::string& name, Label label) {
  auto tier = std::find_if(labels.tiers.begin(), labels.tiers.end(),
                           [&](const Tier& each) { return each.name == name; });
  if (tier == labels.tiers.end()) tier = labels.tiers.insert(tier, Tier{name, {}});
  tier->labels.push_back(std::move(label));
}

void add_pocketsphinx(const LabelLines& lines, const Json& object, std::size_t level,
                      Labels& labels) {
  if (!object.is_object()) lines.fail("\"w\" holds something that is no object");
  if (level == kLevels.size()) lines.fail("\"w\" is nested deeper than states");
  Label label;
  label.start = seconds(lines, object, "b");
  label.end = label.start + seconds(lines, object, "d");
  label.text = text(lines, object, "t");
  label.confidence = confidence(lines, object, "p");
  add(labels, kLevels[level], std::move(label));
  const auto parts = object.find("w");
  if (parts == object.end()) return;
  if (!parts->is_array()) lines.fail("\"w\" is no list");
  for (const Json& part : *parts) add_pocketsphinx(lines, part, level + 1, labels);
}

void add_label(const LabelLines& lines, const Json& object, Labels& labels) {
  Label label;
  label.start = seconds(lines, object, "start");
  label.end = object.contains("end") ? seconds(lines, object, "end")
                                     : label.start + seconds(lines, object, "duration");
  if (label.end < label.start) lines.fail("the label ends before it starts");
  label.text = text(lines, object, "label");
  label.confidence = confidence(lines, object, "confidence");
  add(labels, object.contains("tier") ? text(lines, object, "tier") : "label", std::move(label));
}

}  // namespace

Labels read_json_lines(std::string_view bytes, const std::string& file) {
  const std::string content = decode_text(bytes, file);
  LabelLines lines(content, file);
  Labels labels;
  while (lines.next()) {
    if (trim(lines.line()).empty()) continue;
    const Json object = Json::parse(lines.line(), nullptr, false);
    if (object.is_discarded()) lines.fail("the line is not valid JSON");
    if (!object.is_object()) lines.fail("the line is no JSON object");
    if (object.contains("b")) {
      add_pocketsphinx(lines, object, 0, labels);
    } else {
      add_label(lines, object, labels);
    }
  }
  for (Tier& tier : labels.tiers) {
    std::stable_sort(tier.labels.begin(), tier.labels.end(),
                     [](const Label& a, const Label& b) { return a.start < b.start; });
  }
  extend_to_last_label(labels);
  return labels;
}

std::string write_json_lines(const Labels& labels) {
  std::string content;
  for (const Tier& tier : labels.tiers) {
    for (const Label& label : tier.labels) {
      nlohmann::ordered_json object = {
          {"tier", tier.name},
          {"start", static_cast<double>(label.start) / 1e9},
          {"duration", static_cast<double>(label.end - label.start) / 1e9},
          {"label", label.text}};
      if (label.confidence) object["confidence"] = *label.confidence;
      content += object.dump() + "\n";
    }
  }
  return content;
}

}  // namespace hmm
