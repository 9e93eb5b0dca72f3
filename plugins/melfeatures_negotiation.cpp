#include "plugins/melfeatures_negotiation.h"

#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/exception_guard.h"

namespace hmm::gst {
namespace {

FeatureFormat native_format(const FrontEndConfig& config) {
  FeatureFormat format;
  const int divisor = std::gcd(config.sample_rate, config.hop_samples);
  format.dimension = config.dimension();
  format.frames = config.sample_rate / divisor;
  format.seconds = config.hop_samples / divisor;
  format.layout = config.layout() == FeatureLayout::mfcc ? "mfcc" : "logmel";
  format.sample_rate = config.sample_rate;
  format.front_end = config.digest();
  return format;
}

FeatureFormat tensor_format(const FrontEndConfig& config) {
  FeatureFormat format = native_format(config);
  format.form = FeatureFormat::Form::kTensors;
  format.layout.clear();
  format.sample_rate = 0;
  format.front_end.clear();
  return format;
}

std::optional<MelFeaturesChoice> try_config(const FrontEndConfig& config, bool offer_tensors,
                                            const GstCaps* downstream) {
  const FeatureFormat native = native_format(config);
  const FeatureFormat tensors = tensor_format(config);
  CapsPtr offered = native.to_caps();
  if (offer_tensors) gst_caps_append(offered.get(), tensors.to_caps().release());

  CapsPtr common(gst_caps_intersect_full(const_cast<GstCaps*>(downstream), offered.get(),
                                         GST_CAPS_INTERSECT_FIRST));
  if (gst_caps_is_empty(common.get())) return std::nullopt;
  common.reset(gst_caps_fixate(common.release()));
  const bool is_native =
      gst_structure_has_name(gst_caps_get_structure(common.get(), 0), HMM_FEATURES_MEDIA_TYPE);
  return MelFeaturesChoice{config, is_native ? native : tensors, std::move(common)};
}

/// Tensors say neither preset nor sample rate: they are for downstream that asks for them first.
bool prefers_tensors(const GstCaps* downstream) {
  return !gst_caps_is_any(downstream) && !gst_caps_is_empty(downstream) &&
         !gst_structure_has_name(gst_caps_get_structure(downstream, 0), HMM_FEATURES_MEDIA_TYPE);
}

std::vector<const char*> presets_to_try(const MelFeaturesSettings& settings) {
  if (!settings.chooses_preset()) return {settings.preset_name()};
  std::vector<const char*> names;
  for (const std::string_view name : preset_names()) names.push_back(name.data());
  return names;
}

/// Every front end that the settings leave open, the preferred one first. What the preferred preset
/// cannot do is an error; another preset that cannot do it is no candidate.
std::vector<FrontEndConfig> candidates(const MelFeaturesSettings& settings, int sample_rate) {
  std::vector<FrontEndConfig> configs;
  for (const char* name : presets_to_try(settings)) {
    try {
      const FrontEndConfig config = settings.config(name, sample_rate);
      configs.push_back(config);
      if (settings.chooses_deltas() && config.deltas != DeltaKind::none) {
        configs.push_back(config);
        configs.back().deltas = DeltaKind::none;
      }
    } catch (const SettingsError&) {
      if (configs.empty()) throw;
    }
  }
  return configs;
}

}  // namespace

MelFeaturesChoice choose_features(const MelFeaturesSettings& settings, int sample_rate,
                                  const GstCaps* downstream) {
  const std::vector<FrontEndConfig> configs = candidates(settings, sample_rate);
  const bool tensors = prefers_tensors(downstream);
  for (const FrontEndConfig& config : configs) {
    const bool offer_tensors = tensors && &config == &configs.front();
    auto choice = try_config(config, offer_tensors, downstream);
    if (choice) return std::move(*choice);
  }
  throw StreamFormatError(std::string("No features that can be made fit downstream: ") +
                          (settings.chooses_preset() ? "no preset does, sphinx for one makes \""
                                                     : "the settings make \"") +
                          caps_text(native_format(configs.front()).to_caps().get()) +
                          "\" and downstream accepts \"" + caps_text(downstream) + "\".");
}

CapsPtr audio_caps_for(const GstCaps* sink_template, const GstCaps* downstream) {
  if (gst_caps_is_any(downstream)) return CapsPtr(gst_caps_copy(sink_template));
  CapsPtr audio(gst_caps_new_empty());
  const bool tensors = prefers_tensors(downstream);
  for (guint i = 0; i < gst_caps_get_size(downstream); ++i) {
    const GstStructure* features = gst_caps_get_structure(downstream, i);
    if (!tensors && !gst_structure_has_name(features, HMM_FEATURES_MEDIA_TYPE)) continue;
    CapsPtr wanted(gst_caps_new_empty_simple("audio/x-raw"));
    if (const GValue* rate = gst_structure_get_value(features, "sample-rate")) {
      gst_caps_set_value(wanted.get(), "rate", rate);
    }
    audio.reset(gst_caps_merge(
        audio.release(), gst_caps_intersect(const_cast<GstCaps*>(sink_template), wanted.get())));
  }
  return audio;
}

}  // namespace hmm::gst
