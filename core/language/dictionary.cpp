#include "core/language/dictionary.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr int64_t kMaximalAlternate = 63;

/// "read(2)" is alternate 2 of "read"; anything else is alternate 0 of itself.
struct Headword {
  std::string_view word;
  int64_t alternate = 0;
};

Headword split_alternate(std::string_view word) {
  const std::size_t open = word.rfind('(');
  if (open == std::string_view::npos || open == 0 || !word.ends_with(')')) return {word};
  const std::string_view number = word.substr(open + 1, word.size() - open - 2);
  if (number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos) {
    return {word};
  }
  return {word.substr(0, open), parse_integer(number, 1, kMaximalAlternate).value_or(-1)};
}

class DictionaryReader {
 public:
  DictionaryReader(std::string_view text, const DictionaryOptions& options,
                   Lexicon::Builder& lexicon)
      : options_(options),
        lexicon_(lexicon),
        may_be_invalid_(find_invalid_utf8(text) != std::string_view::npos) {
    constexpr std::size_t kUsualLine = 24;
    alternates_.reserve(text.size() / kUsualLine);
  }

  /// Why the line is malformed; empty when it is not.
  std::string read_line(std::string_view line) {
    if (line.starts_with(";;") || line.starts_with("##")) return {};
    if (const std::size_t invalid = may_be_invalid_ ? find_invalid_utf8(line) : line.npos;
        invalid != std::string_view::npos) {
      return "byte " + std::to_string(invalid + 1) + " of the line is not UTF-8";
    }
    if (line.find('\0') != std::string_view::npos) return "the line has a NUL byte";
    const auto comment = std::min(line.find(" #"), line.find("\t#"));
    const auto fields = split_words(line.substr(0, comment));
    if (fields.empty()) return {};
    if (fields.size() == 1) return "the word " + quoted(fields[0]) + " has no phones";
    if (std::string reason = read_phones(fields); !reason.empty()) return reason;
    const Headword headword = split_alternate(fields[0]);
    if (std::string reason = note(headword, fields[0]); !reason.empty()) return reason;
    lexicon_.add(headword.word, phones_);
    return {};
  }

 private:
  std::string read_phones(const std::vector<std::string_view>& fields) {
    phones_.clear();
    for (std::size_t i = 1; i < fields.size(); ++i) {
      std::string_view name = fields[i];
      if (options_.strip_stress && name.size() > 1 && name.back() >= '0' && name.back() <= '2') {
        name.remove_suffix(1);
      }
      if (options_.phones != nullptr && !options_.phones->find(name)) {
        return "the acoustic model has no phone " + quoted(name);
      }
      phones_.push_back(lexicon_.phone(name));
    }
    return {};
  }

  std::string note(const Headword& headword, std::string_view written) {
    if (headword.alternate < 0) {
      return "the alternate " + quoted(written) + " is not numbered from 1 to " +
             std::to_string(kMaximalAlternate);
    }
    const auto known = alternates_.find(headword.word);
    if (headword.alternate > 0 && known == alternates_.end()) {
      return "the alternate " + quoted(written) + " comes before its word";
    }
    uint64_t& listed = known == alternates_.end() ? alternates_[headword.word] : known->second;
    const uint64_t bit = uint64_t{1} << headword.alternate;
    if ((listed & bit) != 0) {
      return "the word " + quoted(written) + " is listed twice; alternates are numbered, as in " +
             quoted(std::string_view(std::string(headword.word) + "(2)"));
    }
    listed |= bit;
    return {};
  }

  const DictionaryOptions& options_;
  Lexicon::Builder& lexicon_;
  bool may_be_invalid_;
  std::unordered_map<std::string_view, uint64_t> alternates_;  // one bit for each that was listed
  std::vector<uint8_t> phones_;
};

}  // namespace

std::vector<std::string> read_dictionary(std::string_view text, const std::string& file,
                                         const DictionaryOptions& options,
                                         Lexicon::Builder& lexicon) {
  TextLines lines(std::as_bytes(std::span(text)), file);
  DictionaryReader reader(text, options, lexicon);
  std::vector<std::string> warnings;
  while (lines.next()) {
    std::string reason;
    try {
      reason = reader.read_line(lines.line());
    } catch (const DataError& error) {
      reason = error.what();
    }
    if (reason.empty()) continue;
    if (!options.skip_malformed) lines.fail(reason);
    warnings.emplace_back(ParseError::at_line(file, lines.number(), reason).what());
  }
  return warnings;
}

Dictionary load_dictionary(const std::vector<std::filesystem::path>& files,
                           const DictionaryOptions& options) {
  Lexicon::Builder builder;
  std::vector<std::string> warnings;
  for (const auto& path : files) {
    const MappedFile file(path);
    const auto more = read_dictionary(file.text(), path.string(), options, builder);
    warnings.insert(warnings.end(), more.begin(), more.end());
  }
  return {builder.build(), std::move(warnings)};
}

}  // namespace hmm
