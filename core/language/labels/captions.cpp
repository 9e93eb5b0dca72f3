#include "core/language/labels/captions.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

constexpr std::string_view kArrow = "-->";
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kReferences = {
    {{"&lt;", "<"},
     {"&gt;", ">"},
     {"&nbsp;", "\xC2\xA0"},
     {"&lrm;", "\xE2\x80\x8E"},
     {"&rlm;", "\xE2\x80\x8F"},
     {"&amp;", "&"}}};

[[noreturn]] void fail_time(const LabelLines& lines, std::string_view time) {
  lines.fail(std::string("no time of the form hours:minutes:seconds,milliseconds: \"")
                 .append(time)
                 .append("\""));
}

int64_t digits(const LabelLines& lines, std::string_view text, std::string_view whole) {
  if (text.empty() || text.size() > 9 ||
      text.find_first_not_of("0123456789") != std::string_view::npos) {
    fail_time(lines, whole);
  }
  return lines.integer(text, "the time");
}

/// "[hours:]minutes:seconds,milliseconds"; the point of WebVTT serves as the comma of SubRip.
int64_t parse_time(const LabelLines& lines, std::string_view whole) {
  const std::size_t comma = whole.find_last_of(",.");
  const std::size_t last = whole.rfind(':');
  if (comma == std::string_view::npos || last == std::string_view::npos || comma < last) {
    fail_time(lines, whole);
  }
  const std::size_t first = whole.substr(0, last).rfind(':');
  const int64_t hours =
      first == std::string_view::npos ? 0 : digits(lines, whole.substr(0, first), whole);
  const std::size_t minutes_at = first == std::string_view::npos ? 0 : first + 1;
  const int64_t minutes = digits(lines, whole.substr(minutes_at, last - minutes_at), whole);
  const int64_t seconds = digits(lines, whole.substr(last + 1, comma - last - 1), whole);
  const std::string_view fraction = whole.substr(comma + 1);
  const int64_t milliseconds = digits(lines, fraction, whole);
  if (fraction.size() != 3 || minutes > 59 || seconds > 59 || hours > 100'000) {
    fail_time(lines, whole);
  }
  return (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds) * 1'000'000;
}

/// Reads "start --> end [settings]".
Label parse_timing(const LabelLines& lines) {
  const auto fields = split_words(lines.line());
  if (fields.size() < 3 || fields[1] != kArrow) lines.fail("expected \"start --> end\"");
  Label label{parse_time(lines, fields[0]), parse_time(lines, fields[2]), {}, {}};
  if (label.end < label.start) lines.fail("the caption ends before it starts");
  return label;
}

/// The lines up to the next empty one, joined.
std::string read_text(LabelLines& lines) {
  std::string text;
  while (lines.next() && !trim(lines.line()).empty()) {
    if (!text.empty()) text += '\n';
    text += lines.line();
  }
  return text;
}

Labels finish(Tier tier) {
  std::stable_sort(tier.labels.begin(), tier.labels.end(),
                   [](const Label& a, const Label& b) { return a.start < b.start; });
  Labels labels{0, 0, {std::move(tier)}};
  extend_to_last_label(labels);
  return labels;
}

/// Text of a WebVTT cue without its tags and with its character references resolved.
std::string plain_text(std::string_view cue) {
  std::string text;
  for (std::size_t at = 0; at < cue.size();) {
    const std::string_view rest = cue.substr(at);
    const auto reference =
        std::find_if(kReferences.begin(), kReferences.end(),
                     [&](const auto& each) { return rest.starts_with(each.first); });
    if (rest.front() == '<' && rest.find('>') != std::string_view::npos) {
      at += rest.find('>') + 1;
    } else if (reference != kReferences.end()) {
      text += reference->second;
      at += reference->first.size();
    } else {
      text += rest.front();
      ++at;
    }
  }
  return text;
}

std::string format_time(int64_t time, char point) {
  const int64_t milliseconds = (time + 500'000) / 1'000'000;
  char text[40];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld%c%03lld",
                static_cast<long long>(milliseconds / 3'600'000),
                static_cast<long long>(milliseconds / 60'000 % 60),
                static_cast<long long>(milliseconds / 1000 % 60), point,
                static_cast<long long>(milliseconds % 1000));
  return text;
}

std::string without_empty_lines(const std::string& text) {
  std::string kept;
  LabelLines lines(text, text);
  while (lines.next()) {
    if (trim(lines.line()).empty()) continue;
    if (!kept.empty()) kept += '\n';
    kept += lines.line();
  }
  return kept;
}

}  // namespace

Labels read_srt(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  Tier tier{"caption", {}};
  while (lines.next()) {
    if (trim(lines.line()).empty()) continue;
    lines.integer(trim(lines.line()), "the number of the caption");
    if (!lines.next()) lines.fail("the file ends before the times of the caption");
    Label label = parse_timing(lines);
    label.text = read_text(lines);
    tier.labels.push_back(std::move(label));
  }
  return finish(std::move(tier));
}

Labels read_webvtt(std::string_view bytes, const std::string& file) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  if (!lines.next() || split_words(lines.line()).empty() ||
      split_words(lines.line())[0] != "WEBVTT") {
    lines.fail("the file does not start with \"WEBVTT\"");
  }
  read_text(lines);  // what else the header says
  Tier tier{"caption", {}};
  while (lines.next()) {
    const std::string_view line = trim(lines.line());
    if (line.empty()) continue;
    if (line.starts_with("NOTE") || line == "STYLE" || line == "REGION") {
      read_text(lines);
      continue;
    }
    // A line without an arrow is the cue's identifier.
    if (line.find(kArrow) == std::string_view::npos && !lines.next()) {
      lines.fail("the file ends before the times of the cue");
    }
    Label label = parse_timing(lines);
    label.text = plain_text(read_text(lines));
    tier.labels.push_back(std::move(label));
  }
  return finish(std::move(tier));
}

std::string write_srt(const Labels& labels) {
  std::string text;
  int number = 0;
  for (const Label& label : labels.tiers.empty() ? std::vector<Label>() : labels.tiers[0].labels) {
    const std::string caption = without_empty_lines(label.text);
    if (caption.empty()) continue;
    text += std::to_string(++number) + "\n" + format_time(label.start, ',') + " --> " +
            format_time(label.end, ',') + "\n" + caption + "\n\n";
  }
  return text;
}

std::string write_webvtt(const Labels& labels) {
  std::string text = "WEBVTT\n\n";
  for (const Label& label : labels.tiers.empty() ? std::vector<Label>() : labels.tiers[0].labels) {
    std::string escaped;
    for (const char c : without_empty_lines(label.text)) {
      escaped += c == '&'   ? std::string("&amp;")
                 : c == '<' ? std::string("&lt;")
                 : c == '>' ? std::string("&gt;")
                            : std::string(1, c);
    }
    if (escaped.empty()) continue;
    text += format_time(label.start, '.') + " --> " + format_time(label.end, '.') + "\n" + escaped +
            "\n\n";
  }
  return text;
}

}  // namespace hmm
