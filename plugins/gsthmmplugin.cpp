// The plugin "hmm": the list of its elements.
#include <gst/gst.h>

#include "plugins/gsthmmmelfeatures.h"
#include "plugins/gsthmmstreamdecode.h"
#include "plugins/state_meta.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  hmm::gst::register_state_meta();
  return GST_ELEMENT_REGISTER(hmmmelfeatures, plugin) &&
         GST_ELEMENT_REGISTER(hmmstreamdecode, plugin);
}

}  // namespace

#define PACKAGE "hmm"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, hmm,
                  "Speech decoding, alignment and synthesis with hidden Markov models", plugin_init,
                  HMM_VERSION, "MIT/X11", "hmm", "Unknown package origin")
