#include "plugins/feature_caps.h"

#include <charconv>
#include <string_view>

#include "plugins/exception_guard.h"

namespace hmm::gst {
namespace {

[[noreturn]] void fail(const GstCaps* caps, const std::string& reason) {
  throw StreamFormatError("The feature caps \"" + caps_text(caps) + "\" cannot be used: " + reason +
                          ".");
}

void require(const GstCaps* caps, const GstStructure* structure, const char* field,
             std::string_view value) {
  const gchar* found = gst_structure_get_string(structure, field);
  if (found == nullptr || found != value) {
    fail(caps, std::string(field) + " must be " + std::string(value));
  }
}

std::string string_field(const GstCaps* caps, const GstStructure* structure, const char* field) {
  const gchar* value = gst_structure_get_string(structure, field);
  if (value == nullptr) fail(caps, std::string(field) + " is missing");
  return value;
}

int positive_field(const GstCaps* caps, const GstStructure* structure, const char* field) {
  int value = 0;
  if (!gst_structure_get_int(structure, field, &value) || value <= 0) {
    fail(caps, std::string(field) + " must be a positive number");
  }
  return value;
}

/// D of "D:1:1:1"; trailing ones may be left out.
int tensor_dimension(const GstCaps* caps, std::string_view dimensions) {
  int value = 0;
  const char* const end = dimensions.data() + dimensions.size();
  const auto [rest, error] = std::from_chars(dimensions.data(), end, value);
  bool ok = error == std::errc() && value > 0;
  std::string_view ones(rest, static_cast<std::size_t>(end - rest));
  while (ok && !ones.empty()) {
    ok = ones.starts_with(":1");
    if (ok) ones.remove_prefix(2);
  }
  if (!ok) fail(caps, "dimensions must be D:1:1:1, one frame of D values");
  return value;
}

}  // namespace

CapsPtr FeatureFormat::to_caps() const {
  if (form == Form::kTensors) {
    const std::string dimensions = std::to_string(dimension) + ":1:1:1";
    return CapsPtr(gst_caps_new_simple(HMM_TENSORS_MEDIA_TYPE, "format", G_TYPE_STRING, "static",
                                       "num_tensors", G_TYPE_INT, 1, "types", G_TYPE_STRING,
                                       "float32", "dimensions", G_TYPE_STRING, dimensions.c_str(),
                                       "framerate", GST_TYPE_FRACTION, frames, seconds, nullptr));
  }
  return CapsPtr(gst_caps_new_simple(HMM_FEATURES_MEDIA_TYPE, "format", G_TYPE_STRING, "F32LE",
                                     "layout", G_TYPE_STRING, layout.c_str(), "dim", G_TYPE_INT,
                                     dimension, "framerate", GST_TYPE_FRACTION, frames, seconds,
                                     "sample-rate", G_TYPE_INT, sample_rate, "front-end",
                                     G_TYPE_STRING, front_end.c_str(), nullptr));
}

FeatureFormat FeatureFormat::parse(const GstCaps* caps) {
  if (!gst_caps_is_fixed(caps)) fail(caps, "they are not fixed");
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  FeatureFormat format;
  if (gst_structure_has_name(structure, HMM_TENSORS_MEDIA_TYPE)) {
    format.form = Form::kTensors;
    require(caps, structure, "format", "static");
    require(caps, structure, "types", "float32");
    if (positive_field(caps, structure, "num_tensors") != 1) fail(caps, "num_tensors must be 1");
    format.dimension = tensor_dimension(caps, string_field(caps, structure, "dimensions"));
  } else if (gst_structure_has_name(structure, HMM_FEATURES_MEDIA_TYPE)) {
    require(caps, structure, "format", "F32LE");
    format.layout = string_field(caps, structure, "layout");
    format.dimension = positive_field(caps, structure, "dim");
    format.sample_rate = positive_field(caps, structure, "sample-rate");
    format.front_end = string_field(caps, structure, "front-end");
  } else {
    fail(caps, "they are neither " HMM_FEATURES_MEDIA_TYPE " nor " HMM_TENSORS_MEDIA_TYPE);
  }
  if (!gst_structure_get_fraction(structure, "framerate", &format.frames, &format.seconds) ||
      format.frames <= 0) {
    fail(caps, "framerate must be a positive fraction");
  }
  return format;
}

}  // namespace hmm::gst
