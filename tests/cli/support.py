"""What the tests of the command line share. Each file runs as: NAME_test.py PICCOLO [unittest's words]."""

import os
import re
import subprocess
import sys
import unittest
from typing import NamedTuple

PATIENCE = 120  # seconds; sanitized builds are slow
PICCOLO = ""
# What the program makes of these is tested where it is meant, not wherever the tests happen to run.
for _name in ("CI", "NO_COLOR"):
    os.environ.pop(_name, None)


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


def piccolo(*words, **more):
    """Runs to the end, with nothing on standard input."""
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    done = subprocess.run([PICCOLO, *words], timeout=PATIENCE, check=False, **settings)
    return Outcome(done.returncode, _text(done.stdout), _text(done.stderr))


def _text(raw):
    return (raw or b"").decode("utf-8", "surrogateescape")


class CliTest(unittest.TestCase):
    maxDiff = 2000

    def succeed(self, *words):
        """The standard output of a command that must do well and be silent otherwise."""
        done = piccolo(*words)
        self.assertEqual((done.code, done.err), (0, ""), words)
        return done.out

    def refuse(self, words, *expected):
        """A usage error: one line that holds the expected words, on standard error alone."""
        done = piccolo(*words)
        self.assertEqual((done.code, done.out), (2, ""), (words, done.err))
        self.assertRegex(done.err, r"\A[^\n]+\n\Z", words)
        self.assertTrue(done.err.isprintable() or done.err[:-1].isprintable(), (words, done.err))
        self.assertTrue(done.err.startswith("piccolo"), (words, done.err))
        for word in expected:
            self.assertIn(word, done.err, words)

    def hash_of(self, story):
        """The trace hash, which must be the last line."""
        found = re.search(r"^trace hash: ([0-9a-f]{16})\n\Z", story, re.MULTILINE)
        self.assertTrue(found, f"no trace hash at the end of: {story[-300:]}")
        return found[1]


def main():
    global PICCOLO
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("give the piccolo program to test")
    PICCOLO = os.path.abspath(sys.argv.pop(1))
    unittest.main()
