// The native file of an HMM or HSMM: a safetensors container, described in docs/model-format.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "core/model/hmm.h"

namespace hmm {

/// The whole file. Reading it gives the same model, bit for bit. SettingsError for a model that
/// validate() refuses.
std::string write_model(const Model& model);

/// ParseError for bytes that are no such file or hold a model that validate() refuses.
Model read_model(std::span<const std::byte> bytes, const std::string& file);

void save_model(const Model& model, const std::filesystem::path& path);
Model load_model(const std::filesystem::path& path);

/// What can be known of a model without reading its tensors.
struct ModelHeader {
  std::string kind;  // "hmm", "hsmm"
  std::string name;
  std::string emission;  // as kind_of()
  std::string front_end;
  int states = 0;
  int dimension = 0;  // of a frame
};
ModelHeader read_model_header(std::span<const std::byte> bytes, const std::string& file);

}  // namespace hmm
