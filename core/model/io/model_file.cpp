#include "core/model/io/model_file.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/model/io/duration_json.h"
#include "core/model/io/safetensors.h"

namespace hmm {
namespace {

constexpr const char* kFormat = "hmm-model";
constexpr const char* kVersion = "1";

std::size_t size(int count) { return static_cast<std::size_t>(count); }

std::span<const float> values(const Matrix& matrix) {
  return {matrix.data(), matrix.rows() * matrix.columns()};
}

// ---- Writing

void add_strings(SafetensorsWriter& file, const std::string& name,
                 const std::vector<std::string>& strings) {
  std::vector<uint8_t> text;
  std::vector<uint64_t> offsets = {0};
  for (const std::string& string : strings) {
    text.insert(text.end(), string.begin(), string.end());
    offsets.push_back(text.size());
  }
  file.add(name + ".text", {text.size()}, text);
  file.add(name + ".offsets", {offsets.size()}, offsets);
}

void add_graph(SafetensorsWriter& file, const DecodingGraph& graph) {
  const compute::Transitions& chain = graph.transitions;
  std::vector<int32_t> sources, targets;
  std::vector<float> log_probabilities;
  for (const auto& arc : chain.arcs) {
    sources.push_back(arc.source);
    targets.push_back(arc.target);
    log_probabilities.push_back(arc.log_probability);
  }
  file.add("log_initial", {size(chain.states)}, chain.log_initial);
  file.add("log_final", {size(chain.states)}, chain.log_final);
  file.add("arcs.source", {sources.size()}, sources);
  file.add("arcs.target", {targets.size()}, targets);
  file.add("arcs.log_probability", {log_probabilities.size()}, log_probabilities);
  if (!chain.emission_of.empty()) file.add("emission_of", {size(chain.states)}, chain.emission_of);
  add_strings(file, "labels", graph.labels);
  file.add("labels.filler", {graph.filler.size()}, graph.filler);
  file.add("label_of", {graph.label_of.size()}, graph.label_of);
  file.add("starts_unit", {graph.starts_unit.size()}, graph.starts_unit);
}

void add_emission(SafetensorsWriter& file, const compute::GaussianMixtures& m) {
  const TensorShape densities = {size(m.states), size(m.components)};
  const TensorShape vectors = {size(m.states), size(m.components), size(m.dimension)};
  file.add("means", vectors, m.means);
  file.add("variances", vectors, m.variances);
  file.add("log_weights", densities, m.log_weights);
}

void add_emission(SafetensorsWriter& file, const compute::TiedMixtures& m) {
  const std::vector<int32_t> widths(m.stream_dimensions.begin(), m.stream_dimensions.end());
  file.add("stream_dimensions", {widths.size()}, widths);
  file.add("means", {m.means.size()}, m.means);
  file.add("variances", {m.variances.size()}, m.variances);
  file.add("weights", {size(m.states()), widths.size(), size(m.densities)}, m.weights);
  file.add("codebook_of", {m.codebook_of.size()}, m.codebook_of);
}

void add_emission(SafetensorsWriter& file, const FullMixtures& m) {
  const std::size_t d = size(m.dimension);
  file.add("means", {size(m.states), size(m.components), d}, m.means);
  file.add("covariances",
           m.tied ? TensorShape{d, d} : TensorShape{size(m.states), size(m.components), d, d},
           m.covariances);
  file.add("log_weights", {size(m.states), size(m.components)}, m.log_weights);
}

void add_emission(SafetensorsWriter& file, const Categorical& m) {
  file.add("log_probabilities", {size(m.states), size(m.symbols)}, m.log_probabilities);
}

constexpr const char* kScoreKinds[] = {"log-likelihood", "log-posterior", "posterior"};

void add_emission(SafetensorsWriter& file, const ExternalScores& m) {
  file.metadata("scores", kScoreKinds[static_cast<std::size_t>(m.kind)]);
  file.add("scale", {1}, std::span(&m.scale, 1));
  if (!m.priors.empty()) file.add("priors", {m.priors.size()}, m.priors);
}

// ---- Reading

const std::string& metadata_of(const Safetensors& file, const char* key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end()) file.fail(key, "the metadata lacks this entry");
  return found->second;
}

int number_of(const Safetensors& file, const char* key) {
  const std::string& text = metadata_of(file, key);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) {
    file.fail(key, "it must be a whole number above 0");
  }
  return value;
}

/// Checks how many axes a tensor has.
const TensorShape& shape_of(const Safetensors& file, const char* name, std::size_t axes) {
  const TensorShape& shape = file.tensor(name).shape;
  if (shape.size() != axes) {
    file.fail(name,
              "it must have " + std::to_string(axes) + " axes, not the shape " + to_string(shape));
  }
  for (const std::size_t extent : shape) {
    if (extent > 1'000'000'000) file.fail(name, "its shape is too large");
  }
  return shape;
}

std::vector<std::string> read_strings(const Safetensors& file, const std::string& name) {
  const std::vector<uint8_t> text = file.bytes(name + ".text");
  const std::vector<int32_t> offsets = file.integers(name + ".offsets");
  if (offsets.empty() || offsets.front() != 0 || size(offsets.back()) != text.size()) {
    file.fail(name + ".offsets", "they must run from 0 to the length of the text");
  }
  std::vector<std::string> strings;
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] < offsets[i - 1] || size(offsets[i]) > text.size()) {
      file.fail(name + ".offsets", "they must not fall");
    }
    strings.emplace_back(text.begin() + offsets[i - 1], text.begin() + offsets[i]);
    if (find_invalid_utf8(strings.back()) != std::string::npos) {
      file.fail(name + ".text", "string " + std::to_string(i - 1) + " is not UTF-8");
    }
  }
  return strings;
}

DecodingGraph read_graph(const Safetensors& file) {
  DecodingGraph graph;
  compute::Transitions& chain = graph.transitions;
  chain.states = number_of(file, "states");
  chain.log_initial = file.floats("log_initial");
  chain.log_final = file.floats("log_final");
  const auto sources = file.integers("arcs.source");
  const auto targets = file.integers("arcs.target");
  const auto log_probabilities = file.floats("arcs.log_probability");
  if (sources.size() != targets.size() || sources.size() != log_probabilities.size()) {
    file.fail("arcs.source", "arcs need as many sources as targets and probabilities");
  }
  for (std::size_t a = 0; a < sources.size(); ++a) {
    chain.arcs.push_back({sources[a], targets[a], log_probabilities[a]});
  }
  if (file.contains("emission_of")) chain.emission_of = file.integers("emission_of");
  graph.labels = read_strings(file, "labels");
  graph.filler = file.bytes("labels.filler");
  graph.label_of = file.integers("label_of");
  graph.starts_unit = file.bytes("starts_unit");
  return graph;
}

compute::GaussianMixtures read_diagonal(const Safetensors& file) {
  const TensorShape& shape = shape_of(file, "means", 3);
  return {static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2]),
          file.floats("means"),       file.floats("variances"),   file.floats("log_weights")};
}

FullMixtures read_full(const Safetensors& file, bool tied) {
  const TensorShape& shape = shape_of(file, "means", 3);
  return {static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2]), tied,
          file.floats("means"),       file.floats("covariances"), file.floats("log_weights")};
}

compute::TiedMixtures read_shared(const Safetensors& file) {
  compute::TiedMixtures m;
  const auto widths = file.integers("stream_dimensions");
  m.stream_dimensions.assign(widths.begin(), widths.end());
  m.means = file.floats("means");
  m.variances = file.floats("variances");
  m.weights = file.floats("weights");
  m.codebook_of = file.integers("codebook_of");
  m.densities = static_cast<int>(shape_of(file, "weights", 3)[2]);
  int64_t width = 0;  // sums past int32 are possible in a broken file
  for (const int32_t w : widths) width += w;
  const int64_t row = width * m.densities;
  if (row < 1 || static_cast<int64_t>(m.means.size()) % row != 0) {
    file.fail("means", "they do not fill whole codebooks");
  }
  m.codebooks = static_cast<int>(static_cast<int64_t>(m.means.size()) / row);
  return m;
}

Categorical read_categorical(const Safetensors& file) {
  const TensorShape& shape = shape_of(file, "log_probabilities", 2);
  return {static_cast<int>(shape[0]), static_cast<int>(shape[1]), file.floats("log_probabilities")};
}

ExternalScores read_external(const Safetensors& file) {
  ExternalScores m;
  m.states = number_of(file, "dimension");
  const std::string& kind = metadata_of(file, "scores");
  const auto* known = std::find(std::begin(kScoreKinds), std::end(kScoreKinds), kind);
  if (known == std::end(kScoreKinds)) file.fail("scores", "\"" + kind + "\" is no kind of scores");
  m.kind = static_cast<ExternalScores::Kind>(known - std::begin(kScoreKinds));
  if (shape_of(file, "scale", 1)[0] != 1) file.fail("scale", "it must be one number");
  m.scale = file.floats("scale")[0];
  if (file.contains("priors")) m.priors = file.floats("priors");
  return m;
}

Emission read_emission(const Safetensors& file) {
  const std::string& kind = metadata_of(file, "emission");
  if (kind == "diagonal" || kind == "spherical") return read_diagonal(file);
  if (kind == "full" || kind == "tied") return read_full(file, kind == "tied");
  if (kind == "shared-codebook") return read_shared(file);
  if (kind == "categorical") return read_categorical(file);
  if (kind == "external") return read_external(file);
  file.fail("emission", "\"" + kind + "\" is no kind of emission");
}

void check_format(const Safetensors& file) {
  if (metadata_of(file, "format") != kFormat) {
    file.fail("format", std::string("it must be ") + kFormat);
  }
  if (metadata_of(file, "version") != kVersion) {
    file.fail("version",
              "this program reads version 1, not \"" + metadata_of(file, "version") + "\"");
  }
}

ModelHeader header_of(const Safetensors& file) {
  check_format(file);
  ModelHeader header;
  header.kind = metadata_of(file, "kind");
  if (header.kind != "hmm" && header.kind != "hsmm") {
    file.fail("kind", "\"" + header.kind + "\" is no kind of model");
  }
  header.name = metadata_of(file, "name");
  header.emission = metadata_of(file, "emission");
  header.front_end = metadata_of(file, "front_end");
  header.states = number_of(file, "states");
  header.dimension = number_of(file, "dimension");
  return header;
}

Model read_parts(const Safetensors& file) {
  const ModelHeader header = header_of(file);
  Hmm hmm{header.name, read_graph(file), read_emission(file), header.front_end};
  if (dimension_of(hmm.emission) != header.dimension) {
    file.fail("dimension", "the tensors have " + std::to_string(dimension_of(hmm.emission)));
  }
  if (header.kind == "hmm") return hmm;
  Hsmm model{std::move(hmm), durations_from_json(metadata_of(file, "durations")), {}};
  if (file.contains("duration_context")) {
    const TensorShape& shape = shape_of(file, "duration_context", 2);
    model.context.weights = Matrix(shape[0], shape[1]);
    const auto weights = file.floats("duration_context");
    std::copy(weights.begin(), weights.end(), model.context.weights.data());
  }
  return model;
}

}  // namespace

std::string write_model(const Model& model) {
  validate(model);
  const Hmm& hmm = hmm_of(model);
  SafetensorsWriter file;
  file.metadata("format", kFormat);
  file.metadata("version", kVersion);
  file.metadata("name", hmm.name);
  file.metadata("kind", std::holds_alternative<Hsmm>(model) ? "hsmm" : "hmm");
  file.metadata("emission", kind_of(hmm.emission));
  file.metadata("states", std::to_string(hmm.states()));
  file.metadata("dimension", std::to_string(dimension_of(hmm.emission)));
  file.metadata("front_end", hmm.front_end);
  add_graph(file, hmm.graph);
  std::visit([&](const auto& emission) { add_emission(file, emission); }, hmm.emission);
  if (const auto* hsmm = std::get_if<Hsmm>(&model)) {
    file.metadata("durations", durations_to_json(hsmm->durations));
    const Matrix& weights = hsmm->context.weights;
    if (!weights.empty()) {
      file.add("duration_context", {weights.rows(), weights.columns()}, values(weights));
    }
  }
  return file.file();
}

Model read_model(std::span<const std::byte> bytes, const std::string& file) {
  try {
    Model model = read_parts(Safetensors(bytes, file));
    validate(model);
    return model;
  } catch (const SettingsError& error) {
    throw ParseError(file, "model", error.what());
  }
}

ModelHeader read_model_header(std::span<const std::byte> bytes, const std::string& file) {
  return header_of(Safetensors(bytes, file));
}

void save_model(const Model& model, const std::filesystem::path& path) {
  write_file(path, write_model(model));
}

Model load_model(const std::filesystem::path& path) {
  const MappedFile file(path);
  return read_model(file.bytes(), path.string());
}

}  // namespace hmm
