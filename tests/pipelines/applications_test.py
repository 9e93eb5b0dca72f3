"""hmm-decode, ./pipelines/demo and pipelines/listen.py as a user runs them."""
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import tap
from tap import BUILD, SANITIZED, SOURCE, SPEECH

DECODE = BUILD / "pipelines" / "hmm-decode"
RECORDINGS = sorted(SPEECH.glob("*.wav"))


def timed_lines(path):
    """The cues of an SRT or WebVTT file, as (start, end, text)."""
    cues = []
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if " --> " in line:
            start, end = (sum(float(part) * 60 ** i for i, part in
                              enumerate(reversed(time.replace(",", ".").split(":"))))
                          for time in line.split(" --> "))
            cues.append((start, end, lines[number + 1]))
    return cues


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hmm-applications-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_here(self, *command, **more):
        return subprocess.run([str(part) for part in command], env=tap.environment(self.folder),
                              capture_output=True, text=True, timeout=200, **more)

    def expect_results(self, folder, stem):
        messages = [json.loads(line) for line in
                    (folder / f"{stem}.jsonl").read_text().splitlines()]
        states = [m for m in messages if m.get("message", m.get("name")) != "hmm-stats"
                  and "confidence" in m]
        self.assertGreater(len(states), 20)
        for state in states:
            self.assertTrue(0 <= state["confidence"] <= 1 + 1e-6, state)
        for before, after in zip(states, states[1:]):
            self.assertEqual(before["timestamp"] + before["duration"], after["timestamp"])
        srt = timed_lines(folder / f"{stem}.srt")
        vtt = timed_lines(folder / f"{stem}.vtt")
        self.assertGreater(len(srt), 5)
        self.assertEqual([cue[2] for cue in srt], [cue[2] for cue in vtt])
        grid = (folder / f"{stem}.TextGrid").read_text()
        self.assertTrue(grid.startswith('File type = "ooTextFile"'))
        self.assertIn('name = "phones"', grid)
        for _, _, text in srt:
            self.assertIn(f'text = "{text}"', grid)
        png = (folder / f"{stem}.png").read_bytes()
        self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", png[16:24])
        self.assertGreater(min(width, height), 200)
        self.assertEqual(png[-8:-4], b"IEND")


@unittest.skipUnless(tap.HAS_SPEECH, tap.NO_SPEECH)
class HmmDecode(Case):
    def test_writes_every_form_of_result(self):
        run = self.run_here(DECODE, "-o", self.folder / "new" / "folder", *RECORDINGS[1:3])
        self.assertEqual(run.returncode, 0, run.stderr)
        for path in RECORDINGS[1:3]:
            self.assertIn(f"{path.name}: ", run.stdout)
            self.expect_results(self.folder / "new" / "folder", path.stem)
        self.assertRegex(run.stdout, r"Together [\d.]+ s of audio, real-time factor [\d.]+, "
                                     r"mean confidence 0\.\d+")

    def test_one_bad_recording_does_not_stop_the_others(self):
        text = self.folder / "words.txt"
        text.write_text("These are words, not sound.\n" * 100)
        empty = self.folder / "empty.wav"
        empty.touch()
        absent = self.folder / "absent.wav"
        header = self.folder / "header.wav"
        header.write_bytes(RECORDINGS[1].read_bytes()[:44])
        run = self.run_here(DECODE, "--no-picture", "-o", self.folder / "out", text, empty, absent,
                            header, self.folder, RECORDINGS[1])
        self.assertEqual(run.returncode, 1, run.stderr)
        for bad in (text, empty, absent, self.folder):
            self.assertRegex(run.stderr, rf"(?m)^hmm-decode: {bad}: \S.+")
        self.assertNotIn("inf", run.stdout)
        self.assertNotIn("nan", run.stdout)
        self.assertTrue((self.folder / "out" / f"{RECORDINGS[1].stem}.TextGrid").exists())

    def test_the_model_that_is_absent_is_named(self):
        run = self.run_here(DECODE, "-m", "/nowhere/model", "-o", self.folder, RECORDINGS[1])
        self.assertEqual(run.returncode, 1)
        self.assertIn("/nowhere/model", run.stderr)

    def test_wrong_use_ends_with_2(self):
        for arguments in ([], ["--nonsense", RECORDINGS[1]], ["--lag", "-1", RECORDINGS[1]],
                          ["--lag", "many", RECORDINGS[1]]):
            run = self.run_here(DECODE, *arguments)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertTrue(run.stderr.strip())
        self.assertEqual(self.run_here(DECODE, "--help").returncode, 0)

    def test_an_output_that_cannot_be_written_is_named(self):
        occupied = self.folder / "occupied"
        occupied.write_text("a file, not a folder")
        run = self.run_here(DECODE, "-o", occupied, RECORDINGS[1])
        self.assertIn(run.returncode, (1, 2))
        self.assertIn(str(occupied), run.stderr)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_disk_is_said(self):
        out = self.folder / "out"
        out.mkdir()
        (out / f"{RECORDINGS[1].stem}.jsonl").symlink_to("/dev/full")
        run = self.run_here(DECODE, "--no-picture", "-o", out, RECORDINGS[1])
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn(f"{RECORDINGS[1].stem}.jsonl", run.stderr)


@unittest.skipUnless(tap.HAS_SPEECH, tap.NO_SPEECH)
@unittest.skipIf(SANITIZED, tap.NO_PRELOAD)
class Listen(Case):
    def listen(self, *arguments):
        if self.run_here("/usr/bin/python3", "-c", "import gi; gi.require_version('Gst', '1.0'); "
                         "from gi.repository import Gst").returncode != 0:
            self.skipTest("PyGObject's GStreamer (python3-gst-1.0) is not here")
        return self.run_here("/usr/bin/python3", SOURCE / "pipelines" / "listen.py", *arguments)

    def test_prints_states_in_time(self):
        run = self.listen(RECORDINGS[1])
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = run.stdout.splitlines()
        self.assertGreater(len(lines), 20)
        times = [float(line.split()[0]) for line in lines]
        self.assertEqual(times, sorted(times))
        for line in lines:
            self.assertRegex(line, r"^ +\d+\.\d{3} s  \S+ +[01]\.\d\d  (exact|forced)$")

    def test_says_what_is_wrong(self):
        run = self.listen("/nowhere/speech.wav")
        self.assertEqual(run.returncode, 1)
        self.assertIn("/nowhere/speech.wav", run.stderr)
        run = self.listen()
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("Usage", run.stderr)


@unittest.skipUnless(tap.HAS_SPEECH, tap.NO_SPEECH)
@unittest.skipIf(BUILD != SOURCE / "build", "the demo works in build/, which this run is not of")
class Demo(Case):
    def test_decodes_the_recordings_and_says_where_the_results_are(self):
        stale = self.run_here("ninja", "-C", BUILD, "-n")
        if "no work to do" not in stale.stdout:
            self.skipTest("build/ is not up to date, and building it is not this test's work")
        results = self.folder / "results"
        run = self.run_here(SOURCE / "pipelines" / "demo", results)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(f"The results are in {results}", run.stdout)
        for path in RECORDINGS:
            self.expect_results(results, path.stem)


if __name__ == "__main__":
    tap.main()
