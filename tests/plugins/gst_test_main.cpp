// Runs a test program in a GStreamer of its own: its registry, this build's plugin and the two
// GStreamer plugins that the tests use, whatever else is installed or set on this machine.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

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
  return RUN_ALL_TESTS();
}
