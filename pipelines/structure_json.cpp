#include "pipelines/structure_json.h"

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const GValue* value);

gboolean add_field(GQuark field, const GValue* value, gpointer object) {
  (*static_cast<Json*>(object))[g_quark_to_string(field)] = to_json(value);
  return TRUE;
}

Json to_json(const GValue* value) {
  if (G_VALUE_HOLDS_STRING(value)) {
    const gchar* text = g_value_get_string(value);
    return text == nullptr ? Json() : Json(text);
  }
  if (G_VALUE_HOLDS_BOOLEAN(value)) return g_value_get_boolean(value) != FALSE;
  if (G_VALUE_HOLDS_INT(value)) return g_value_get_int(value);
  if (G_VALUE_HOLDS_UINT(value)) return g_value_get_uint(value);
  if (G_VALUE_HOLDS_UINT64(value)) {
    const guint64 number = g_value_get_uint64(value);
    return number == GST_CLOCK_TIME_NONE ? Json() : Json(number);
  }
  if (G_VALUE_HOLDS_DOUBLE(value)) return g_value_get_double(value);
  if (GST_VALUE_HOLDS_STRUCTURE(value)) {
    Json object = Json::object();
    gst_structure_foreach(gst_value_get_structure(value), add_field, &object);
    return object;
  }
  if (GST_VALUE_HOLDS_ARRAY(value)) {
    Json list = Json::array();
    for (guint i = 0; i < gst_value_array_get_size(value); ++i) {
      list.push_back(to_json(gst_value_array_get_value(value, i)));
    }
    return list;
  }
  gchar* text = gst_value_serialize(value);
  Json json = text == nullptr ? Json() : Json(text);
  g_free(text);
  return json;
}

}  // namespace

std::string structure_to_json(const GstStructure* structure) {
  Json object = {{"message", gst_structure_get_name(structure)}};
  gst_structure_foreach(structure, add_field, &object);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}
