// Which front end hmmmelfeatures runs: what the user set, the audio's rate and downstream's caps.
#pragma once

#include <gst/gst.h>

#include "core/frontend/front_end_config.h"
#include "plugins/feature_caps.h"
#include "plugins/gst_ptr.h"
#include "plugins/melfeatures_settings.h"

namespace hmm::gst {

struct MelFeaturesChoice {
  FrontEndConfig config;
  FeatureFormat format;
  /// What the source pad sends: to_caps() of the format with any further fields of downstream.
  CapsPtr caps;
};

/// The first of these that `downstream` accepts: the preset, or when it is auto every preset from
/// sphinx on; each as it is, then (while `deltas` is not set) without its deltas, for a model that
/// appends them itself. Of tensors, which do not say what they hold, only the first is offered.
///
/// Throws SettingsError when the settings cannot be at this rate, and StreamFormatError with what
/// is made and what is accepted when the two do not meet.
MelFeaturesChoice choose_features(const MelFeaturesSettings& settings, int sample_rate,
                                  const GstCaps* downstream);

/// The audio to ask for: `sink_template` at the sample rates that `downstream` accepts.
CapsPtr audio_caps_for(const GstCaps* sink_template, const GstCaps* downstream);

}  // namespace hmm::gst
