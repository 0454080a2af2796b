"""bench/flame/flame.py on stacks that the test made up."""

import re
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path

from scripts import ROOT, python

sys.path.insert(0, str(ROOT / "bench/flame"))

import flame  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
SCRIPT = """\
work 1 2.0: 5 cpu-clock:
\t    10 leaf<int, std::less<int> >(int)+0x5 (/bin/work)
\t    20 piccolo::bench::(anonymous namespace)::echo(piccolo::bench::echo(piccolo::Stream)::_Z4echo.Frame*) [clone .actor]+0x1 (/bin/work)
\t    30 main+0x7 (/bin/work)
\t    40 __libc_start_main+0x7 (/lib/libc.so)

work 1 2.1: 5 cpu-clock:
\tffff10 page_fault+0x5 ([kernel.kallsyms])
\t    30 main+0x7 (/bin/work)

"""


class Flame(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folded = Path(folder.name) / "stacks"
        self.svg = Path(folder.name) / "new" / "out.svg"

    def draw(self, text):
        self.folded.write_text(text, encoding="utf-8")
        return python("bench/flame/flame.py", "-o", self.svg, "--title", "A & B", "--folded", self.folded)

    def test_a_frame_is_as_wide_as_its_share_and_stands_on_its_caller(self):
        self.assertEqual(self.draw("main;a<b> 30\nmain;c 10\nmain;a<b>;d 60\n").returncode, 0)
        frames = {}
        for group in xml.parse(self.svg).getroot().iter(SVG + "g"):
            box = group.find(SVG + "rect")
            frames[group.find(SVG + "title").text] = tuple(float(box.get(name)) for name in ("x", "y", "width"))
        self.assertEqual(set(frames), {"main 100.0%", "a<b> 90.0%", "c 10.0%", "d 60.0%"})
        x, y, width = frames["a<b> 90.0%"]
        self.assertAlmostEqual(width, 1080, delta=1)
        self.assertEqual(x, 0)
        self.assertAlmostEqual(frames["c 10.0%"][0], 1080, delta=1)
        self.assertEqual([frames[name][1] - y for name in ("main 100.0%", "c 10.0%", "d 60.0%")], [16, 0, -16])

    def test_the_same_stacks_give_the_same_picture_in_any_order(self):
        self.draw("main;a 30\nmain;c 10\n")
        first = self.svg.read_text(encoding="utf-8")
        self.draw("main;c 10\nmain;a 30\n")
        self.assertEqual(first, self.svg.read_text(encoding="utf-8"))

    def test_many_narrow_frames_do_not_make_a_large_file(self):
        self.draw("".join(f"main;f{number};g{number} 1\n" for number in range(50_000)))
        self.assertLess(self.svg.stat().st_size, 150_000)

    def test_what_perf_prints_is_folded(self):
        self.assertEqual(flame.fold(SCRIPT), Counter({("main", "echo", "leaf"): 1, ("main", "kernel"): 1}))

    def test_wrong_words(self):
        done = self.draw("no count here\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("is no folded stack", done.stderr)
        self.assertIn("no samples", self.draw("").stderr)
        neither = python("bench/flame/flame.py", "-o", self.svg)
        self.assertEqual(neither.returncode, 2)
        self.assertIn("either --folded FILE or a command", neither.stderr)

    def test_the_committed_pictures_are_small_and_whole(self):
        for name in ("flame-echo.svg", "flame-seed.svg"):
            picture = ROOT / "docs/images" / name
            self.assertLess(picture.stat().st_size, 150_000, name)
            root = xml.parse(picture).getroot()
            shares = [float(re.search(r"([\d.]+)%$", title.text)[1]) for title in root.iter(SVG + "title")]
            self.assertGreater(len(shares), 20, name)
            self.assertEqual(max(shares), 100, name)


if __name__ == "__main__":
    unittest.main()
