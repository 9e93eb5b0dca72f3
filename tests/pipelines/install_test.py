"""What meson install puts into a folder works from there, with nothing of the build."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import tap
from tap import BUILD, SANITIZED, SPEECH

PROGRAM = """
#include <core/frontend/front_end.h>
#include <cstdio>
#include <vector>

int main() {
  hmm::FrontEnd front_end(hmm::preset("kaldi-mfcc"));
  const std::vector<float> samples(16000, 0.1f);
  front_end.push(samples);
  front_end.flush();
  std::printf("%zu\\n", front_end.take().rows());
}
"""


@unittest.skipIf(SANITIZED, tap.NO_PRELOAD)
class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="hmm-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        done = subprocess.run(["meson", "install", "-C", str(BUILD), "--no-rebuild", "--quiet",
                               "--destdir", str(cls.folder)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        cls.plugin = next(cls.folder.rglob("libgsthmm.so"))
        cls.pkg_config = next(cls.folder.rglob("hmmcore.pc"))
        cls.library = cls.plugin.parent.parent

    def run_installed(self, *command, **more):
        known = {k: v for k, v in os.environ.items() if not k.startswith(("GST_", "HMM_"))}
        return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                              timeout=100, env={**known, **more})

    def gstreamer(self):
        return {"GST_PLUGIN_PATH_1_0": str(self.plugin.parent),
                "GST_REGISTRY_1_0": str(self.folder / "registry.bin")}

    def test_the_plugin_is_inspected(self):
        for element in ("hmmmelfeatures", "hmmstreamdecode"):
            run = self.run_installed("gst-inspect-1.0", element, **self.gstreamer())
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn(str(self.plugin), run.stdout)

    @unittest.skipUnless(tap.HAS_SPEECH, tap.NO_SPEECH)
    def test_a_pipeline_runs(self):
        recording = sorted(SPEECH.glob("*.wav"))[1]
        out = self.folder / "out.srt"
        run = self.run_installed(
            "gst-launch-1.0", "-q", "filesrc", f"location={recording}", "!", "wavparse", "!",
            "audioconvert", "!", "audioresample", "!", "hmmmelfeatures", "!", "hmmstreamdecode",
            "!", "srtenc", "!", "filesink", f"location={out}", **self.gstreamer())
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(" --> ", out.read_text())

    def test_the_libraries_refer_to_nothing_in_the_build_folder(self):
        for path in (self.plugin, *self.folder.rglob("hmm-*"), *self.library.glob("libhmmcore*")):
            if path.is_file():
                run = self.run_installed("readelf", "-d", path)
                self.assertNotIn(str(BUILD), run.stdout, path)

    def test_a_program_is_built_with_pkg_config_and_the_installed_headers(self):
        source = self.folder / "program.cpp"
        source.write_text(PROGRAM)
        flags = self.run_installed("pkg-config", "--cflags", "--libs", "hmmcore",
                                   PKG_CONFIG_PATH=str(self.pkg_config.parent),
                                   PKG_CONFIG_SYSROOT_DIR=str(self.folder))
        self.assertEqual(flags.returncode, 0, flags.stderr)
        built = self.run_installed("g++", "-std=c++20", source, "-o", self.folder / "program",
                                   *flags.stdout.split())
        self.assertEqual(built.returncode, 0, built.stderr)
        run = self.run_installed(self.folder / "program", LD_LIBRARY_PATH=str(self.library))
        self.assertEqual(run.stdout.strip(), "98", run.stderr)

    def test_every_installed_header_stands_alone(self):
        headers = sorted((self.pkg_config.parents[2]).rglob("include/hmm-1.0/**/*.h"))
        if not headers:
            headers = sorted(self.folder.rglob("*/include/hmm-1.0/**/*.h"))
        self.assertGreater(len(headers), 30)
        root = next(p for p in headers[0].parents if p.name == "hmm-1.0")
        includes = "".join(f'#include "{path.relative_to(root)}"\n' for path in headers)
        source = self.folder / "headers.cpp"
        source.write_text(includes)
        run = self.run_installed("g++", "-std=c++20", "-fsyntax-only", f"-I{root}", source)
        self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    tap.main()
