// GStreamer structures as JSON, so that messages can be read by any program.
#pragma once

#include <gst/gst.h>

#include <string>

/// One line without its newline: {"message": NAME, FIELD: VALUE, ...}. Arrays of structures become
/// arrays of objects; a time that is not known (GST_CLOCK_TIME_NONE) becomes null.
std::string structure_to_json(const GstStructure* structure);
