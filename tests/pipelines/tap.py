"""Runs the unittest cases of a script and reports in TAP, so that each one and each reason for
skipping shows in the test run."""
import os
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ["HMM_SOURCE_ROOT"])
BUILD = Path(os.environ["HMM_BUILD_ROOT"])
SANITIZED = os.environ.get("HMM_SANITIZED") == "true"
SPEECH = Path("/usr/share/pocketsphinx/test/data/librivox")
MODEL = Path("/usr/share/pocketsphinx/model/en-us/en-us")
HAS_SPEECH = SPEECH.exists() and MODEL.exists()

NO_SPEECH = "the packages pocketsphinx-en-us and pocketsphinx-testdata are not here"
NO_PRELOAD = "a sanitized plugin does not load into programs that are not"


class _Result(unittest.TestResult):
    count = 0

    def _line(self, test, ok, directive="", details=""):
        self.count += 1
        name = test.id().split(".", 1)[-1]
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}{directive}", flush=True)
        for line in details.splitlines():
            print("# " + line)

    def addSuccess(self, test):
        self._line(test, True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line(test, True, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(test, False, details=self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._line(test, False, details=self.errors[-1][1])


def environment(folder, **more):
    """This build's plugin in a GStreamer with a registry of its own."""
    return {**os.environ, "GST_PLUGIN_PATH_1_0": str(BUILD / "plugins"),
            "GST_REGISTRY_1_0": str(Path(folder) / "registry.bin"),
            "GST_REGISTRY_FORK": "no" if SANITIZED else "yes", **more}


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = _Result()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
