// FrontEndConfig as JSON and as a digest.
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>

#include "core/base/error.h"
#include "core/frontend/front_end_config.h"

namespace hmm {
namespace {

using Json = nlohmann::ordered_json;

// The names of the enumerators, in their order.
template <class Enum>
constexpr std::array<const char*, 0> kNames{};
template <>
constexpr auto kNames<Framing> = std::to_array({"whole", "partial", "centred", "mirrored"});
template <>
constexpr auto kNames<WindowShape> = std::to_array({"hamming", "hann", "hann-periodic", "povey",
                                                    "rectangular"});
template <>
constexpr auto kNames<PreEmphasisKind> = std::to_array({"carried", "per-frame"});
template <>
constexpr auto kNames<SpectrumKind> = std::to_array({"power", "magnitude"});
template <>
constexpr auto kNames<MelScale> = std::to_array({"htk", "slaney"});
template <>
constexpr auto kNames<FilterDomain> = std::to_array({"hertz", "mel"});
template <>
constexpr auto kNames<FilterHeight> = std::to_array({"unit-peak", "unit-area"});
template <>
constexpr auto kNames<LogKind> = std::to_array({"natural", "decibel"});
template <>
constexpr auto kNames<LogFloorKind> = std::to_array({"added", "minimum"});
template <>
constexpr auto kNames<DctKind> = std::to_array({"orthonormal", "htk", "legacy"});
template <>
constexpr auto kNames<ZerothCoefficient> = std::to_array({"first", "last", "omitted"});
template <>
constexpr auto kNames<EnergyKind> = std::to_array({"none", "log-energy"});
template <>
constexpr auto kNames<DeltaKind> = std::to_array({"none", "regression", "sphinx"});
template <>
constexpr auto kNames<NormalizationKind> = std::to_array({"none", "batch", "live", "recursive"});

/// Calls visit(name, field) for every field, in the order of the header.
template <class Config, class Visitor>
void visit_fields(Config& c, Visitor&& visit) {
  visit("sample-rate", c.sample_rate);
  visit("input-scale", c.input_scale);
  visit("framing", c.framing);
  visit("window-samples", c.window_samples);
  visit("hop-samples", c.hop_samples);
  visit("fft-size", c.fft_size);
  visit("window", c.window);
  visit("remove-dc", c.remove_dc);
  visit("pre-emphasis", c.pre_emphasis);
  visit("pre-emphasis-kind", c.pre_emphasis_kind);
  visit("spectrum", c.spectrum);
  visit("mel-scale", c.mel_scale);
  visit("filter-domain", c.filter_domain);
  visit("filter-height", c.filter_height);
  visit("round-edges", c.round_edges);
  visit("bins", c.bins);
  visit("low-frequency", c.low_frequency);
  visit("high-frequency", c.high_frequency);
  visit("noise-removal", c.noise_removal);
  visit("log", c.log);
  visit("log-floor", c.log_floor);
  visit("log-floor-kind", c.log_floor_kind);
  visit("coefficients", c.coefficients);
  visit("dct", c.dct);
  visit("lifter", c.lifter);
  visit("zeroth", c.zeroth);
  visit("energy", c.energy);
  visit("normalization", c.normalization);
  visit("normalize-variance", c.normalize_variance);
  visit("skip-negative-first", c.skip_negative_first);
  visit("initial-mean", c.initial_mean);
  visit("deltas", c.deltas);
  visit("delta-order", c.delta_order);
  visit("delta-window", c.delta_window);
}

[[noreturn]] void fail(const std::string& name, const std::string& expected, const Json& value) {
  constexpr std::size_t kLongestShown = 60;
  std::string found = value.dump();
  if (found.size() > kLongestShown) found = found.substr(0, kLongestShown) + "...";
  throw SettingsError("The front end's '" + name + "' must be " + expected + ", not " + found +
                      ".");
}

template <class Enum>
requires std::is_enum_v<Enum> Json to_value(Enum field) {
  return kNames<Enum>[static_cast<std::size_t>(field)];
}
template <class Field>
requires(!std::is_enum_v<Field>) Json to_value(const Field& field) { return field; }

template <class Enum>
requires std::is_enum_v<Enum>
void read_value(const std::string& name, const Json& value, Enum& field) {
  std::string known;
  for (std::size_t i = 0; i < kNames<Enum>.size(); ++i) {
    if (value == kNames<Enum>[i]) {
      field = static_cast<Enum>(i);
      return;
    }
    known += (i > 0 ? ", " : "") + std::string(kNames<Enum>[i]);
  }
  fail(name, "one of " + known, value);
}

void read_value(const std::string& name, const Json& value, bool& field) {
  if (!value.is_boolean()) fail(name, "true or false", value);
  field = value.get<bool>();
}

void read_value(const std::string& name, const Json& value, int& field) {
  if (!value.is_number_integer() || std::abs(value.get<double>()) > 1e9)
    fail(name, "a whole number", value);
  field = value.get<int>();
}

void read_value(const std::string& name, const Json& value, double& field) {
  if (!value.is_number()) fail(name, "a number", value);
  field = value.get<double>();
}

void read_value(const std::string& name, const Json& value, std::vector<double>& field) {
  if (!value.is_array()) fail(name, "an array of numbers", value);
  field.clear();
  for (const Json& element : value) read_value(name, element, field.emplace_back());
}

/// JSON's shortest text of a value, with no quotes or brackets: safe in caps without escaping.
std::string bare_text(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) {
    std::string number = value.dump();
    if (number.ends_with(".0")) number.resize(number.size() - 2);
    return number;
  }
  std::string list;
  for (const Json& element : value) list += (list.empty() ? "" : "/") + bare_text(element);
  return list;
}

/// Fields that change no feature are set to one value, so that equal features have equal digests.
FrontEndConfig canonical(FrontEndConfig c) {
  c.fft_size = c.resolved_fft_size();
  if (c.pre_emphasis == 0) c.pre_emphasis_kind = PreEmphasisKind::carried;
  if (c.coefficients == 0) {
    c.dct = DctKind::orthonormal;
    c.lifter = 0;
    c.zeroth = ZerothCoefficient::first;
  }
  if (!starts_from_initial_mean(c.normalization)) c.initial_mean.clear();
  if (c.normalization == NormalizationKind::none) c.skip_negative_first = false;
  if (c.deltas != DeltaKind::regression) c.delta_order = c.delta_window = 0;
  return c;
}

}  // namespace

std::string FrontEndConfig::to_json() const {
  Json json = Json::object();
  visit_fields(*this, [&](const char* name, const auto& field) { json[name] = to_value(field); });
  return json.dump();
}

FrontEndConfig FrontEndConfig::from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw SettingsError("The front end's settings are not a JSON object.");
  FrontEndConfig config;
  std::size_t known = 0;
  visit_fields(config, [&](const char* name, auto& field) {
    const auto found = json.find(name);
    if (found == json.end()) return;
    read_value(name, *found, field);
    ++known;
  });
  for (auto entry = json.begin(); known != json.size() && entry != json.end(); ++entry) {
    bool is_field = false;
    visit_fields(config, [&](const char* name, auto&) { is_field |= entry.key() == name; });
    if (!is_field)
      throw SettingsError("The front end has no setting '" + std::string(entry.key()) + "'.");
  }
  config.validate();
  return config;
}

std::string FrontEndConfig::digest() const {
  const FrontEndConfig config = canonical(*this);
  std::string digest = "1";
  std::size_t index = 0;
  visit_fields(config, [&](const char* name, const auto& field) {
    const std::string_view field_name = name;
    if (field_name == "sample-rate" || field_name == "hop-samples") return;
    digest += (index++ == 0 ? ":" : ",") + bare_text(to_value(field));
  });
  return digest;
}

}  // namespace hmm
