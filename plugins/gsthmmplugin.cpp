// The plugin "hmm": the list of its elements.
#include <gst/gst.h>

#include "plugins/gsthmmmelfeatures.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) { return GST_ELEMENT_REGISTER(hmmmelfeatures, plugin); }

}  // namespace

#define PACKAGE "hmm"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, hmm,
                  "Speech decoding, alignment and synthesis with hidden Markov models", plugin_init,
                  HMM_VERSION, "MIT/X11", "hmm", "Unknown package origin")
