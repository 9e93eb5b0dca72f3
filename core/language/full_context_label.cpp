#include "core/language/full_context_label.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"

namespace hmm {

namespace {

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

std::optional<int64_t> to_integer(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

ContextFormat label_format(std::string_view context) {
  const std::size_t fifth = context.find('=');
  const std::size_t section = context.find("/A:");
  if (fifth == std::string_view::npos || section == std::string_view::npos || section < fifth) {
    return ContextFormat::kUnknown;
  }
  const bool has_position = context.substr(fifth, section - fifth).find('@') != std::string::npos;
  return has_position ? ContextFormat::kEnglish : ContextFormat::kJapanese;
}

std::string_view label_phone(std::string_view context) {
  const std::size_t left = context.find('-');
  const std::size_t right = left == std::string_view::npos ? left : context.find('+', left);
  if (right == std::string_view::npos) return context;
  return context.substr(left + 1, right - left - 1);
}

FullContextLabelReader::FullContextLabelReader(std::string_view text, std::string file)
    : text_(text), file_(std::move(file)) {
  ahead_ = read();
  if (!ahead_) fail("there is no label to speak");
}

std::optional<FullContextLabel> FullContextLabelReader::next() {
  if (!ahead_) return std::nullopt;
  std::optional<FullContextLabel> label = std::move(ahead_);
  ahead_ = read();
  if (ahead_ && !label->end) label->end = ahead_->start;
  return label;
}

std::optional<FullContextLabel> FullContextLabelReader::read() {
  while (!text_.empty()) {
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++line_;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return parse(line);
  }
  return std::nullopt;
}

FullContextLabel FullContextLabelReader::parse(std::string_view line) {
  const std::string_view first = next_word(line);
  FullContextLabel label;
  if (to_integer(first)) {
    label.start = parse_time(first);
    label.end = parse_time(next_word(line));
    label.context = next_word(line);
    if (label.context.empty()) fail("has times and no label");
  } else {
    label.context = first;
  }
  if (!next_word(line).empty()) fail("has more than a start, an end and a label");
  check(label);
  return label;
}

std::optional<int64_t> FullContextLabelReader::parse_time(std::string_view word) const {
  const auto time = to_integer(word);
  if (!time || *time < -1) fail("a time must be a whole number of 100 ns, or -1 for none");
  return *time == -1 ? std::nullopt : time;
}

void FullContextLabelReader::check(const FullContextLabel& label) {
  const bool printable = std::none_of(label.context.begin(), label.context.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
  });
  if (!printable) fail("a label holds control characters");
  if (label.context.ends_with(']')) fail("is a label of one state; give one line for each phone");
  if (label.start && label.end && *label.end < *label.start) fail("ends before it starts");
  for (const auto& time : {label.start, label.end}) {
    if (time && *time < latest_) fail("starts or ends before an earlier label ends");
  }
  latest_ = std::max(latest_, label.end.value_or(label.start.value_or(0)));
}

void FullContextLabelReader::fail(const std::string& reason) const {
  throw ParseError::at_line(file_, line_, reason);
}

std::vector<FullContextLabel> parse_full_context_labels(std::string_view text,
                                                        const std::string& file) {
  FullContextLabelReader reader(text, file);
  std::vector<FullContextLabel> labels;
  while (auto label = reader.next()) labels.push_back(std::move(*label));
  return labels;
}

}  // namespace hmm
