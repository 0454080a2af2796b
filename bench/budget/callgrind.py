"""How many instructions an item of work takes, counted by callgrind."""

import re
import subprocess
import tempfile
from pathlib import Path


class Failed(Exception):
    """The counting itself did not work."""


def run(program, work, count):
    """(instructions, items) of one run."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={Path(folder) / 'out'}"]
        try:
            done = subprocess.run([*command, str(program), work, str(count)], capture_output=True, text=True)
        except FileNotFoundError as error:
            raise Failed(f"cannot run {error.filename}: install the package valgrind") from error
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected or not done.stdout.strip().isdigit():
        raise Failed(f"{program} {work} {count} failed under valgrind:\n{done.stderr.strip()}")
    return int(collected[1]), int(done.stdout)


def per_item(program, work, counts):
    """Instructions per item: the difference of two runs, so that neither start-up nor set-up counts."""
    (few, few_items), (many, many_items) = (run(program, work, count) for count in counts)
    if many_items <= few_items:
        raise Failed(f"{program} {work}: {counts[1]} gives no more items than {counts[0]}")
    return (many - few) / (many_items - few_items)
