#include "core/model/io/duration_json.h"

#include <nlohmann/json.hpp>
#include <type_traits>

#include "core/base/error.h"

namespace hmm {
namespace {

using nlohmann::json;

/// Calls visit(name, member) for each parameter of a density.
template <class Density, class Visit>
void for_each_parameter(Density& density, Visit visit) {
  using D = std::remove_const_t<Density>;
  if constexpr (std::is_same_v<D, HistogramDuration>) {
    visit("weights", density.weights);
  } else if constexpr (std::is_same_v<D, GaussianDuration>) {
    visit("mean", density.mean);
    visit("deviation", density.deviation);
  } else if constexpr (std::is_same_v<D, LogNormalDuration>) {
    visit("log_mean", density.log_mean);
    visit("log_deviation", density.log_deviation);
  } else if constexpr (std::is_same_v<D, GammaDuration> || std::is_same_v<D, WeibullDuration>) {
    visit("shape", density.shape);
    visit("scale", density.scale);
  } else if constexpr (std::is_same_v<D, PoissonDuration>) {
    visit("rate", density.rate);
  } else if constexpr (std::is_same_v<D, NegativeBinomialDuration>) {
    visit("successes", density.successes);
    visit("probability", density.probability);
  } else if constexpr (std::is_same_v<D, GeometricDuration>) {
    visit("leave", density.leave);
  } else {
    visit("frames", density.frames);
  }
}

/// The density of a family with its default parameters.
template <std::size_t I = 0>
DurationDensity density_of(const std::string& family) {
  if constexpr (I < std::variant_size_v<DurationDensity>) {
    DurationDensity density{std::in_place_index<I>};
    return family_of(density) == family ? density : density_of<I + 1>(family);
  } else {
    throw SettingsError("\"" + family + "\" is no family of durations");
  }
}

Duration parse(const json& entry) {
  Duration duration;
  duration.density = density_of(entry.at("family").get<std::string>());
  std::visit(
      [&](auto& density) {
        for_each_parameter(density,
                           [&](const char* name, auto& member) { entry.at(name).get_to(member); });
      },
      duration.density);
  entry.at("shortest").get_to(duration.shortest);
  entry.at("longest").get_to(duration.longest);
  return duration;
}

}  // namespace

std::string durations_to_json(const std::vector<Duration>& durations) {
  json list = json::array();
  for (const Duration& duration : durations) {
    json entry = {{"family", family_of(duration.density)},
                  {"shortest", duration.shortest},
                  {"longest", duration.longest}};
    std::visit(
        [&](const auto& density) {
          for_each_parameter(density,
                             [&](const char* name, const auto& member) { entry[name] = member; });
        },
        duration.density);
    list.push_back(std::move(entry));
  }
  return list.dump();
}

std::vector<Duration> durations_from_json(std::string_view text) {
  std::vector<Duration> durations;
  try {
    const json list = json::parse(text, [](int depth, json::parse_event_t, json&) {
      if (depth > 4) throw SettingsError("the durations are nested too deeply");
      return true;
    });
    if (!list.is_array()) throw SettingsError("durations must be a JSON list");
    for (const json& entry : list) durations.push_back(parse(entry));
  } catch (const json::exception& error) {
    throw SettingsError("the duration of state " + std::to_string(durations.size()) +
                        " cannot be read: " + error.what());
  }
  return durations;
}

}  // namespace hmm
