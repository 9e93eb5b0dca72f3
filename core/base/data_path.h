// Where models and other data are found when nobody says where they are.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace hmm {

/// The folders that are searched, in order: those of HMM_MODEL_PATH (separated by colons), then
/// XDG_DATA_HOME (~/.local/share), then XDG_DATA_DIRS (/usr/local/share, /usr/share).
std::vector<std::filesystem::path> data_folders();

/// The first existing `folder/relative`, or `folder/name` with the last part of `relative` alone
/// (so that HMM_MODEL_PATH may name the folder that holds the model itself).
std::optional<std::filesystem::path> find_data(const std::filesystem::path& relative);

}  // namespace hmm
