#include "core/base/data_path.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace hmm {
namespace {

void add_folders(std::string_view list, std::vector<std::filesystem::path>& folders) {
  while (!list.empty()) {
    const std::size_t colon = list.find(':');
    if (colon != 0) folders.emplace_back(list.substr(0, colon));
    list = colon == std::string_view::npos ? std::string_view() : list.substr(colon + 1);
  }
}

/// An environment variable; unset and empty are the same (XDG Base Directory Specification).
std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace

std::vector<std::filesystem::path> data_folders() {
  std::vector<std::filesystem::path> folders;
  add_folders(environment("HMM_MODEL_PATH", ""), folders);
  const std::string home = environment("HOME", "");
  add_folders(environment("XDG_DATA_HOME", home.empty() ? "" : home + "/.local/share"), folders);
  add_folders(environment("XDG_DATA_DIRS", "/usr/local/share:/usr/share"), folders);
  return folders;
}

std::optional<std::filesystem::path> find_data(const std::filesystem::path& relative) {
  std::error_code error;
  for (const auto& folder : data_folders()) {
    for (const auto& candidate : {folder / relative, folder / relative.filename()}) {
      if (std::filesystem::exists(candidate, error)) return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace hmm
