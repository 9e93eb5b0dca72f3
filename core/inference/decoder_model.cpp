#include "core/inference/decoder_model.h"

#include "core/base/data_path.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/shared_cache.h"
#include "core/model/io/language_model.h"
#include "core/model/io/sphinx_feat_params.h"
#include "core/model/io/sphinx_model.h"
#include "core/model/phone_loop.h"

namespace hmm {
namespace {

std::shared_ptr<const DecoderModel> load(const DecoderSettings& settings) {
  SphinxModelOptions options;
  options.triphones = false;
  const AcousticModel acoustic = load_sphinx_model(settings.model, options);

  PhoneLoopOptions loop;
  loop.language_weight = settings.language_weight;
  loop.insertion_weight = settings.insertion_weight;
  if (!settings.language_model.empty()) {
    try {
      loop.log_bigram = phone_bigram(acoustic.phones, load_language_model(settings.language_model));
    } catch (const DataError& error) {
      throw SettingsError(settings.language_model.string() + ": " + error.what());
    }
  }
  compute::Backend& backend = compute::cpu_backend();
  auto model = std::make_shared<DecoderModel>();
  model->front_end = read_front_end(settings.model);
  model->graph = std::make_shared<const LoadedGraph>(backend, phone_loop(acoustic, loop),
                                                     backend.load(acoustic.senones));
  return model;
}

}  // namespace

std::filesystem::path default_decoder_model() {
  if (const auto found = find_data("pocketsphinx/model/en-us/en-us")) return *found;
  throw NotFoundError(
      "no acoustic model is set and none was found; install Debian's package pocketsphinx-en-us or "
      "set the model");
}

std::filesystem::path phone_language_model_beside(const std::filesystem::path& model) {
  // Debian's package has model/en-us/en-us/ and model/en-us/en-us-phone.lm.bin.
  std::filesystem::path beside = model;
  if (!beside.has_filename()) beside = beside.parent_path();
  beside += "-phone.lm.bin";
  std::error_code error;
  return std::filesystem::exists(beside, error) ? beside : std::filesystem::path();
}

FrontEndConfig read_front_end(const std::filesystem::path& model) {
  const std::filesystem::path path = model / "feat.params";
  const MappedFile file(path);
  FrontEndConfig front_end =
      sphinx_front_end(parse_sphinx_feat_params(file.bytes(), path.string()), path.string());
  // A stream has no mean of the whole; it starts from the model's and follows the speaker.
  if (front_end.normalization != NormalizationKind::none) {
    front_end.normalization = NormalizationKind::recursive;
    front_end.normalize_variance = false;
  }
  return front_end;
}

FrontEndConfig before_normalization(FrontEndConfig front_end) {
  front_end.normalization = NormalizationKind::none;
  front_end.normalize_variance = false;
  front_end.initial_mean.clear();
  return front_end;
}

std::shared_ptr<const DecoderModel> load_decoder_model(const DecoderSettings& settings) {
  static SharedCache<DecoderSettings, DecoderModel> cache;
  return cache.get(settings, [&settings] { return load(settings); });
}

}  // namespace hmm
