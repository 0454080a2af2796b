"""What the tests of the benchmarks' scripts share."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*words, **more):
    """Runs a script of the project to its end; its result has text."""
    command = [str(word) for word in words]
    return subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False, **more
    )


def python(script, *words, **more):
    return run(sys.executable, "-B", ROOT / script, *words, **more)
