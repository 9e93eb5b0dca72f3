// The caps that feature frames travel with, in their two forms:
//
//   application/x-hmm-features, format=F32LE, layout=mfcc, dim=39, framerate=100/1,
//       sample-rate=16000, front-end=...         any number of whole frames a buffer
//   other/tensors, format=static, num_tensors=1, types=float32, dimensions=39:1:1:1,
//       framerate=100/1                          one frame a buffer, for neural-network elements
#pragma once

#include <gst/gst.h>

#include <string>

#include "plugins/gst_ptr.h"

#define HMM_FEATURES_MEDIA_TYPE "application/x-hmm-features"
#define HMM_TENSORS_MEDIA_TYPE "other/tensors"

/// Template of a pad that takes or makes any features.
#define HMM_FEATURES_CAPS(layouts)                                                             \
  HMM_FEATURES_MEDIA_TYPE ", format=(string)F32LE, layout=(string)" layouts                    \
                          ", dim=(int)[1, max], framerate=(fraction)[0/1, max], "              \
                          "sample-rate=(int)[8000, 48000]; " HMM_TENSORS_MEDIA_TYPE            \
                          ", format=(string)static, num_tensors=(int)1, types=(string)float32" \
                          ", framerate=(fraction)[0/1, max]"

namespace hmm::gst {

struct FeatureFormat {
  enum class Form { kFeatures, kTensors };

  Form form = Form::kFeatures;
  int dimension = 0;
  /// Frames a second, as a fraction in lowest terms.
  int frames = 0;
  int seconds = 1;
  /// Of the native form only; tensors leave them empty or zero.
  std::string layout;
  int sample_rate = 0;
  /// FrontEndConfig::digest() of the front end that made the frames.
  std::string front_end;

  bool operator==(const FeatureFormat&) const = default;

  CapsPtr to_caps() const;
  /// Reads fixed caps. Throws StreamFormatError that names what is missing or wrong.
  static FeatureFormat parse(const GstCaps* caps);

  std::size_t frame_bytes() const { return static_cast<std::size_t>(dimension) * sizeof(float); }
};

}  // namespace hmm::gst
