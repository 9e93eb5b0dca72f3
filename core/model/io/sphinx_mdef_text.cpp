#include <algorithm>
#include <unordered_map>

#include "core/base/error.h"
#include "core/model/io/sphinx_mdef.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr std::string_view kSilence = "SIL";

bool next_line(TextLines& lines) {
  while (lines.next()) {
    if (!lines.line().starts_with('#') && !split_words(lines.line()).empty()) return true;
  }
  return false;
}

void require_line(TextLines& lines, const char* what) {
  if (!next_line(lines)) lines.fail("the file ends before " + std::string(what));
}

struct Counts {
  int64_t base = 0, triphones = 0, state_map = 0, senones = 0, ci_senones = 0, matrices = 0;
};

Counts read_counts(TextLines& lines) {
  Counts counts;
  struct Field {
    const char* name;
    int64_t& value;
    int64_t minimum;
  };
  const Field fields[] = {
      {"n_base", counts.base, 1},
      {"n_tri", counts.triphones, 0},
      {"n_state_map", counts.state_map, 1},
      {"n_tied_state", counts.senones, 1},
      {"n_tied_ci_state", counts.ci_senones, 1},
      {"n_tied_tmat", counts.matrices, 1},
  };
  for (const Field& field : fields) {
    require_line(lines, field.name);
    const auto words = split_words(lines.line());
    const auto value = parse_integer(words[0], field.minimum);
    if (words.size() != 2 || words[1] != field.name || !value) {
      lines.fail("expected a count and " + std::string(field.name) + ", found " +
                 quoted(lines.line()));
    }
    field.value = *value;
  }
  if (counts.senones < counts.ci_senones) {
    lines.fail("there are fewer senones in all than there are without context");
  }
  return counts;
}

/// Columns: base, left, right, position, attribute, transition matrix, senones..., "N".
class Rows {
 public:
  Rows(TextLines& lines, const Counts& counts) : lines_(lines), counts_(counts) {
    const int64_t phones = counts.base + counts.triphones;
    // The states of all phones, with the one that emits nothing.
    if (counts.state_map % phones != 0 || counts.state_map / phones < 2) {
      lines.fail(std::to_string(counts.state_map) + " states do not divide evenly over " +
                 std::to_string(phones) + " phones");
    }
    states_ = static_cast<std::size_t>(counts.state_map / phones - 1);
  }

  std::size_t states() const { return states_; }

  void next() {
    require_line(lines_, "the last phone");
    words_ = split_words(lines_.line());
    if (words_.size() != states_ + 7 || words_.back() != "N") {
      lines_.fail("a phone takes " + std::to_string(states_ + 7) +
                  " columns, the last of them N; found " + quoted(lines_.line()));
    }
    matrix_ = integer(words_[5], counts_.matrices, "transition matrix");
    senones_.clear();
    for (std::size_t i = 0; i < states_; ++i) {
      senones_.push_back(integer(words_[6 + i], counts_.senones, "senone"));
    }
  }

  std::string_view word(std::size_t column) const { return words_[column]; }
  int transition_matrix() const { return matrix_; }
  std::span<const int32_t> senones() const { return senones_; }

 private:
  int32_t integer(std::string_view word, int64_t count, const char* what) const {
    const auto value = parse_integer(word, 0, count - 1);
    if (!value) {
      lines_.fail(quoted(word) + " is no " + what + "; there are " + std::to_string(count));
    }
    return static_cast<int32_t>(*value);
  }

  TextLines& lines_;
  const Counts& counts_;
  std::size_t states_ = 0;
  std::vector<std::string_view> words_;
  int32_t matrix_ = 0;
  std::vector<int32_t> senones_;
};

void read_phones(TextLines& lines, const Counts& counts, Rows& rows, PhoneSet::Builder& builder) {
  for (int64_t i = 0; i < counts.base; ++i) {
    rows.next();
    if (rows.word(1) != "-" || rows.word(2) != "-" || rows.word(3) != "-") {
      lines.fail("a triphone stands among the first " + std::to_string(counts.base) +
                 " rows, which are for phones without context");
    }
    const auto high = std::ranges::max(rows.senones());
    if (high >= counts.ci_senones) {
      lines.fail("a phone without context has senone " + std::to_string(high) +
                 ", but only the first " + std::to_string(counts.ci_senones) + " are for these");
    }
    builder.add_phone(rows.word(0), rows.word(4) == "filler", rows.senones(),
                      rows.transition_matrix());
  }
}

WordPosition word_position(const TextLines& lines, std::string_view word) {
  if (word == "i") return WordPosition::kInternal;
  if (word == "b") return WordPosition::kBegin;
  if (word == "e") return WordPosition::kEnd;
  if (word == "s") return WordPosition::kSingle;
  lines.fail(quoted(word) + " is no word position; these are b, e, i and s");
}

void read_triphones(TextLines& lines, const Counts& counts, Rows& rows,
                    const std::unordered_map<std::string_view, int>& phones,
                    PhoneSet::Builder& builder) {
  for (int64_t i = 0; i < counts.triphones; ++i) {
    rows.next();
    int context[3];
    for (std::size_t column = 0; column < 3; ++column) {
      const auto phone = phones.find(rows.word(column));
      if (phone == phones.end()) lines.fail("there is no phone " + quoted(rows.word(column)));
      context[column] = phone->second;
    }
    builder.add_triphone({context[0], context[1], context[2], word_position(lines, rows.word(3))},
                         rows.senones(), rows.transition_matrix());
  }
  if (next_line(lines)) lines.fail("there are more rows than phones");
}

}  // namespace

SphinxModelDefinition parse_sphinx_mdef_text(std::span<const std::byte> bytes,
                                             const std::string& file, bool triphones) {
  TextLines lines(bytes, file);
  require_line(lines, "the version");
  if (lines.line() != "0.3") {
    lines.fail("this is no model definition: it starts with " + quoted(lines.line()) +
               " and not with the version 0.3");
  }
  const Counts counts = read_counts(lines);
  Rows rows(lines, counts);
  // A row takes two bytes a column or more.
  const auto row_size = static_cast<int64_t>(2 * (rows.states() + 7) - 1);
  if (counts.base + counts.triphones > static_cast<int64_t>(bytes.size()) / row_size) {
    lines.fail("the file is too short for the phones that it announces");
  }
  try {
    PhoneSet::Builder builder(static_cast<int>(rows.states()));
    read_phones(lines, counts, rows, builder);
    const std::optional<int> silence = builder.find(kSilence);
    if (!silence) lines.fail("there is no phone SIL");
    if (triphones) {
      std::unordered_map<std::string_view, int> phones;
      std::vector<std::string> names;
      for (int phone = 0; phone < builder.phones(); ++phone) names.push_back(builder.name(phone));
      for (int phone = 0; phone < builder.phones(); ++phone) phones[names[phone]] = phone;
      read_triphones(lines, counts, rows, phones, builder);
    }
    return {builder.build(*silence), static_cast<int>(counts.senones),
            static_cast<int>(counts.ci_senones), static_cast<int>(counts.matrices)};
  } catch (const DataError& error) {
    lines.fail(error.what());
  }
}

}  // namespace hmm
