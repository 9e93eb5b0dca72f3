#include "pipelines/eval/inputs.h"

#include <map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/language/labels/label_lines.h"

namespace hmm::eval {
namespace {

namespace fs = std::filesystem;

/// The files of a folder by their path within it, without the extension.
std::map<std::string, fs::path> files_by_name(const fs::path& folder, const std::string& extension,
                                              Report& report) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (!entry.is_regular_file() || path.filename().string().starts_with('.')) continue;
    if (!extension.empty() && path.extension() != extension) continue;
    const std::string name = fs::relative(path, folder).replace_extension().string();
    if (!files.emplace(name, path).second) {
      report.fault(path.string() +
                   ": another file has the same name but for its extension; give "
                   "the extension to compare");
    }
  }
  return files;
}

std::vector<InputPair> read_list(const fs::path& path) {
  const MappedFile file(path);
  const std::string text = decode_text(file.text(), path.string());
  LabelLines lines(text, path.string());
  std::vector<InputPair> pairs;
  while (lines.next()) {
    const auto fields = split_words(lines.line());
    if (fields.empty() || fields[0].starts_with('#')) continue;
    if (fields.size() != 2) lines.fail("expected \"reference hypothesis\"");
    const fs::path base = path.parent_path();
    const fs::path reference = base / fields[0];
    pairs.push_back({reference.stem().string(), reference, base / fields[1]});
  }
  return pairs;
}

void require_present(const fs::path& path) {
  if (!fs::exists(path)) throw NotFoundError(path.string() + ": there is no such file or folder");
}

}  // namespace

std::vector<InputPair> pair_inputs(const Inputs& inputs, Report& report) {
  if (!inputs.list.empty()) return read_list(inputs.list);
  require_present(inputs.reference);
  require_present(inputs.hypothesis);
  const bool folders = fs::is_directory(inputs.reference);
  if (folders != fs::is_directory(inputs.hypothesis)) {
    throw SettingsError("give two files or two folders, not one of each");
  }
  if (!folders) {
    return {{inputs.reference.stem().string(), inputs.reference, inputs.hypothesis}};
  }
  const auto references = files_by_name(inputs.reference, inputs.reference_extension, report);
  auto hypotheses = files_by_name(inputs.hypothesis, inputs.hypothesis_extension, report);
  std::vector<InputPair> pairs;
  for (const auto& [name, path] : references) {
    const auto found = hypotheses.find(name);
    if (found == hypotheses.end()) {
      report.fault(path.string() + ": no file of " + inputs.hypothesis.string() + " goes with it");
      continue;
    }
    pairs.push_back({name, path, found->second});
    hypotheses.erase(found);
  }
  for (const auto& [name, path] : hypotheses) {
    report.fault(path.string() + ": no file of " + inputs.reference.string() + " goes with it");
  }
  return pairs;
}

std::size_t for_each_pair(const std::vector<InputPair>& pairs, Report& report,
                          const std::function<void(const InputPair&)>& compare) {
  std::size_t compared = 0;
  for (const InputPair& pair : pairs) {
    try {
      compare(pair);
      ++compared;
    } catch (const DataError& error) {
      report.fault(pair.hypothesis.string() + " against " + pair.reference.string() + ": " +
                   error.what());
    } catch (const SettingsError& error) {
      if (pairs.size() == 1) throw;
      report.fault(error.what());
    } catch (const Error& error) {
      report.fault(error.what());
    }
  }
  if (compared == 0) throw DataError("nothing could be compared");
  return compared;
}

}  // namespace hmm::eval
