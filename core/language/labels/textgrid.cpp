#include "core/language/labels/textgrid.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "core/base/error.h"
#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

/// The free-standing values of a Praat text file, in order.
class PraatReader {
 public:
  PraatReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::string string(const char* what) {
    const Token token = next(what);
    if (token.kind != Token::kString) fail(std::string("expected a quoted text, ") + what);
    return token.text;
  }
  double number(const char* what) {
    const Token token = next(what);
    if (token.kind != Token::kNumber) fail(std::string("expected a number, ") + what);
    return token.number;
  }
  int64_t time(const char* what) {
    const double seconds = number(what);
    if (!(std::abs(seconds) < kLongestRecording))
      fail(std::string(what) + " is more than any recording lasts");
    return nanoseconds(seconds);
  }
  uint64_t count(const char* what) {
    const double value = number(what);
    if (!(value >= 0 && value < 1e15) || value != std::floor(value)) {
      fail(std::string(what) + " is no count");
    }
    return static_cast<uint64_t>(value);
  }
  bool exists(const char* what) {
    const Token token = next(what);
    if (token.kind != Token::kFlag) fail(std::string("expected <exists> or <absent>, ") + what);
    return token.text == "<exists>";
  }
  [[noreturn]] void fail(const std::string& reason) const {
    throw ParseError::at_line(file_, line_, reason);
  }

 private:
  struct Token {
    enum Kind { kString, kNumber, kFlag } kind;
    std::string text;
    double number = 0;
  };

  Token next(const char* what) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at_;
      } else if (c == '"') {
        return {Token::kString, quoted()};
      } else if (c == '!') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        const std::string_view word = take_word();
        if (word.front() == '<' && word.back() == '>') return {Token::kFlag, std::string(word)};
        double value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error == std::errc() && end == word.data() + word.size() && std::isfinite(value)) {
          return {Token::kNumber, {}, value};
        }
      }
    }
    fail(std::string("the file ends before ") + what);
  }

  std::string_view take_word() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n\"", at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    return word;
  }

  std::string quoted() {
    std::string value;
    const uint64_t first_line = line_;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
          ++at_;
          return value;
        }
        ++at_;
      }
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '\r') value.push_back(text_[at_]);
    }
    line_ = first_line;
    fail("the quoted text that starts here never ends");
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  uint64_t line_ = 1;
};

Label read_interval(PraatReader& reader) {
  Label label;
  label.start = reader.time("the start of an interval");
  label.end = reader.time("the end of an interval");
  if (label.end < label.start) reader.fail("the interval ends before it starts");
  label.text = reader.string("the text of an interval");
  return label;
}

Label read_point(PraatReader& reader) {
  Label label;
  label.start = label.end = reader.time("the time of a point");
  label.text = reader.string("the mark of a point");
  return label;
}

Tier read_tier(PraatReader& reader) {
  Tier tier;
  const std::string kind = reader.string("the class of a tier");
  if (kind != "IntervalTier" && kind != "TextTier") {
    reader.fail("the tier's class is \"" + kind + "\", not IntervalTier or TextTier");
  }
  tier.points = kind == "TextTier";
  tier.name = reader.string("the name of a tier");
  reader.time("the start of a tier");
  reader.time("the end of a tier");
  const uint64_t count = reader.count("the number of labels of a tier");
  for (uint64_t i = 0; i < count; ++i) {
    Label label = tier.points ? read_point(reader) : read_interval(reader);
    if (!tier.labels.empty() && label.start < tier.labels.back().start) {
      reader.fail("the label starts before the one in front of it");
    }
    tier.labels.push_back(std::move(label));
  }
  return tier;
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// The labels of an interval tier with the gaps between them filled.
std::vector<Label> without_gaps(const Tier& tier, int64_t start, int64_t end) {
  std::vector<Label> filled;
  int64_t at = start;
  for (const Label& label : tier.labels) {
    if (label.start < at) {
      throw DataError("label \"" + label.text + "\" of tier \"" + tier.name + "\" at " +
                      format_seconds(label.start) +
                      " s overlaps the one in front of it, which a TextGrid cannot hold");
    }
    if (label.start > at) filled.push_back({at, label.start, "", {}});
    filled.push_back(label);
    at = label.end;
  }
  if (at < end) filled.push_back({at, end, "", {}});
  return filled;
}

/// Writes "name = value" with indentation, or the value alone.
class PraatWriter {
 public:
  explicit PraatWriter(TextGridForm form) : long_(form == TextGridForm::kLong) {}

  void value(int depth, const char* name, const std::string& text) {
    if (long_) out_ << std::string(4 * static_cast<std::size_t>(depth), ' ') << name << " = ";
    out_ << text << (long_ ? " \n" : "\n");
  }
  void heading(int depth, const std::string& text) {
    if (long_) out_ << std::string(4 * static_cast<std::size_t>(depth), ' ') << text << "\n";
  }
  void line(const std::string& in_long, const std::string& in_short) {
    out_ << (long_ ? in_long : in_short) << "\n";
  }
  std::string text() const { return out_.str(); }

 private:
  std::ostringstream out_;
  bool long_;
};

void write_tier(PraatWriter& writer, const Tier& tier, const Labels& all) {
  writer.value(2, "class", tier.points ? "\"TextTier\"" : "\"IntervalTier\"");
  writer.value(2, "name", quote(tier.name));
  writer.value(2, "xmin", format_seconds(all.start));
  writer.value(2, "xmax", format_seconds(all.end));
  const auto labels = tier.points ? tier.labels : without_gaps(tier, all.start, all.end);
  const std::string list = tier.points ? "points" : "intervals";
  writer.value(2, (list + ": size").c_str(), std::to_string(labels.size()));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    writer.heading(2, list + " [" + std::to_string(i + 1) + "]:");
    writer.value(3, tier.points ? "number" : "xmin", format_seconds(labels[i].start));
    if (!tier.points) writer.value(3, "xmax", format_seconds(labels[i].end));
    writer.value(3, tier.points ? "mark" : "text", quote(labels[i].text));
  }
}

}  // namespace

Labels read_textgrid(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("ooBinaryFile")) {
    throw ParseError::at_line(file, 1, "a binary TextGrid; save it from Praat as a text file");
  }
  const std::string text = decode_text(bytes, file);
  PraatReader reader(text, file);
  if (!reader.string("the file type").starts_with("ooTextFile")) {
    reader.fail("the file type is not \"ooTextFile\"");
  }
  if (reader.string("the object class") != "TextGrid") reader.fail("the object is no TextGrid");
  Labels labels;
  labels.start = reader.time("the start of the TextGrid");
  labels.end = reader.time("the end of the TextGrid");
  if (labels.end < labels.start) reader.fail("the TextGrid ends before it starts");
  if (!reader.exists("the tiers")) return labels;
  const uint64_t count = reader.count("the number of tiers");
  for (uint64_t i = 0; i < count; ++i) labels.tiers.push_back(read_tier(reader));
  return labels;
}

std::string write_textgrid(const Labels& labels, TextGridForm form) {
  require_ordered(labels);
  Labels all = labels;
  extend_to_last_label(all);
  PraatWriter writer(form);
  writer.line("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n",
              "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n");
  writer.value(0, "xmin", format_seconds(all.start));
  writer.value(0, "xmax", format_seconds(all.end));
  writer.line("tiers? <exists> ", "<exists>");
  writer.value(0, "size", std::to_string(all.tiers.size()));
  writer.heading(0, "item []: ");
  for (std::size_t i = 0; i < all.tiers.size(); ++i) {
    writer.heading(1, "item [" + std::to_string(i + 1) + "]:");
    write_tier(writer, all.tiers[i], all);
  }
  return writer.text();
}

}  // namespace hmm
