// Which files hmm-eval compares with which.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pipelines/eval/report.h"

namespace hmm::eval {

/// What the user named.
struct Inputs {
  std::filesystem::path reference;
  std::filesystem::path hypothesis;
  std::filesystem::path list;       // of "reference hypothesis" lines; instead of the two
  std::string reference_extension;  // in folders; empty: any
  std::string hypothesis_extension;
};

struct InputPair {
  std::string name;  // for reports: the path within the folder, without its extension
  std::filesystem::path reference;
  std::filesystem::path hypothesis;
};

/// Two files are one pair; two folders one for each pair of files of the same path and stem; a list
/// one for each line. Files without a partner are faults of the report.
/// Throws NotFoundError, SettingsError for a file against a folder, ParseError for a damaged list.
std::vector<InputPair> pair_inputs(const Inputs& inputs, Report& report);

/// Calls `compare` for each pair. An hmm::Error becomes a fault of the report, with the names of
/// the files, and the next pair goes on; of a single pair a SettingsError is passed on. Returns how
/// many pairs went well; none is a DataError.
std::size_t for_each_pair(const std::vector<InputPair>& pairs, Report& report,
                          const std::function<void(const InputPair&)>& compare);

}  // namespace hmm::eval
