#include "core/model/io/any_model.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/io/htk_mmf.h"
#include "core/model/io/model_file.h"
#include "core/model/io/safetensors.h"
#include "core/model/io/sphinx_model.h"
#include "core/model/phone_loop.h"

namespace hmm {
namespace {

FoundModel load_sphinx(const std::filesystem::path& folder) {
  AcousticModel acoustic = load_sphinx_model(folder, {.triphones = false});
  Hmm model;
  model.name = std::filesystem::absolute(folder).filename().string();
  model.graph = phone_loop(acoustic, {});
  model.emission = std::move(acoustic.senones);
  model.front_end = acoustic.front_end.to_json();
  validate(Model(model));
  return {std::move(model), "sphinx"};
}

/// HTK's text begins with a macro; a safetensors file begins with a length.
bool looks_like_htk(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '~';
}

}  // namespace

FoundModel load_any_model(const std::filesystem::path& path, const PytorchHmmOptions& options) {
  if (std::filesystem::is_directory(path)) return load_sphinx(path);
  const MappedFile file(path);
  if (looks_like_htk(file.text())) {
    Hmm model;
    try {
      model = htk_phone_loop(parse_htk_models(file.bytes(), path.string()));
    } catch (const SettingsError& error) {
      throw ParseError(path.string(), "model", error.what());
    }
    model.name = path.stem().string();
    return {std::move(model), "htk"};
  }
  const Safetensors tensors(file.bytes(), path.string());
  if (tensors.metadata().contains("version")) {
    return {read_model(file.bytes(), path.string()), "hmm-model"};
  }
  return {import_pytorch_hmm(tensors, options), "pytorch_hmm"};
}

}  // namespace hmm
