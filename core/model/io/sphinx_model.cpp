#include "core/model/io/sphinx_model.h"

#include <numeric>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/io/sphinx_feat_params.h"
#include "core/model/io/sphinx_mdef.h"
#include "core/model/io/sphinx_noisedict.h"
#include "core/model/io/sphinx_s3.h"
#include "core/model/io/sphinx_sendump.h"

namespace hmm {
namespace {

MappedFile open(const std::filesystem::path& path) try {
  return MappedFile(path);
} catch (const NotFoundError& error) {
  throw NotFoundError(std::string(error.what()) +
                      " (a Sphinx model is a folder with mdef, means, variances, sendump or "
                      "mixture_weights, transition_matrices and feat.params; Debian's package "
                      "pocketsphinx-en-us installs an English one)");
}

/// Refuses two files that disagree on a number.
void match(const std::filesystem::path& file, int64_t value, const std::filesystem::path& other,
           int64_t other_value, const char* what) {
  if (value == other_value) return;
  throw DataError(file.string() + " has " + std::to_string(value) + " " + what + " and " +
                  other.string() + " has " + std::to_string(other_value) +
                  ": the files do not belong to the same model");
}

SphinxMixtureWeights load_weights(const std::filesystem::path& folder,
                                  const SphinxModelDefinition& definition,
                                  const SphinxGaussians& means, int senones) {
  const auto sendump = folder / "sendump";
  if (std::filesystem::exists(sendump)) {
    const MappedFile file = open(sendump);
    return parse_sphinx_sendump(file.bytes(), sendump.string(),
                                static_cast<int>(means.stream_dimensions.size()), means.densities,
                                definition.senones, senones);
  }
  const auto path = folder / "mixture_weights";
  const MappedFile file = open(path);
  SphinxMixtureWeights weights = parse_sphinx_mixture_weights(file.bytes(), path.string());
  match(path, weights.senones, folder / "mdef", definition.senones, "senones");
  match(path, weights.streams, folder / "means",
        static_cast<int64_t>(means.stream_dimensions.size()), "streams");
  match(path, weights.densities, folder / "means", means.densities, "densities");
  weights.senones = senones;
  weights.values.resize(static_cast<std::size_t>(senones) * means.stream_dimensions.size() *
                        static_cast<std::size_t>(means.densities));
  weights.values.shrink_to_fit();
  return weights;
}

/// Senone -> the phone without context that it is part of; -1 for a senone that nothing uses, -2
/// for one that several phones use.
std::vector<int32_t> phones_of_senones(const PhoneSet& phones, int senones) {
  std::vector<int32_t> phone_of(static_cast<std::size_t>(senones), -1);
  const auto assign = [&](int hmm, int phone) {
    for (const int32_t senone : phones.senones(hmm)) {
      int32_t& known = phone_of[static_cast<std::size_t>(senone)];
      known = known == -1 || known == phone ? phone : -2;
    }
  };
  for (int phone = 0; phone < phones.size(); ++phone) assign(phones.hmm(phone), phone);
  for (std::size_t i = 0; i < phones.triphones(); ++i) {
    assign(phones.triphone_hmm(i), phones.triphone(i).base);
  }
  return phone_of;
}

/// One codebook for all senones, one for each, or one for each phone without context.
std::vector<int32_t> codebooks_of_senones(const std::filesystem::path& folder,
                                          const SphinxModelDefinition& definition, int codebooks,
                                          int senones) {
  std::vector<int32_t> codebook_of(static_cast<std::size_t>(senones), 0);
  if (codebooks == 1) return codebook_of;
  if (codebooks == definition.senones) {
    std::iota(codebook_of.begin(), codebook_of.end(), 0);
    return codebook_of;
  }
  if (codebooks != definition.phones.size()) {
    throw DataError((folder / "means").string() + " has " + std::to_string(codebooks) +
                    " codebooks; with the " + std::to_string(definition.phones.size()) +
                    " phones and " + std::to_string(definition.senones) + " senones of " +
                    (folder / "mdef").string() + " there must be 1 or as many as either");
  }
  codebook_of = phones_of_senones(definition.phones, senones);
  for (int32_t& codebook : codebook_of) {
    if (codebook == -2) {
      throw DataError((folder / "mdef").string() + " shares a senone between phones, but " +
                      (folder / "means").string() + " has one codebook for each phone");
    }
    if (codebook == -1) codebook = 0;  // never asked for: no HMM has this senone
  }
  return codebook_of;
}

compute::TiedMixtures load_senones(const std::filesystem::path& folder,
                                   const SphinxModelDefinition& definition, int senones) {
  const auto means_path = folder / "means";
  const auto variances_path = folder / "variances";
  const MappedFile means_file = open(means_path);
  SphinxGaussians means = parse_sphinx_means(means_file.bytes(), means_path.string());
  const MappedFile variances_file = open(variances_path);
  SphinxGaussians variances =
      parse_sphinx_variances(variances_file.bytes(), variances_path.string());
  match(variances_path, variances.codebooks, means_path, means.codebooks, "codebooks");
  match(variances_path, variances.densities, means_path, means.densities, "densities");
  match(variances_path, static_cast<int64_t>(variances.stream_dimensions.size()), means_path,
        static_cast<int64_t>(means.stream_dimensions.size()), "streams");
  for (std::size_t f = 0; f < means.stream_dimensions.size(); ++f) {
    match(variances_path, variances.stream_dimensions[f], means_path, means.stream_dimensions[f],
          "dimensions in a stream");
  }
  SphinxMixtureWeights weights = load_weights(folder, definition, means, senones);
  compute::TiedMixtures mixtures;
  mixtures.codebook_of = codebooks_of_senones(folder, definition, means.codebooks, senones);
  if (means.codebooks == definition.senones) {  // a codebook for each senone: keep as many
    for (auto* values : {&means.values, &variances.values}) {
      values->resize(values->size() / static_cast<std::size_t>(means.codebooks) *
                     static_cast<std::size_t>(senones));
      values->shrink_to_fit();
    }
    means.codebooks = senones;
  }
  mixtures.codebooks = means.codebooks;
  mixtures.densities = means.densities;
  mixtures.stream_dimensions = std::move(means.stream_dimensions);
  mixtures.means = std::move(means.values);
  mixtures.variances = std::move(variances.values);
  mixtures.weights = std::move(weights.values);
  return mixtures;
}

PhoneTransitions load_transitions(const std::filesystem::path& folder,
                                  const SphinxModelDefinition& definition) {
  const auto path = folder / "transition_matrices";
  const MappedFile file = open(path);
  PhoneTransitions transitions = parse_sphinx_transition_matrices(file.bytes(), path.string());
  match(path, transitions.matrices(), folder / "mdef", definition.transition_matrices,
        "transition matrices");
  match(path, transitions.states, folder / "mdef", definition.phones.states_per_phone(),
        "states in a phone");
  return transitions;
}

/// Without a noisedict the words for silence are those of every Sphinx program.
std::vector<FillerWord> load_fillers(const std::filesystem::path& folder, const PhoneSet& phones) {
  const auto path = folder / "noisedict";
  if (!std::filesystem::exists(path)) {
    const std::vector<int> silence = {phones.silence()};
    return {{"<s>", silence}, {"</s>", silence}, {"<sil>", silence}};
  }
  const MappedFile file = open(path);
  return parse_sphinx_noisedict(file.bytes(), path.string(), phones);
}

FrontEndConfig load_front_end(const std::filesystem::path& folder,
                              const std::vector<int>& stream_dimensions) {
  const auto path = folder / "feat.params";
  const MappedFile file = open(path);
  const SphinxFeatureParameters features = parse_sphinx_feat_params(file.bytes(), path.string());
  const FrontEndConfig front_end = sphinx_front_end(features, path.string());
  match(path, front_end.dimension(), folder / "means",
        std::accumulate(stream_dimensions.begin(), stream_dimensions.end(), int64_t{0}),
        "dimensions");
  if (features.streams.empty()) {
    match(path, 1, folder / "means", static_cast<int64_t>(stream_dimensions.size()), "streams");
    return front_end;
  }
  match(path, static_cast<int64_t>(features.streams.size()), folder / "means",
        static_cast<int64_t>(stream_dimensions.size()), "streams");
  int next = 0;
  for (std::size_t f = 0; f < stream_dimensions.size(); ++f) {
    match(path, static_cast<int64_t>(features.streams[f].size()), folder / "means",
          stream_dimensions[f], "dimensions in a stream");
    for (const int dimension : features.streams[f]) {
      if (dimension != next++) {
        throw ParseError(path.string(), "option -svspec",
                         "only streams that take the dimensions in order are supported");
      }
    }
  }
  return front_end;
}

}  // namespace

AcousticModel load_sphinx_model(const std::filesystem::path& folder,
                                const SphinxModelOptions& options) {
  const auto mdef_path = folder / "mdef";
  const MappedFile mdef_file = open(mdef_path);
  SphinxModelDefinition definition =
      parse_sphinx_mdef(mdef_file.bytes(), mdef_path.string(), options.triphones);
  const int senones =
      options.triphones ? definition.senones : definition.context_independent_senones;

  AcousticModel model;
  model.senones = load_senones(folder, definition, senones);
  model.transitions = load_transitions(folder, definition);
  model.front_end = load_front_end(folder, model.senones.stream_dimensions);
  model.fillers = load_fillers(folder, definition.phones);
  model.phones = std::move(definition.phones);
  return model;
}

}  // namespace hmm
