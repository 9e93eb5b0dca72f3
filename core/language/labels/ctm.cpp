#include "core/language/labels/ctm.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

CtmEntry::Kind entry_kind(std::string_view word) {
  const auto is = [&](std::string_view marker) {
    return std::equal(word.begin(), word.end(), marker.begin(), marker.end(),
                      [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 32 : a) == b; });
  };
  if (is("<ALT_BEGIN>")) return CtmEntry::Kind::kAlternativesBegin;
  if (is("<ALT>")) return CtmEntry::Kind::kNextAlternative;
  if (is("<ALT_END>")) return CtmEntry::Kind::kAlternativesEnd;
  return CtmEntry::Kind::kWord;
}

CtmEntry parse_entry(const LabelLines& lines, const std::vector<std::string_view>& fields) {
  if (fields.size() != 5 && fields.size() != 6) {
    lines.fail("expected \"file channel start duration word [confidence]\", found " +
               std::to_string(fields.size()) + " fields");
  }
  CtmEntry entry;
  entry.kind = entry_kind(fields[4]);
  entry.file = fields[0];
  entry.channel = fields[1];
  entry.line = lines.number();
  if (entry.kind != CtmEntry::Kind::kWord) return entry;
  entry.word.start = lines.seconds(fields[2], "the start");
  entry.word.end = entry.word.start + lines.seconds(fields[3], "the duration");
  entry.word.text = fields[4];
  if (fields.size() == 6) entry.word.confidence = lines.confidence(fields[5]);
  return entry;
}

}  // namespace

std::vector<CtmEntry> read_ctm_entries(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  std::vector<CtmEntry> entries;
  bool in_alternatives = false;
  LabelLines lines(text, file);
  while (lines.next()) {
    const auto fields = split_words(lines.line());
    if (fields.empty() || fields[0].starts_with(";;")) continue;
    entries.push_back(parse_entry(lines, fields));
    const CtmEntry::Kind kind = entries.back().kind;
    if (kind == CtmEntry::Kind::kWord) continue;
    if ((kind == CtmEntry::Kind::kAlternativesBegin) == in_alternatives) {
      lines.fail(in_alternatives ? "<ALT_BEGIN> within alternatives"
                                 : "alternatives go on that never began");
    }
    in_alternatives = kind != CtmEntry::Kind::kAlternativesEnd;
  }
  if (in_alternatives) lines.fail("the file ends within alternatives");
  return entries;
}

Labels read_ctm(std::string_view bytes, const std::string& file) {
  Labels labels;
  int alternative = 0;
  for (CtmEntry& entry : read_ctm_entries(bytes, file)) {
    if (entry.kind != CtmEntry::Kind::kWord) {
      alternative = entry.kind == CtmEntry::Kind::kAlternativesEnd ? 0 : alternative + 1;
      continue;
    }
    if (alternative > 1) continue;
    const std::string name = entry.file + " " + entry.channel;
    auto tier = std::find_if(labels.tiers.begin(), labels.tiers.end(),
                             [&](const Tier& each) { return each.name == name; });
    if (tier == labels.tiers.end()) tier = labels.tiers.insert(tier, Tier{name, {}});
    tier->labels.push_back(std::move(entry.word));
  }
  for (Tier& tier : labels.tiers) {
    std::stable_sort(tier.labels.begin(), tier.labels.end(),
                     [](const Label& a, const Label& b) { return a.start < b.start; });
  }
  extend_to_last_label(labels);
  return labels;
}

std::string write_ctm(const Labels& labels) {
  std::string text;
  for (const Tier& tier : labels.tiers) {
    const auto name = split_words(tier.name);
    std::string place = name.size() == 2 ? tier.name : std::string(trim(tier.name)) + " 1";
    if (name.size() != 2) std::replace(place.begin(), place.end() - 2, ' ', '_');
    for (const Label& label : tier.labels) {
      if (split_words(label.text).size() != 1) {
        throw DataError("a CTM file holds single words, not \"" + label.text + "\"");
      }
      text += place + " " + format_seconds(label.start) + " " +
              format_seconds(label.end - label.start) + " " + label.text;
      if (label.confidence) text.append(" ").append(std::to_string(*label.confidence));
      text += "\n";
    }
  }
  return text;
}

}  // namespace hmm
