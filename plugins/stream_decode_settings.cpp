#include "plugins/stream_decode_settings.h"

namespace hmm::gst {
namespace {

void assign(std::string& text, const GValue* value) {
  const gchar* given = g_value_get_string(value);
  text = given == nullptr ? "" : given;
}

}  // namespace

void StreamDecodeSettings::install_properties(GObjectClass* klass) {
  const auto ready = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                              GST_PARAM_MUTABLE_READY);
  const auto playing = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                GST_PARAM_MUTABLE_PLAYING);
  const auto read_only = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  GParamSpec* properties[PROP_COUNT] = {};
  properties[PROP_MODEL] = g_param_spec_string(
      "model", "Model",
      "Folder of a CMU Sphinx acoustic model; none: the one of Debian's pocketsphinx-en-us, looked "
      "for in the XDG data folders and HMM_MODEL_PATH",
      "", ready);
  properties[PROP_LANGUAGE_MODEL] = g_param_spec_string(
      "language-model", "Language model",
      "Phone n-grams (ARPA or .lm.bin) whose bigrams weight which phone follows which; none: the "
      "one that lies beside the model, if there is one",
      "", ready);
  properties[PROP_LANGUAGE_CODE] =
      g_param_spec_string("language-code", "Language code",
                          "ISO 639 code of the speech, sent along as a tag", "", ready);
  properties[PROP_INSERTION_WEIGHT] = g_param_spec_double(
      "insertion-weight", "Insertion weight",
      "Added to the log probability whenever a phone begins: lower for fewer, longer phones", -100,
      100, 0, ready);
  properties[PROP_LAG] = g_param_spec_uint(
      "lag", "Lag",
      "Decide at the latest this many milliseconds after a frame; 0: only when certain, which is "
      "refused in live pipelines",
      0, 60000, 300, ready);
  properties[PROP_LATENCY] = g_param_spec_uint(
      "latency", "Latency",
      "Milliseconds from the start of a phone to its text at the latest, told to live pipelines; a "
      "phone that lasts longer is given out unfinished and followed by gaps",
      0, 60000, 1000, ready);
  properties[PROP_LATENESS] = g_param_spec_uint(
      "lateness", "Lateness", "Milliseconds by which texts are shifted into the future", 0, 60000,
      0, ready);
  properties[PROP_MAX_OBSERVED_DELAY] =
      g_param_spec_uint("max-observed-delay", "Largest delay observed",
                        "The longest that a text has taken in a live pipeline, in milliseconds", 0,
                        G_MAXUINT, 0, read_only);
  properties[PROP_INTERVAL] = g_param_spec_uint64(
      "interval", "Interval",
      "Longest time between hmm-state messages, in nanoseconds; 0: only when the state changes", 0,
      G_MAXUINT64, 100 * GST_MSECOND, ready);
  properties[PROP_STATS_INTERVAL] = g_param_spec_uint64(
      "stats-interval", "Statistics interval",
      "Time between hmm-stats messages, in nanoseconds; 0: only at the end of the stream", 0,
      G_MAXUINT64, 0, ready);
  properties[PROP_POST_MESSAGES] = g_param_spec_boolean(
      "post-messages", "Post messages", "Post hmm-state and hmm-stats on the bus", TRUE, playing);
  properties[PROP_STATS] = g_param_spec_boxed(
      "stats", "Statistics",
      "What has been decoded since the stream began: frames, real-time-factor, processing-mean, "
      "-p99 and -max, latency-mean, -p99 and -max, beam, lag (times in nanoseconds)",
      GST_TYPE_STRUCTURE, read_only);
  g_object_class_install_properties(klass, PROP_COUNT, properties);
}

bool StreamDecodeSettings::set(guint id, const GValue* value) {
  switch (id) {
    case PROP_MODEL:
      assign(model, value);
      return true;
    case PROP_LANGUAGE_MODEL:
      assign(language_model, value);
      return true;
    case PROP_LANGUAGE_CODE:
      assign(language_code, value);
      return true;
    case PROP_INSERTION_WEIGHT:
      insertion_weight = g_value_get_double(value);
      return true;
    case PROP_LAG:
      lag = g_value_get_uint(value);
      return true;
    case PROP_LATENCY:
      latency = g_value_get_uint(value);
      return true;
    case PROP_LATENESS:
      lateness = g_value_get_uint(value);
      return true;
    case PROP_INTERVAL:
      interval = g_value_get_uint64(value);
      return true;
    case PROP_STATS_INTERVAL:
      stats_interval = g_value_get_uint64(value);
      return true;
    case PROP_POST_MESSAGES:
      post_messages = g_value_get_boolean(value);
      return true;
    default:
      return false;
  }
}

bool StreamDecodeSettings::get(guint id, GValue* value) const {
  switch (id) {
    case PROP_MODEL:
      g_value_set_string(value, model.c_str());
      return true;
    case PROP_LANGUAGE_MODEL:
      g_value_set_string(value, language_model.c_str());
      return true;
    case PROP_LANGUAGE_CODE:
      g_value_set_string(value, language_code.c_str());
      return true;
    case PROP_INSERTION_WEIGHT:
      g_value_set_double(value, insertion_weight);
      return true;
    case PROP_LAG:
      g_value_set_uint(value, lag);
      return true;
    case PROP_LATENCY:
      g_value_set_uint(value, latency);
      return true;
    case PROP_LATENESS:
      g_value_set_uint(value, lateness);
      return true;
    case PROP_INTERVAL:
      g_value_set_uint64(value, interval);
      return true;
    case PROP_STATS_INTERVAL:
      g_value_set_uint64(value, stats_interval);
      return true;
    case PROP_POST_MESSAGES:
      g_value_set_boolean(value, post_messages);
      return true;
    default:
      return false;
  }
}

DecodeSettings StreamDecodeSettings::for_session() const {
  const auto nanoseconds = [](guint ms) { return static_cast<GstClockTime>(ms) * 1000000; };
  DecodeSettings settings;
  settings.lag = nanoseconds(lag);
  settings.latency = nanoseconds(latency);
  settings.lateness = nanoseconds(lateness);
  settings.interval = interval;
  settings.stats_interval = stats_interval;
  settings.post_messages = post_messages != FALSE;
  return settings;
}

}  // namespace hmm::gst
