// The element hmmstreamdecode; see its description in gsthmmstreamdecode.cpp.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_HMM_STREAM_DECODE (gst_hmm_stream_decode_get_type())
G_DECLARE_FINAL_TYPE(GstHmmStreamDecode, gst_hmm_stream_decode, GST, HMM_STREAM_DECODE, GstElement)

GST_ELEMENT_REGISTER_DECLARE(hmmstreamdecode)

G_END_DECLS
