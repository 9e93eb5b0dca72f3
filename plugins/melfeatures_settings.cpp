#include "plugins/melfeatures_settings.h"

#include <cmath>
#include <string>

#include "core/base/error.h"

namespace hmm::gst {
namespace {

enum Property : guint {
  kPreset = 1,
  kWindowSize,
  kFrameRate,
  kWindow,
  kBins,
  kCoefficients,
  kLowFrequency,
  kHighFrequency,
  kPreEmphasis,
  kLifter,
  kEnergy,
  kDeltas,
  kDeltaOrder,
  kDeltaWindow,
  kNormalization,
  kChannel,
  kAlignmentThreshold,
  kDiscontWait,
};

constexpr int kAsPreset = -1;

const GEnumValue kPresets[] = {
    {0, "What downstream's caps ask for, else sphinx", "auto"},
    {1, "CMU Sphinx: 13 cepstra, 1s_c_d_dd deltas (the en-us model's feat.params)", "sphinx"},
    {2, "The same with Sphinx's noise removal", "sphinx-denoise"},
    {3, "Kaldi's compute-fbank-feats: 23 log-mel bins", "kaldi-fbank"},
    {4, "Kaldi's compute-mfcc-feats: 13 cepstra with log energy", "kaldi-mfcc"},
    {5, "The HTK book's MFCC_0_D_A: 13 cepstra, deltas and accelerations", "htk"},
    {6, "librosa's power_to_db(melspectrogram): 128 Slaney bins in decibels", "librosa"},
    {0, nullptr, nullptr}};

const GEnumValue kWindows[] = {
    {kAsPreset, "As the preset has it", "preset"},
    {static_cast<int>(WindowShape::hamming), "Hamming", "hamming"},
    {static_cast<int>(WindowShape::hann), "Hann, symmetric", "hann"},
    {static_cast<int>(WindowShape::hann_periodic), "Hann, periodic", "hann-periodic"},
    {static_cast<int>(WindowShape::povey), "Kaldi's: Hann to the power of 0.85", "povey"},
    {static_cast<int>(WindowShape::rectangular), "None", "rectangular"},
    {0, nullptr, nullptr}};

const GEnumValue kEnergies[] = {
    {kAsPreset, "As the preset has it", "preset"},
    {static_cast<int>(EnergyKind::none), "No log energy", "none"},
    {static_cast<int>(EnergyKind::log_energy),
     "Log energy in place of coefficient 0, or before the bins", "log-energy"},
    {0, nullptr, nullptr}};

const GEnumValue kDeltaKinds[] = {
    {kAsPreset, "As the preset (or downstream's caps) have it", "preset"},
    {static_cast<int>(DeltaKind::none), "Static values only", "none"},
    {static_cast<int>(DeltaKind::regression), "Regression over delta-window frames a side (HTK)",
     "regression"},
    {static_cast<int>(DeltaKind::sphinx), "Sphinx's 1s_c_d_dd", "sphinx"},
    {0, nullptr, nullptr}};

const GEnumValue kNormalizations[] = {
    {static_cast<int>(NormalizationKind::none), "None: decoders apply their model's own", "none"},
    {static_cast<int>(NormalizationKind::batch),
     "By the mean of the whole utterance; frames come out at its end (not in live pipelines)",
     "batch"},
    {static_cast<int>(NormalizationKind::live), "By a mean that follows the stream in steps",
     "live"},
    {static_cast<int>(NormalizationKind::recursive), "By a mean that moves with every frame",
     "recursive"},
    {0, nullptr, nullptr}};

GType enum_type(const char* name, const GEnumValue* values) {
  const GType type = g_enum_register_static(name, values);
  gst_type_mark_as_plugin_api(type, static_cast<GstPluginAPIFlags>(0));
  return type;
}

constexpr auto kFlags =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);

/// Installs properties one after the other, each with its name, its words and its range.
struct Installer {
  GObjectClass* object_class;

  void add_enum(guint id, const char* name, const char* nick, const char* blurb,
                const char* type_name, const GEnumValue* values, int preset) const {
    install(id, g_param_spec_enum(name, nick, blurb, enum_type(type_name, values), preset, kFlags));
  }
  void add_int(guint id, const char* name, const char* nick, const char* blurb, int low, int high,
               int preset) const {
    install(id, g_param_spec_int(name, nick, blurb, low, high, preset, kFlags));
  }
  void add_number(guint id, const char* name, const char* nick, const char* blurb,
                  double high) const {
    install(id, g_param_spec_double(name, nick, blurb, -1, high, -1, kFlags));
  }
  void add_time(guint id, const char* name, const char* nick, const char* blurb, GstClockTime low,
                GstClockTime high, GstClockTime preset) const {
    install(id, g_param_spec_uint64(name, nick, blurb, low, high, preset, kFlags));
  }
  void install(guint id, GParamSpec* spec) const {
    g_object_class_install_property(object_class, id, spec);
  }
};

}  // namespace

void MelFeaturesSettings::install_properties(GObjectClass* object_class) {
  const MelFeaturesSettings initial;
  const Installer properties{object_class};
  properties.add_enum(kPreset, "preset", "Preset",
                      "The system whose features are made; the other properties replace its fields",
                      "GstHmmMelFeaturesPreset", kPresets, initial.preset);
  properties.add_time(kWindowSize, "window-size", "Window size",
                      "Length of the window in ns, rounded to whole samples (0: the preset's)", 0,
                      GST_SECOND, initial.window_size);
  properties.install(kFrameRate,
                     gst_param_spec_fraction(
                         "frame-rate", "Frame rate",
                         "Frames a second; the hop is rounded to whole samples and the caps tell "
                         "the exact rate (0/1: the preset's)",
                         0, 1, 10000, 1, initial.frames, initial.seconds, kFlags));
  properties.add_enum(kWindow, "window", "Window",
                      "Shape of the window that each frame is multiplied by",
                      "GstHmmMelFeaturesWindow", kWindows, initial.window);
  properties.add_int(kBins, "bins", "Bins", "Filters of the mel filterbank (0: the preset's)", 0,
                     4096, initial.bins);
  properties.add_int(kCoefficients, "coefficients", "Coefficients",
                     "Cepstral coefficients, c0 included; 0 stops at log-mel bins (-1: the "
                     "preset's)",
                     -1, 4096, initial.coefficients);
  properties.add_number(kLowFrequency, "low-frequency", "Low frequency",
                        "Lower edge of the first filter in Hz (-1: the preset's)", 24000);
  properties.add_number(kHighFrequency, "high-frequency", "High frequency",
                        "Upper edge of the last filter in Hz, at most half the sample rate (-1: "
                        "the preset's)",
                        24000);
  properties.add_number(kPreEmphasis, "pre-emphasis", "Pre-emphasis",
                        "a in y[n] = x[n] - a x[n-1] (-1: the preset's)", 1);
  properties.add_number(kLifter, "lifter", "Lifter",
                        "Length of the cepstral lifter; 0 is none (-1: the preset's)", 1000);
  properties.add_enum(kEnergy, "energy", "Energy", "Whether frames carry the log energy",
                      "GstHmmMelFeaturesEnergy", kEnergies, initial.energy);
  properties.add_enum(kDeltas, "deltas", "Deltas", "How differences over time are appended",
                      "GstHmmMelFeaturesDeltas", kDeltaKinds, initial.deltas);
  properties.add_int(kDeltaOrder, "delta-order", "Delta order",
                     "Highest order of regression deltas: 1 to 3 (0: the preset's)", 0, 3,
                     initial.delta_order);
  properties.add_int(kDeltaWindow, "delta-window", "Delta window",
                     "Frames to each side in regression deltas (0: the preset's)", 0, 100,
                     initial.delta_window);
  properties.add_enum(kNormalization, "normalization", "Normalization",
                      "Normalization of the cepstral mean", "GstHmmMelFeaturesNormalization",
                      kNormalizations, initial.normalization);
  properties.add_int(kChannel, "channel", "Channel",
                     "The channel to take, from 0 (-1: the average of all)", -1, G_MAXINT,
                     initial.channel);
  properties.add_time(
      kAlignmentThreshold, "alignment-threshold", "Alignment threshold",
      "Timestamps that stray this far (ns) from the sample count, for discont-wait, "
      "are a discontinuity",
      GST_MSECOND, GST_SECOND * 3600, initial.alignment_threshold);
  properties.add_time(kDiscontWait, "discont-wait", "Discont wait",
                      "How long (ns) timestamps must stray before the frames start anew", 0,
                      GST_SECOND * 3600, initial.discont_wait);
}

bool MelFeaturesSettings::set_property(guint id, const GValue* value) {
  switch (id) {
    case kPreset:
      preset = g_value_get_enum(value);
      return true;
    case kWindowSize:
      window_size = g_value_get_uint64(value);
      return true;
    case kFrameRate:
      frames = gst_value_get_fraction_numerator(value);
      seconds = gst_value_get_fraction_denominator(value);
      return true;
    case kWindow:
      window = g_value_get_enum(value);
      return true;
    case kBins:
      bins = g_value_get_int(value);
      return true;
    case kCoefficients:
      coefficients = g_value_get_int(value);
      return true;
    case kLowFrequency:
      low_frequency = g_value_get_double(value);
      return true;
    case kHighFrequency:
      high_frequency = g_value_get_double(value);
      return true;
    case kPreEmphasis:
      pre_emphasis = g_value_get_double(value);
      return true;
    case kLifter:
      lifter = g_value_get_double(value);
      return true;
    case kEnergy:
      energy = g_value_get_enum(value);
      return true;
    case kDeltas:
      deltas = g_value_get_enum(value);
      return true;
    case kDeltaOrder:
      delta_order = g_value_get_int(value);
      return true;
    case kDeltaWindow:
      delta_window = g_value_get_int(value);
      return true;
    case kNormalization:
      normalization = g_value_get_enum(value);
      return true;
    case kChannel:
      channel = g_value_get_int(value);
      return true;
    case kAlignmentThreshold:
      alignment_threshold = g_value_get_uint64(value);
      return true;
    case kDiscontWait:
      discont_wait = g_value_get_uint64(value);
      return true;
    default:
      return false;
  }
}

bool MelFeaturesSettings::get_property(guint id, GValue* value) const {
  switch (id) {
    case kPreset:
      g_value_set_enum(value, preset);
      return true;
    case kWindowSize:
      g_value_set_uint64(value, window_size);
      return true;
    case kFrameRate:
      gst_value_set_fraction(value, frames, seconds);
      return true;
    case kWindow:
      g_value_set_enum(value, window);
      return true;
    case kBins:
      g_value_set_int(value, bins);
      return true;
    case kCoefficients:
      g_value_set_int(value, coefficients);
      return true;
    case kLowFrequency:
      g_value_set_double(value, low_frequency);
      return true;
    case kHighFrequency:
      g_value_set_double(value, high_frequency);
      return true;
    case kPreEmphasis:
      g_value_set_double(value, pre_emphasis);
      return true;
    case kLifter:
      g_value_set_double(value, lifter);
      return true;
    case kEnergy:
      g_value_set_enum(value, energy);
      return true;
    case kDeltas:
      g_value_set_enum(value, deltas);
      return true;
    case kDeltaOrder:
      g_value_set_int(value, delta_order);
      return true;
    case kDeltaWindow:
      g_value_set_int(value, delta_window);
      return true;
    case kNormalization:
      g_value_set_enum(value, normalization);
      return true;
    case kChannel:
      g_value_set_int(value, channel);
      return true;
    case kAlignmentThreshold:
      g_value_set_uint64(value, alignment_threshold);
      return true;
    case kDiscontWait:
      g_value_set_uint64(value, discont_wait);
      return true;
    default:
      return false;
  }
}

const char* MelFeaturesSettings::preset_name() const { return kPresets[preset].value_nick; }

FrontEndConfig MelFeaturesSettings::config(const char* preset_name, int sample_rate) const {
  FrontEndConfig config = hmm::preset(preset_name, sample_rate);
  if (window_size > 0) {
    config.window_samples =
        static_cast<int>(gst_util_uint64_scale_round(window_size, sample_rate, GST_SECOND));
  }
  if (frames > 0) {
    config.hop_samples =
        static_cast<int>(gst_util_uint64_scale_round(sample_rate, seconds, frames));
  }
  if (window >= 0) config.window = static_cast<WindowShape>(window);
  if (bins > 0) config.bins = bins;
  if (coefficients >= 0) config.coefficients = coefficients;
  if (low_frequency >= 0) config.low_frequency = low_frequency;
  if (high_frequency >= 0) config.high_frequency = high_frequency;
  if (pre_emphasis >= 0) config.pre_emphasis = pre_emphasis;
  if (lifter >= 0) config.lifter = lifter;
  if (energy >= 0) config.energy = static_cast<EnergyKind>(energy);
  if (deltas >= 0) config.deltas = static_cast<DeltaKind>(deltas);
  if (delta_order > 0) config.delta_order = delta_order;
  if (delta_window > 0) config.delta_window = delta_window;
  config.normalization = static_cast<NormalizationKind>(normalization);
  config.validate();
  return config;
}

}  // namespace hmm::gst
