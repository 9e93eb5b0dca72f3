// A model made ready to decode with: read from its files, its graph built, loaded into a backend.
#pragma once

#include <filesystem>
#include <memory>

#include "core/frontend/front_end_config.h"
#include "core/inference/online_decoder.h"

namespace hmm {

/// What to decode with, and over which graph.
struct DecoderSettings {
  std::filesystem::path model;           // a Sphinx model folder
  std::filesystem::path language_model;  // phone n-grams (ARPA or .lm.bin); empty: none
  float language_weight = 1;
  float insertion_weight = 0;

  auto operator<=>(const DecoderSettings&) const = default;
};

struct DecoderModel {
  FrontEndConfig front_end;  // the frames that it decodes, and how their mean is normalised
  std::shared_ptr<const LoadedGraph> graph;
  /// Acoustic scale at which posteriors are honest confidences; see docs/confidence.md.
  float posterior_scale = 0.15F;
};

/// Where Debian's general English model lies on this machine; throws NotFoundError that names the
/// package when it is not there.
std::filesystem::path default_decoder_model();

/// The phone language model that lies beside `model`, or an empty path.
std::filesystem::path phone_language_model_beside(const std::filesystem::path& model);

/// The front end of a model, from its small header alone, with the recursive normalization that a
/// stream of it needs.
FrontEndConfig read_front_end(const std::filesystem::path& model);
/// The frames that come to the decoder: the decoder does the normalization.
FrontEndConfig before_normalization(FrontEndConfig front_end);

/// The model, loaded once for the whole process however many use it. Throws NotFoundError,
/// ParseError or SettingsError.
std::shared_ptr<const DecoderModel> load_decoder_model(const DecoderSettings& settings);

}  // namespace hmm
