// What is known of a language: a folder of tables.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// The tables of one language: text files of tab-separated fields, a record a line; "#" starts a
/// comment line. core/language/data/en is the pattern for another language.
class LanguageData {
 public:
  struct Row {
    std::size_t line;
    std::vector<std::string_view> fields;
  };

  /// A language by its code. English ("en") is compiled into the library, so that it works from the
  /// build folder and wherever the library is installed; others are folders "hmm/language/CODE" of
  /// the data folders (see data_path.h). Throws SettingsError when there is none.
  static LanguageData open(const std::string& code);
  /// Throws NotFoundError when there is no such folder.
  static LanguageData load(const std::filesystem::path& folder);

  /// The records of a table such as "numbers.txt", which must have from `fewest` to `most` fields.
  /// The views live as long as any copy of this object. Throws NotFoundError without that table,
  /// ParseError with the line for a wrong number of fields or what is not UTF-8.
  std::vector<Row> table(const std::string& name, std::size_t fewest, std::size_t most) const;

  /// Throws the ParseError of a record.
  [[noreturn]] void fail(const std::string& table, const Row& row, const std::string& reason) const;

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;
  LanguageData(std::string place, Texts texts)
      : place_(std::move(place)), texts_(std::make_shared<const Texts>(std::move(texts))) {}

  std::string place_;  // the folder, for messages
  std::shared_ptr<const Texts> texts_;
};

}  // namespace hmm
