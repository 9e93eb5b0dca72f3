// The one place where C++ exceptions become GStreamer errors.
//
// Every function that GStreamer calls runs inside guarded(), so that no exception crosses into C.
#pragma once

#include <gst/gst.h>

#include "core/base/error.h"

namespace hmm::gst {

/// Input, caps or timestamps that an element cannot work with; posted as STREAM/FORMAT.
class StreamFormatError : public Error {
  using Error::Error;
};

/// Posts the exception being handled as one error message of `element`:
///   NotFoundError     RESOURCE/NOT_FOUND   ParseError  LIBRARY/INIT
///   SettingsError     LIBRARY/SETTINGS     DataError   STREAM/FAILED
///   StreamFormatError STREAM/FORMAT        bad_alloc   RESOURCE/NO_SPACE_LEFT
/// anything else is LIBRARY/FAILED. Call it only from a catch block.
void post_current_exception(GstElement* element) noexcept;

/// Returns what `body` returns; when it throws, posts the error and returns `failure`.
template <class Result, class Body>
Result guarded(GstElement* element, Result failure, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    post_current_exception(element);
    return failure;
  }
}

/// The same for a body that returns nothing.
template <class Body>
void guarded(GstElement* element, Body&& body) noexcept {
  try {
    body();
  } catch (...) {
    post_current_exception(element);
  }
}

}  // namespace hmm::gst
