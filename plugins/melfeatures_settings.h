// What a user sets on hmmmelfeatures: a preset, and single fields that take its place.
#pragma once

#include <gst/gst.h>

#include "core/frontend/front_end_config.h"

namespace hmm::gst {

/// Values that stand for "as the preset has it" are named in each property's description.
struct MelFeaturesSettings {
  int preset = 0;  // Of the preset enum; 0 is auto.
  GstClockTime window_size = 0;
  int frames = 0;  // The frame rate; 0/1 is the preset's.
  int seconds = 1;
  int window = -1;
  int bins = 0;
  int coefficients = -1;
  double low_frequency = -1;
  double high_frequency = -1;
  double pre_emphasis = -1;
  double lifter = -1;
  int energy = -1;
  int deltas = -1;
  int delta_order = 0;
  int delta_window = 0;
  int normalization = 0;  // Of NormalizationKind.
  int channel = -1;
  GstClockTime alignment_threshold = 40 * GST_MSECOND;
  GstClockTime discont_wait = GST_SECOND;

  static void install_properties(GObjectClass* object_class);
  /// False when there is no such property.
  bool set_property(guint id, const GValue* value);
  bool get_property(guint id, GValue* value) const;

  bool chooses_preset() const { return preset == 0; }
  bool chooses_deltas() const { return deltas < 0; }
  const char* preset_name() const;
  /// Nothing comes out before the end of the utterance.
  bool waits_for_utterance() const {
    return normalization == static_cast<int>(NormalizationKind::batch);
  }

  /// The front end for a sample rate with the fields that are set in place of the preset's. Throws
  /// SettingsError when they cannot work together.
  FrontEndConfig config(const char* preset_name, int sample_rate) const;
};

}  // namespace hmm::gst
