// What every element of the plugin must survive, whichever it is.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

std::vector<std::string> element_names() {
  std::vector<std::string> names;
  GList* features = gst_registry_get_feature_list_by_plugin(gst_registry_get(), "hmm");
  for (GList* item = features; item != nullptr; item = item->next) {
    if (GST_IS_ELEMENT_FACTORY(item->data)) names.emplace_back(GST_OBJECT_NAME(item->data));
  }
  gst_plugin_feature_list_free(features);
  return names;
}

struct Unref {
  void operator()(GstElement* element) const {
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
};
using Element = std::unique_ptr<GstElement, Unref>;

Element make(const std::string& name) {
  GstElement* element = gst_element_factory_make(name.c_str(), nullptr);
  EXPECT_NE(element, nullptr) << name;
  return Element(GST_ELEMENT(gst_object_ref_sink(element)));
}

TEST(Plugin, LoadsAndNamesItsLicence) {
  GstPlugin* plugin = gst_registry_find_plugin(gst_registry_get(), "hmm");
  ASSERT_NE(plugin, nullptr);
  EXPECT_STREQ(gst_plugin_get_license(plugin), "MIT/X11");
  GstPlugin* loaded = gst_plugin_load(plugin);
  ASSERT_NE(loaded, nullptr);
  gst_object_unref(loaded);
  gst_object_unref(plugin);
  EXPECT_FALSE(element_names().empty());
}

/// An element may refuse a state (no model here); it may not crash, hang or leak.
TEST(AllElements, ThreeOrdersOfStateChanges) {
  const std::vector<std::vector<GstState>> orders = {
      {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_READY,
       GST_STATE_NULL},
      {GST_STATE_PLAYING, GST_STATE_NULL, GST_STATE_PLAYING, GST_STATE_READY, GST_STATE_PLAYING,
       GST_STATE_NULL},
      {GST_STATE_READY, GST_STATE_NULL, GST_STATE_PAUSED, GST_STATE_NULL, GST_STATE_READY,
       GST_STATE_READY, GST_STATE_NULL},
  };
  for (const std::string& name : element_names()) {
    SCOPED_TRACE(name);
    for (const auto& order : orders) {
      const Element element = make(name);
      for (const GstState state : order) gst_element_set_state(element.get(), state);
      GstState reached = GST_STATE_VOID_PENDING;
      gst_element_get_state(element.get(), &reached, nullptr, GST_SECOND);
      EXPECT_EQ(reached, GST_STATE_NULL);
    }
  }
}

class PropertyValue {
 public:
  explicit PropertyValue(const GParamSpec* spec) { g_value_init(&value_, spec->value_type); }
  ~PropertyValue() { g_value_unset(&value_); }
  GValue* get() { return &value_; }

 private:
  GValue value_ = G_VALUE_INIT;
};

template <class Visit>
void for_each_own_property(GstElement* element, Visit visit) {
  guint count = 0;
  GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  for (guint i = 0; i < count; ++i) {
    if (g_type_is_a(specs[i]->owner_type, GST_TYPE_ELEMENT) &&
        specs[i]->owner_type != GST_TYPE_ELEMENT) {
      SCOPED_TRACE(specs[i]->name);
      visit(specs[i]);
    }
  }
  g_free(specs);
}

TEST(AllElements, EveryPropertyIsReadBackAsItWasSet) {
  for (const std::string& name : element_names()) {
    SCOPED_TRACE(name);
    const Element element = make(name);
    const auto object = G_OBJECT(element.get());
    for_each_own_property(element.get(), [&](GParamSpec* spec) {
      if ((spec->flags & G_PARAM_READABLE) == 0) return;
      PropertyValue before(spec), after(spec);
      g_object_get_property(object, spec->name, before.get());
      if ((spec->flags & G_PARAM_WRITABLE) == 0) return;
      for (int repeat = 0; repeat < 3; ++repeat) {
        g_object_set_property(object, spec->name, before.get());
        g_object_get_property(object, spec->name, after.get());
        EXPECT_EQ(g_param_values_cmp(spec, before.get(), after.get()), 0);
      }
      PropertyValue preset(spec);
      g_param_value_set_default(spec, preset.get());
      g_object_set_property(object, spec->name, preset.get());
      g_object_get_property(object, spec->name, after.get());
      EXPECT_EQ(g_param_values_cmp(spec, preset.get(), after.get()), 0);
    });
  }
}

TEST(AllElements, EveryPropertyIsDescribed) {
  for (const std::string& name : element_names()) {
    SCOPED_TRACE(name);
    const Element element = make(name);
    for_each_own_property(element.get(), [&](GParamSpec* spec) {
      EXPECT_GT(std::string(g_param_spec_get_blurb(spec)).size(), 20u);
      if ((spec->flags & G_PARAM_WRITABLE) != 0) {
        EXPECT_NE(spec->flags & (GST_PARAM_MUTABLE_READY | GST_PARAM_MUTABLE_PAUSED |
                                 GST_PARAM_MUTABLE_PLAYING),
                  0)
            << "does not say in which states it may be set";
      }
    });
  }
}

TEST(AllElements, EveryElementHasAManualPage) {
  for (const std::string& name : element_names()) {
    SCOPED_TRACE(name);
    GstElementFactory* factory = gst_element_factory_find(name.c_str());
    ASSERT_NE(factory, nullptr);
    for (const char* key : {GST_ELEMENT_METADATA_LONGNAME, GST_ELEMENT_METADATA_KLASS,
                            GST_ELEMENT_METADATA_DESCRIPTION, GST_ELEMENT_METADATA_AUTHOR}) {
      const gchar* text = gst_element_factory_get_metadata(factory, key);
      EXPECT_TRUE(text != nullptr && *text != '\0') << key;
    }
    EXPECT_EQ(gst_plugin_feature_get_rank(GST_PLUGIN_FEATURE(factory)), GST_RANK_NONE);
    gst_object_unref(factory);
  }
}

}  // namespace
