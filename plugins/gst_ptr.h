// Owning pointers to GStreamer's reference-counted objects, safe when an exception passes.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

namespace hmm::gst {

struct MiniObjectUnref {
  template <class T>
  void operator()(T* object) const {
    gst_mini_object_unref(GST_MINI_OBJECT_CAST(object));
  }
};

struct GFree {
  void operator()(void* memory) const { g_free(memory); }
};

using BufferPtr = std::unique_ptr<GstBuffer, MiniObjectUnref>;
using CapsPtr = std::unique_ptr<GstCaps, MiniObjectUnref>;
using EventPtr = std::unique_ptr<GstEvent, MiniObjectUnref>;
using QueryPtr = std::unique_ptr<GstQuery, MiniObjectUnref>;
using StringPtr = std::unique_ptr<gchar, GFree>;

/// The caps as a user types them.
inline std::string caps_text(const GstCaps* caps) {
  const StringPtr text(gst_caps_to_string(caps));
  return text.get();
}

}  // namespace hmm::gst
