"""How the sources look and what they include."""
import re
import shutil
import subprocess
import unittest

import tap
from tap import SOURCE

FOLDERS = ("core", "plugins", "pipelines", "tests")
# Who may include what besides itself.
PARTS = {"core": set(), "plugins": {"core"}, "pipelines": {"core", "plugins"}}


def sources(*folders):
    return [path for folder in folders for path in sorted((SOURCE / folder).rglob("*"))
            if path.suffix in (".cpp", ".h", ".cu")]


def includes(path):
    """What a file includes of this project; Highway asks to be included in quotes."""
    named = re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(), re.M)
    return [name for name in named if not name.startswith("hwy/")]


def shown(path):
    return path.relative_to(SOURCE)


class Sources(unittest.TestCase):
    def test_formatted(self):
        tool = shutil.which("clang-format-14") or shutil.which("clang-format")
        if tool is None:
            self.skipTest("clang-format is not here")
        version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout
        if " 14." not in version:
            self.skipTest("clang-format 14 is not here, which the sources are formatted with")
        run = subprocess.run([tool, "--dry-run", "-Werror", *map(str, sources(*FOLDERS))],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr[:4000])

    def test_floors_include_only_downwards(self):
        listed = re.search(r"foreach floor : \[(.*?)\]", (SOURCE / "core/meson.build").read_text(),
                           re.S).group(1)
        floors = re.findall(r"'(\w+)'", listed)
        self.assertEqual(floors[0], "base")
        level = {floor: number for number, floor in enumerate(floors)}
        wrong = []
        for path in sources("core"):
            own = path.relative_to(SOURCE / "core").parts[0]
            for name in includes(path):
                parts = name.split("/")
                if parts[0] != "core":
                    wrong.append(f"{shown(path)}: {name} is not named from the project's root in core")
                elif parts[1] != own and level[parts[1]] >= level[own]:
                    wrong.append(f"{shown(path)}: {own} includes {name}")
        self.assertEqual(wrong, [])

    def test_parts_include_only_what_they_stand_on(self):
        wrong = [f"{shown(path)}: {name}" for part, allowed in PARTS.items() for path in sources(part)
                 for name in includes(path)
                 if "/" in name and name.split("/")[0] not in allowed | {part}]
        self.assertEqual(wrong, [])

    def test_core_headers_name_no_framework(self):
        names = re.compile(r"\b(Gst[A-Z]\w*|gst_\w+|G(?:Object|Error|Bytes|List)|g_\w+\(|"
                           r"cuda[A-Z]\w*|CU[a-z]\w*|__device__|__global__)|<(gst|glib|cuda)")
        wrong = [f"{shown(path)}: {found.group(0)}" for path in sources("core") if path.suffix == ".h"
                 for found in names.finditer(re.sub(r"//.*", "", path.read_text()))]
        self.assertEqual(wrong, [])

    def test_headers_are_guarded_once(self):
        wrong = [str(shown(path)) for path in sources(*FOLDERS) if path.suffix == ".h"
                 and path.read_text().count("#pragma once") != 1 and "-inl" not in path.name]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    tap.main()
