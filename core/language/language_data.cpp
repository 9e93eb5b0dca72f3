#include "core/language/language_data.h"

#include "core/base/data_path.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/language/built_in_data.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

std::vector<std::string_view> split_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace

LanguageData LanguageData::open(const std::string& code) {
  Texts texts;
  for (const BuiltInTable& table : built_in_tables()) {
    if (table.language == code) texts.emplace(table.name, table.text);
  }
  if (!texts.empty()) return {"language/" + code, std::move(texts)};
  const bool is_name = !code.empty() && code.find_first_of("/.") == std::string::npos;
  const auto folder = is_name ? find_data("hmm/language/" + code) : std::nullopt;
  if (!folder) {
    throw SettingsError("there is no language \"" + code +
                        "\": neither built in (en is) nor a folder hmm/language/" + code +
                        " in the data folders or HMM_MODEL_PATH");
  }
  return load(*folder);
}

LanguageData LanguageData::load(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw NotFoundError(folder.string() + " is not a folder of language tables");
  }
  Texts texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    texts.emplace(entry.path().filename().string(), MappedFile(entry.path()).text());
  }
  return {folder.string(), std::move(texts)};
}

std::vector<LanguageData::Row> LanguageData::table(const std::string& name, std::size_t fewest,
                                                   std::size_t most) const {
  const auto found = texts_->find(name);
  if (found == texts_->end()) {
    throw NotFoundError("the language in " + place_ + " has no table " + name);
  }
  TextLines lines(std::as_bytes(std::span(found->second)), place_ + "/" + name);
  std::vector<Row> rows;
  while (lines.next()) {
    if (lines.line().empty() || lines.line().starts_with('#')) continue;
    if (find_invalid_utf8(lines.line()) != std::string_view::npos) lines.fail("not UTF-8");
    Row row{lines.number(), split_fields(lines.line())};
    if (row.fields.size() < fewest || row.fields.size() > most) {
      lines.fail("the line has " + std::to_string(row.fields.size()) + " fields, not " +
                 std::to_string(fewest) +
                 (most > fewest ? " to " + std::to_string(most) : std::string()));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void LanguageData::fail(const std::string& table, const Row& row, const std::string& reason) const {
  throw ParseError::at_line(place_ + "/" + table, row.line, reason);
}

}  // namespace hmm
