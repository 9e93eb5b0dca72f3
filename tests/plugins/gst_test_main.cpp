// Runs a test program in a GStreamer of its own: its registry, this build's plugin and those of
// GStreamer's plugins that the tests use, whatever else is installed or set on this machine. A
// GStreamer object that outlives the tests is a failure.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#ifndef GST_TEST_PLUGINS
#define GST_TEST_PLUGINS "libgstcoreelements.so", "libgstcoretracers.so"
#endif

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
  for (const char* plugin : {GST_TEST_PLUGINS}) {
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
  // At the end the leaks tracer writes what is still alive to the log.
  setenv("GST_TRACERS", "leaks", 1);
  setenv("GST_DEBUG", "GST_TRACER:7", 1);
  setenv("GST_DEBUG_FILE", (folder / "leaks.log").c_str(), 1);
  setenv("GST_DEBUG_NO_COLOR", "1", 1);
}

/// The objects in the leaks tracer's log, one a line.
std::string leaked_objects(const fs::path& folder) {
  std::ifstream log(folder / "leaks.log");
  std::string leaked, line;
  while (std::getline(log, line)) {
    if (line.find(":: object-alive, ") != std::string::npos) leaked += line + "\n";
  }
  return leaked;
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
  gst_deinit();  // Waits for what elements still do in the background.
  const std::string leaked = leaked_objects(folder.path());
  if (!leaked.empty()) std::cerr << "GStreamer objects that were leaked:\n" << leaked;
  return failed != 0 || !leaked.empty() ? 1 : 0;
}
