// hmmmelfeatures: audio in, mel and cepstral feature frames out.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_HMM_MEL_FEATURES (gst_hmm_mel_features_get_type())
G_DECLARE_FINAL_TYPE(GstHmmMelFeatures, gst_hmm_mel_features, GST, HMM_MEL_FEATURES, GstElement)

GST_ELEMENT_REGISTER_DECLARE(hmmmelfeatures)

G_END_DECLS
