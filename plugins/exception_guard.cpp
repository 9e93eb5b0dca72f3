#include "plugins/exception_guard.h"

#include <new>

namespace hmm::gst {
namespace {

void post(GstElement* element, GQuark domain, gint code, const char* text) {
  gst_element_message_full(element, GST_MESSAGE_ERROR, domain, code, g_strdup(text), nullptr,
                           __FILE__, "post_current_exception", __LINE__);
}

}  // namespace

void post_current_exception(GstElement* element) noexcept {
  try {
    throw;
  } catch (const NotFoundError& error) {
    post(element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, error.what());
  } catch (const SettingsError& error) {
    post(element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, error.what());
  } catch (const ParseError& error) {
    post(element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT, error.what());
  } catch (const StreamFormatError& error) {
    post(element, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, error.what());
  } catch (const DataError& error) {
    post(element, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, error.what());
  } catch (const std::bad_alloc&) {
    post(element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
         "There is not enough memory.");
  } catch (const std::exception& error) {
    post(element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED, error.what());
  } catch (...) {
    post(element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED, "An unknown error occurred.");
  }
}

}  // namespace hmm::gst
