"""Nothing is lost: GStreamer's leaks tracer and valgrind over the pipeline of the demo."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import tap
from tap import BUILD, SANITIZED, SOURCE, SPEECH

GLIB = Path("/usr/share/glib-2.0/valgrind/glib.supp")
SUPPRESSIONS = SOURCE / "tests" / "pipelines" / "valgrind.supp"


@unittest.skipUnless(tap.HAS_SPEECH, tap.NO_SPEECH)
@unittest.skipIf(SANITIZED, "LeakSanitizer watches this build")
class Leaks(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hmm-leaks-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.recording = min(SPEECH.parent.glob("cards/*.wav"), key=os.path.getsize)
        self.decode = [str(BUILD / "pipelines" / "hmm-decode"), "--no-picture", "-o",
                       str(self.folder), str(self.recording)]

    def run_here(self, command, **more):
        return subprocess.run(command, env=tap.environment(self.folder, **more),
                              capture_output=True, text=True, timeout=300)

    def test_the_leaks_tracer_finds_no_object(self):
        run = self.run_here(self.decode, GST_TRACERS="leaks", GST_DEBUG="GST_TRACER:7",
                            GST_DEBUG_NO_COLOR="1")
        self.assertEqual(run.returncode, 0, run.stderr)
        alive = r"object-alive, type-name=\(string\)\w.*"
        self.assertEqual(re.findall(alive, run.stderr), [])
        # The tracer was at work: it describes what it would have said.
        self.assertIn("object-alive.class", run.stderr)

    @unittest.skipUnless(shutil.which("valgrind"), "valgrind is not here")
    @unittest.skipUnless(GLIB.exists(), "glib.supp of libglib2.0-dev is not here")
    def test_valgrind_finds_no_error_and_nothing_lost(self):
        # GStreamer scans its plugins once, outside.
        self.run_here(["gst-inspect-1.0", "hmmstreamdecode"])
        run = self.run_here(
            ["valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite",
             "--errors-for-leak-kinds=definite", "--error-exitcode=99", "--num-callers=30",
             f"--suppressions={GLIB}", f"--suppressions={SUPPRESSIONS}", *self.decode],
            G_SLICE="always-malloc", GST_REGISTRY_UPDATE="no", GST_REGISTRY_FORK="no",
            ORC_CODE="backup")
        self.assertNotRegex(run.stderr, re.compile(r"^==\d+== (Invalid|Conditional)", re.M))
        self.assertEqual(run.returncode, 0, run.stderr[-6000:])


if __name__ == "__main__":
    tap.main()
