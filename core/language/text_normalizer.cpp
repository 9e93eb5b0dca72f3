#include "core/language/text_normalizer.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/base/utf8.h"
#include "core/language/number_reading.h"
#include "core/language/reading_tables.h"
#include "core/language/text_folding.h"
#include "core/language/word_reading.h"

namespace hmm {

struct TextNormalizer::Tables {
  explicit Tables(const LanguageData& language) : folding(language), reading(language) {}
  TextFolding folding;
  ReadingTables reading;
};

namespace {

using Condition = ReadingTables::Condition;
using Place = ReadingTables::Place;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// What stands between spaces, and of that what is left without quotes, brackets and full stops.
struct Chunk {
  std::size_t begin = 0, end = 0;
  std::size_t core_begin = 0, core_end = 0;
};

/// Reads one text out, chunk by chunk.
class Reader {
 public:
  Reader(const ReadingTables& tables, FoldedText folded)
      : tables_(tables), numbers_(tables), words_(tables), folded_(std::move(folded)) {
    find_chunks();
  }

  std::vector<NormalizedToken> read() {
    for (at_ = 0; at_ < chunks_.size(); ++at_) {
      const State before = state_;
      state_ = {};
      if (!core(at_).empty()) read_chunk(before);
      separated_ = said_until_ < chunks_[at_].end;
      if (separated_) state_ = {};
    }
    return std::move(tokens_);
  }

 private:
  /// What the next chunk must know of this one.
  struct State {
    bool number = false;
    bool one = false;  // the number was 1
    bool month = false;
    Words currency;  // to be said behind the magnitude that follows
  };

  void find_chunks();
  Chunk trimmed(std::size_t begin, std::size_t end) const;
  bool opens(std::size_t at, std::size_t end) const;

  std::string_view text(std::size_t begin, std::size_t end) const {
    return std::string_view(folded_.text).substr(begin, end - begin);
  }
  std::string_view core(std::size_t chunk) const {
    return chunk < chunks_.size() ? text(chunks_[chunk].core_begin, chunks_[chunk].core_end)
                                  : std::string_view();
  }
  std::string_view previous() const { return at_ > 0 ? core(at_ - 1) : std::string_view(); }
  std::string_view next() const {
    return has_punctuation_behind(at_) ? std::string_view() : core(at_ + 1);
  }
  /// The core with the full stop behind it, if there is one.
  std::string_view dotted(std::size_t chunk) const {
    if (chunk >= chunks_.size()) return {};
    const Chunk& c = chunks_[chunk];
    const bool dot = c.core_end < c.end && folded_.text[c.core_end] == '.';
    return text(c.core_begin, c.core_end + (dot ? 1 : 0));
  }
  bool has_punctuation_behind(std::size_t chunk) const {
    return chunks_[chunk].core_end < chunks_[chunk].end;
  }
  template <class Map>
  auto find_dotted(const Map& map, std::size_t chunk) const {
    const auto found = map.find(dotted(chunk));
    return found != map.end() ? found : map.find(core(chunk));
  }

  void emit(std::size_t begin, std::size_t end, Words words);
  void emit_core(Words words) {
    emit(chunks_[at_].core_begin, chunks_[at_].core_end, std::move(words));
  }
  void emit_dotted(Words words) {
    const std::size_t begin = chunks_[at_].core_begin;
    emit(begin, begin + dotted(at_).size(), std::move(words));
  }

  void read_chunk(const State& before);
  bool read_behind_number(const State& before);
  bool read_month();
  bool read_abbreviation();
  bool read_number_form(const State& before);
  bool read_range();
  bool read_roman_numeral();
  bool read_initials();
  bool read_address();
  void read_parts();
  void read_part(std::size_t begin, std::size_t end, bool behind_number);
  void read_runs(std::size_t begin, std::size_t end);

  NumberContext number_context(const State& before) const;
  std::optional<Words> amount(std::string_view written, const NumberContext& context) const;

  const ReadingTables& tables_;
  NumberReading numbers_;
  WordReading words_;
  FoldedText folded_;
  std::vector<Chunk> chunks_;
  std::vector<NormalizedToken> tokens_;
  std::size_t at_ = 0;
  std::size_t said_until_ = 0;  // in the folded text
  bool separated_ = false;      // by punctuation, from the chunk before
  State state_;
};

void Reader::find_chunks() {
  const std::string_view all = folded_.text;
  for (std::size_t begin = all.find_first_not_of(' '); begin != std::string_view::npos;) {
    const std::size_t end = std::min(all.find(' ', begin), all.size());
    chunks_.push_back(trimmed(begin, end));
    begin = all.find_first_not_of(' ', end);
  }
}

/// Whether something that is read can start at this character.
bool Reader::opens(std::size_t at, std::size_t end) const {
  const std::string_view rest = text(at, end);
  const char c = rest[0];
  const bool number_behind =
      rest.size() > 1 && (is_digit(rest[1]) || rest[1] == '.' || rest[1] == '$');
  if (c == '-' || c == '.') return number_behind;
  if (c == '<' || c == '>') return number_behind || rest.size() == 1;  // else it is markup
  if (c == '\'')
    return words_.starts_with_contraction(rest) || tables_.abbreviations.contains(rest);
  const std::string_view character = utf8_characters(rest.substr(0, 4))[0];
  return is_digit(c) || is_letter(character) || c == '#' || c == '@' ||
         tables_.symbols.contains(character) || tables_.currencies.contains(character);
}

Chunk Reader::trimmed(std::size_t begin, std::size_t end) const {
  Chunk chunk{begin, end, begin, end};
  const auto continues = [&](std::size_t i) {
    return (static_cast<unsigned char>(folded_.text[i]) & 0xC0) == 0x80;
  };
  while (chunk.core_begin < end && !opens(chunk.core_begin, end)) {
    do ++chunk.core_begin;
    while (chunk.core_begin < end && continues(chunk.core_begin));
  }
  while (chunk.core_end > chunk.core_begin) {
    std::size_t last = chunk.core_end - 1;
    while (continues(last)) --last;
    const std::string_view character = text(last, chunk.core_end);
    const std::string_view whole = text(chunk.core_begin, chunk.core_end);
    if (is_digit(character[0]) || is_letter(character) || whole == character) break;
    if (character != "<" && character != ">" &&
        (tables_.symbols.contains(character) || tables_.currencies.contains(character) ||
         tables_.units.contains(character))) {
      break;
    }
    if (tables_.abbreviations.contains(whole)) break;
    chunk.core_end = last;
  }
  return chunk;
}

void Reader::emit(std::size_t begin, std::size_t end, Words words) {
  if (words.empty() || begin == end) return;
  said_until_ = end;
  NormalizedToken token{std::move(words), folded_.begins[begin], folded_.ends[end - 1]};
  // One character may be read as several chunks: the first token has it all.
  if (!tokens_.empty()) token.begin = std::max(token.begin, tokens_.back().end);
  token.end = std::max(token.begin, token.end);
  tokens_.push_back(std::move(token));
}

void Reader::read_chunk(const State& before) {
  if (read_behind_number(before) || read_month() || read_abbreviation()) return;
  if (const auto symbol = tables_.symbols.find(core(at_)); symbol != tables_.symbols.end()) {
    return emit_core(symbol->second);
  }
  if (read_address() || read_number_form(before) || read_range() || read_roman_numeral() ||
      read_initials()) {
    return;
  }
  read_parts();
}

/// "million" and "km" behind a number.
bool Reader::read_behind_number(const State& before) {
  if (!before.number) return false;
  const auto scale = tables_.magnitudes.find(core(at_));
  if (scale != tables_.magnitudes.end() && scale->second.place == Place::kApart) {
    Words words = {scale->second.word};
    append(words, before.currency);
    emit_core(std::move(words));
    return true;
  }
  for (const bool with_dot : {true, false}) {
    const auto unit = numbers_.unit(with_dot ? dotted(at_) : core(at_), before.one, false);
    if (!unit) continue;
    if (with_dot) {
      emit_dotted(*unit);
    } else {
      emit_core(*unit);
    }
    return true;
  }
  return false;
}

bool Reader::read_month() {
  const auto month = find_dotted(tables_.months, at_);
  if (month == tables_.months.end()) return false;
  const bool dotted_form = month->first.ends_with('.');
  const bool whole_word = lower_case_utf8(month->first) == month->second.word;
  const bool number_next = !core(at_ + 1).empty() && is_digit(core(at_ + 1)[0]);
  const bool number_before = !previous().empty() && is_digit(previous()[0]);
  if (!dotted_form && !whole_word && !number_next && !number_before) return false;
  if (dotted_form) {
    emit_dotted({month->second.word});
  } else {
    emit_core({month->second.word});
  }
  state_.month = number_next;
  return true;
}

bool Reader::read_abbreviation() {
  const std::string_view following = core(at_ + 1);
  const bool before_number = !following.empty() && is_digit(following[0]);
  const bool before_name = !following.empty() && is_capital(following[0]);
  const bool after_name = !previous().empty() && is_capital(previous()[0]);
  for (const std::string_view written : {dotted(at_), core(at_)}) {
    const auto found = tables_.abbreviations.find(written);
    if (found == tables_.abbreviations.end()) continue;
    for (const auto& [words, condition] : found->second) {
      if ((condition == Condition::kBeforeNumber && !before_number) ||
          (condition == Condition::kBeforeName && !before_name) ||
          (condition == Condition::kAfterName && !after_name)) {
        continue;
      }
      emit(chunks_[at_].core_begin, chunks_[at_].core_begin + written.size(), words);
      return true;
    }
  }
  return false;
}

NumberContext Reader::number_context(const State& before) const {
  NumberContext context;
  context.after_month = before.month;
  context.after_number = before.number;
  if (next().empty()) return context;
  context.before_month = find_dotted(tables_.months, at_ + 1) != tables_.months.end();
  const auto& full_hour = tables_.phrase("full-hour");
  context.before_unit = numbers_.unit(dotted(at_ + 1), false, false) ||
                        numbers_.unit(next(), false, false) ||
                        (!full_hour.empty() && full_hour[0] == next());
  const auto scale = tables_.magnitudes.find(next());
  if (scale != tables_.magnitudes.end() && scale->second.place == Place::kApart) {
    context.magnitude = scale->first;
  }
  return context;
}

std::optional<Words> Reader::amount(std::string_view written, const NumberContext& context) const {
  if (auto money = numbers_.money(written, context)) return money;
  return numbers_.quantity(written, context);
}

bool Reader::read_number_form(const State& before) {
  const std::string_view written = core(at_);
  if (std::ranges::none_of(written, is_digit)) return false;
  const NumberContext context = number_context(before);
  if (written[0] == '#') {
    const auto number = written_number(written.substr(1));
    if (!number || number->size + 1 != written.size()) return false;
    Words words = tables_.phrase("number-sign");
    append(words, numbers_.cardinal(*number));
    emit_core(std::move(words));
    return true;
  }
  if (auto money = numbers_.money(written, context)) {
    if (!context.magnitude.empty()) {
      const std::size_t amount_begin = written.find_first_of("0123456789.");
      std::string_view sign = written.substr(0, amount_begin);
      if (sign.starts_with('-')) sign.remove_prefix(1);
      state_.number = true;
      state_.currency = numbers_.unit(sign, false, true).value_or(Words());
    }
    emit_core(std::move(*money));
    return true;
  }
  std::optional<Words> words = numbers_.date(written);
  if (!words) words = numbers_.telephone(written);
  if (!words) words = numbers_.time(written, context);
  if (!words) words = numbers_.fraction(written, context);
  if (!words) words = numbers_.quantity(written, context);
  if (!words) return false;
  const std::string_view said_before = previous();
  if (words->size() > 1 && lower_case_utf8(said_before) == words->front() && context.before_month) {
    words->erase(words->begin());  // "the 4th July"
  }
  state_.number = is_digit(written.back());
  state_.one = written == "1";
  emit_core(std::move(*words));
  return true;
}

/// "10-20", "$5-$10", "1914-1918", "5-10%".
bool Reader::read_range() {
  const std::string_view written = core(at_);
  const std::size_t dash = written.find('-', 1);
  if (dash == std::string_view::npos || !is_digit(written[dash - 1])) return false;
  const auto from = amount(written.substr(0, dash), {});
  std::string_view end = written.substr(dash + 1);
  auto to = end.empty() || end[0] == '-' ? std::nullopt : amount(end, {});
  if (!to) to = numbers_.time(end, number_context({}));
  auto start = from ? from : numbers_.time(written.substr(0, dash), {});
  if (!start || !to) return false;
  const std::size_t begin = chunks_[at_].core_begin;
  emit(begin, begin + dash, *start);
  emit(begin + dash, begin + dash + 1, tables_.phrase("range"));
  emit(begin + dash + 1, begin + written.size(), *to);
  state_.number = is_digit(written.back());
  return true;
}

bool Reader::read_roman_numeral() {
  const auto context = tables_.numeral_contexts.find(previous());
  if (context == tables_.numeral_contexts.end() || separated_) return false;
  const auto [stem, ending] = words_.split_possessive(core(at_));
  const auto value = roman_numeral(stem);
  const bool ordinal = context->second;
  if (!value || (stem.size() == 1 && *value > 10)) return false;
  const bool last = has_punctuation_behind(at_) || at_ + 1 == chunks_.size();
  // "the part I like", "Henry I think".
  if (stem == "I" && !last && (ordinal || !is_capital(previous()[0]))) return false;
  Words words = ordinal ? tables_.phrase("regnal") : Words();
  tables_.numbers.append(ordinal ? "ordinal" : "cardinal", *value, words);
  words.back() += ending;
  emit_core(std::move(words));
  return true;
}

/// "U.S.", "J.R.R.", and "J." before a name.
bool Reader::read_initials() {
  const auto [stem, ending] = words_.split_possessive(dotted(at_));
  const bool capital = is_capital(stem[0]);
  Words words;
  for (std::size_t i = 0; i < stem.size(); ++i) {
    const bool expected =
        i % 2 == 0 ? std::isalpha(static_cast<unsigned char>(stem[i])) != 0 : stem[i] == '.';
    if (!expected) return false;
    if (i % 2 == 0) words.push_back(tables_.letter(lower_case_utf8(stem.substr(i, 1))));
  }
  if (stem.size() < 2) return false;
  if (words.size() == 1) {
    const std::string_view following = core(at_ + 1);
    const bool before_name = !following.empty() && is_capital(following[0]);
    if (!capital || !before_name || words_.is_word(stem.substr(0, 1))) return false;
  }
  words.back() += ending;
  emit_dotted(std::move(words));
  return true;
}

bool Reader::read_address() {
  auto words = words_.address(core(at_), numbers_);
  if (!words) return false;
  emit_core(std::move(*words));
  return true;
}

/// The parts between hyphens and slashes.
void Reader::read_parts() {
  const Chunk& chunk = chunks_[at_];
  bool behind_number = false;
  for (std::size_t begin = chunk.core_begin; begin < chunk.core_end;) {
    const std::size_t end =
        begin + std::min(text(begin, chunk.core_end).find('-'), chunk.core_end - begin);
    if (end > begin) {
      read_part(begin, end, behind_number);
      behind_number = is_digit(folded_.text[end - 1]);
    }
    begin = end + 1;
  }
}

void Reader::read_part(std::size_t begin, std::size_t end, bool behind_number) {
  const std::string_view part = text(begin, end);
  if (behind_number) {
    if (const auto unit = numbers_.unit(part, true, false)) return emit(begin, end, *unit);
  }
  if (std::ranges::any_of(part, is_digit)) {
    auto words = numbers_.fraction(part, {});
    if (!words) words = amount(part, {});
    if (words) return emit(begin, end, std::move(*words));
  }
  read_runs(begin, end);
}

/// Runs of letters and of digits, and the symbols between them.
void Reader::read_runs(std::size_t begin, std::size_t end) {
  if (folded_.text[begin] == '#' && end - begin > 1) {
    emit(begin, begin + 1, tables_.phrase("number-sign-word"));
  }
  const bool markup = text(begin, end).find('>') != std::string_view::npos;
  for (std::size_t at = begin; at < end;) {
    const std::size_t run = words_.run_length(text(at, end));
    if (run > 0) {
      const bool alone = run == core(at_).size();
      emit(at, at + run, words_.run(text(at, at + run), alone, numbers_));
      at += run;
      continue;
    }
    const std::string_view character = utf8_characters(text(at, std::min(end, at + 4)))[0];
    const auto symbol = tables_.symbols.find(character);
    const bool bracket = markup && (character == "<" || character == ">");
    if (symbol != tables_.symbols.end() && !bracket) {
      emit(at, at + character.size(), symbol->second);
    }
    at += character.size();
  }
}

}  // namespace

TextNormalizer::TextNormalizer(const LanguageData& language)
    : tables_(std::make_unique<Tables>(language)) {}

TextNormalizer::~TextNormalizer() = default;

std::vector<NormalizedToken> TextNormalizer::normalize(std::string_view text) const {
  return Reader(tables_->reading, tables_->folding.fold(text)).read();
}

std::string spoken_text(const std::vector<NormalizedToken>& tokens) {
  std::string text;
  for (const NormalizedToken& token : tokens) {
    for (const std::string& word : token.words) text.append(text.empty() ? "" : " ").append(word);
  }
  return text;
}

}  // namespace hmm
