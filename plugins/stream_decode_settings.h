// The properties of hmmstreamdecode that a user sets.
#pragma once

#include <gst/gst.h>

#include <string>

#include "plugins/decode_session.h"

namespace hmm::gst {

struct StreamDecodeSettings {
  enum Property {
    PROP_MODEL = 1,
    PROP_LANGUAGE_MODEL,
    PROP_LANGUAGE_CODE,
    PROP_INSERTION_WEIGHT,
    PROP_LAG,
    PROP_LATENCY,
    PROP_LATENESS,
    PROP_INTERVAL,
    PROP_STATS_INTERVAL,
    PROP_POST_MESSAGES,
    PROP_MAX_OBSERVED_DELAY,  // read-only, the element's to answer, as is the next
    PROP_STATS,
    PROP_COUNT
  };

  std::string model;
  std::string language_model;
  std::string language_code;
  gdouble insertion_weight = 0;
  guint lag = 300;       // ms
  guint latency = 1000;  // ms
  guint lateness = 0;    // ms
  guint64 interval = 100 * GST_MSECOND;
  guint64 stats_interval = 0;
  gboolean post_messages = TRUE;

  static void install_properties(GObjectClass* klass);
  /// False when `id` is not one of those that can be set.
  bool set(guint id, const GValue* value);
  bool get(guint id, GValue* value) const;

  DecodeSettings for_session() const;
};

}  // namespace hmm::gst
