"""`shrink`, and `replay` of what it writes, as the command line of a program with broken worlds has them."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

PATIENCE = 280
ZOO = os.path.abspath(sys.argv.pop(1))
WORLD = ["--world", "register.stale-read"]
for _name in ("CI", "NO_COLOR"):
    os.environ.pop(_name, None)


def zoo(*words, **more):
    done = subprocess.run([ZOO, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=PATIENCE, check=False, **more)  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def failing_seed():
    _, out, _ = zoo("sim", *WORLD, "--seeds", "1..300", "--max-failures", "1", "--shard", "none")
    return re.search(r"replay (\d+) ", out)[1]


class Shrink(unittest.TestCase):
    maxDiff = 3000

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.seed = failing_seed()
        cls.file = os.path.join(cls.folder.name, "repro.toml")
        cls.done = zoo("shrink", cls.seed, *WORLD, "-o", cls.file)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def text(self):
        with open(self.file, encoding="utf-8") as file:
            return file.read()

    def refuse(self, words, *expected):
        code, out, err = zoo(*words)
        self.assertEqual((code, out), (2, ""), (words, err))
        self.assertRegex(err, r"\Azoo [^\n]+\n\Z")
        for word in expected:
            self.assertIn(word, err)

    def test_it_writes_a_file_and_tells_how_far_it_came(self):
        code, out, err = self.done
        self.assertEqual((code, out), (0, ""), err)
        self.assertRegex(err, r"(?m)^  faults +\d+ +\d+$")
        self.assertRegex(err, r"(?m)^it breaks with \d+ of 20 other seeds$")
        self.assertRegex(self.text(), rf"\A# Breaks linearizable at [\d.]+s: .+\n# Shrunk from seed {self.seed} of the world register")
        self.assertIn(f'[repro]\nseed = {self.seed}\ninvariant = "linearizable"\n', self.text())

    def test_the_file_replays_and_says_that_it_still_breaks(self):
        code, out, _ = zoo("replay", self.file)
        self.assertEqual(code, 1, out)
        self.assertRegex(out, r"\nstill breaks linearizable at [\d.]+s\n\Z")
        self.assertEqual(zoo("replay", self.file), (code, out, ""))

    def test_where_the_mistake_is_gone_the_file_says_so(self):
        mended = os.path.join(self.folder.name, "mended.toml")
        with open(mended, "w", encoding="utf-8") as file:
            file.write(self.text().replace('world = "register.stale-read"', 'world = "register.stale-read.fixed"'))
        code, out, _ = zoo("replay", mended)
        self.assertEqual(code, 0, out)
        self.assertTrue(out.endswith("\nno longer breaks linearizable\n"), out[-300:])
        self.refuse(["shrink", mended], "holds")

    def test_the_number_of_threads_makes_no_difference(self):
        printed = [zoo("shrink", self.seed, *WORLD, "--jobs", jobs)[1] for jobs in ("1", "3")]
        self.assertEqual(printed[0], printed[1])
        self.assertEqual(printed[0].replace("repro.toml", self.file), self.text())

    def test_a_file_can_be_shrunk_further(self):
        code, out, err = zoo("shrink", self.file)
        self.assertEqual(code, 0, err)
        faults = [len(re.findall(r'(?m)^  "', text)) for text in (out, self.text())]
        self.assertLessEqual(faults[0], faults[1])

    def test_it_emits_a_test(self):
        code, out, err = zoo("shrink", self.file, "--emit-test")
        self.assertEqual(code, 0, err)
        self.assertIn(f'TEST_CASE("repro: register.stale-read shrunk from seed {self.seed}") {{', out)
        self.assertIn("[repro]\n", out)

    def test_bad_input_gets_one_line(self):
        self.refuse(["shrink", "7", "--world", "register.stale-read.fixed"], "seed 7 holds", "give one that breaks")
        self.refuse(["shrink", "seven"], "SEED", "`seven`")
        self.refuse(["shrink", self.file + "x.toml"], "no such file")
        self.refuse(["shrink", self.file, "--scenario", "calm"], "--scenario", "leave one of the two out")
        self.refuse(["shrink", self.seed, *WORLD, "-o", self.folder.name], "-o", "cannot write")
        self.refuse(["shrink", self.seed, *WORLD, "--time-budget", "soon"], "--time-budget")
        self.refuse(["shrink", self.seed, *WORLD, "--jobs", "many"], "--jobs")
        scenario = os.path.join(self.folder.name, "scenario.toml")
        with open(scenario, "w", encoding="utf-8") as file:
            file.write('world = "register.stale-read"\n')
        self.refuse(["replay", scenario], "`[repro]`", "--scenario")


if __name__ == "__main__":
    unittest.main()
