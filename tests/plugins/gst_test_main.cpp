// Runs a test program in a GStreamer of its own: its registry, this build's plugin and the two
// GStreamer plugins that the tests use, whatever else is installed or set on this machine. A
// GStreamer object that outlives the tests is a failure.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "hmm-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void set_environment(const fs::path& folder) {
  for (const char* plugin : {"libgstcoreelements.so", "libgstcoretracers.so"}) {
    fs::create_symlink(fs::path(GST_PLUGINS_FOLDER) / plugin, folder / plugin);
  }
  const fs::path built = fs::path(std::getenv("HMM_BUILD_ROOT")) / "plugins";
  setenv("GST_PLUGIN_PATH_1_0", (built.string() + ":" + folder.string()).c_str(), 1);
  setenv("GST_PLUGIN_SYSTEM_PATH_1_0", "", 1);
  setenv("GST_REGISTRY_1_0", (folder / "registry.bin").c_str(), 1);
  // A sanitized plugin loads only into a sanitized program: this one, not the scanner.
  setenv("GST_REGISTRY_FORK", "no", 1);
  // A critical warning of GLib is a failed test.
  setenv("G_DEBUG", "fatal-criticals", 1);
  setenv("G_SLICE", "always-malloc", 1);
  setenv("GST_TRACERS", "leaks", 1);
}

/// What GStreamer's leaks tracer still counts as alive, one object a line.
std::string live_objects() {
  std::string live = "no leaks tracer";
  GList* tracers = gst_tracing_get_active_tracers();
  for (GList* item = tracers; item != nullptr; item = item->next) {
    if (std::string(G_OBJECT_TYPE_NAME(item->data)) != "GstLeaksTracer") continue;
    GstStructure* report = nullptr;
    g_signal_emit_by_name(item->data, "get-live-objects", &report);
    const GValue* list = gst_structure_get_value(report, "live-objects-list");
    live.clear();
    for (guint i = 0; i < gst_value_list_get_size(list); ++i) {
      gchar* text = gst_value_serialize(gst_value_list_get_value(list, i));
      live += std::string(text) + "\n";
      g_free(text);
    }
    gst_structure_free(report);
  }
  g_list_free_full(tracers, gst_object_unref);
  return live;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (std::getenv("HMM_BUILD_ROOT") == nullptr) {
    std::cerr << "HMM_BUILD_ROOT must name the build folder; meson test sets it.\n";
    return 2;
  }
  const TemporaryFolder folder;
  set_environment(folder.path());
  gst_init(&argc, &argv);
  const int failed = RUN_ALL_TESTS();
  const std::string leaked = live_objects();
  if (!leaked.empty()) std::cerr << "Leaked:\n" << leaked << '\n';
  return failed != 0 || !leaked.empty() ? 1 : 0;
}
