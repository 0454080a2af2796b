#!/usr/bin/env python3
"""A flame graph of what a command does on the CPU: flame.py -o OUT.svg [--title TEXT] -- COMMAND...

Samples stacks with `perf record` and draws them: wide is much time, on top is who was running. Or reads
stacks that were folded already, lines of `a;b;c COUNT`: flame.py -o OUT.svg --folded FILE.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from html import escape
from pathlib import Path

WIDTH, ROW, TOP = 1200, 16, 40
LETTER = 6.6  # of the font below
NARROWEST = 0.002  # of the whole; what is narrower is drawn as its parent's


class Frame:
    def __init__(self):
        self.samples = 0
        self.callees = {}


def short(name):
    """A function without arguments, templates' arguments, and the namespaces that all share."""
    name = re.sub(r"\(anonymous namespace\)::", "", name)
    name = re.sub(r" ?\[clone [^]]*\]", "", name)
    previous = None
    while previous != name:
        previous = name
        name = re.sub(r"<[^<>]*>", "", name)
        name = re.sub(r"\([^()]*\)(?: const)?", "", name)
    name = re.sub(r"\bpiccolo::(?:bench::)?|\bstd::", "", name.split(" ")[-1] if "operator" not in name else name)
    return name.removesuffix(".actor").removesuffix(".resume") or "?"


def fold(script):
    """Stacks, outermost first, and how often each was seen, from what `perf script` prints."""
    stacks = Counter()
    for sample in script.split("\n\n"):
        frames = []
        for line in sample.split("\n")[1:]:
            found = re.match(r"\s*[0-9a-f]+ (.*?)(?:\+0x[0-9a-f]+)?(?: \(([^()]*)\))?$", line)
            if found and found[2] is not None:
                frames.append("kernel" if found[2].startswith("[") else short(found[1]))
        if "main" in frames:  # the others are the program's start
            stacks[tuple(frames[frames.index("main") :: -1])] += 1
    return stacks


def read_folded(text):
    stacks = Counter()
    for line in text.splitlines():
        names, _, count = line.rpartition(" ")
        if not names or not count.isdigit():
            sys.exit(f"flame: `{line}` is no folded stack: a;b;c COUNT")
        stacks[tuple(names.split(";"))] += int(count)
    return stacks


def tree(stacks):
    root = Frame()
    for names, count in stacks.items():
        frame = root
        frame.samples += count
        previous = None
        for name in names:
            if name == previous:  # recursion and clones of one function
                continue
            previous = name
            frame = frame.callees.setdefault(name, Frame())
            frame.samples += count
    return root


def boxes(frame, depth, left, total):
    """(name, depth, left, samples) of all frames below this that are wide enough."""
    for name, callee in sorted(frame.callees.items()):
        if callee.samples / total >= NARROWEST:
            yield name, depth, left, callee.samples
            yield from boxes(callee, depth + 1, left, total)
        left += callee.samples


def colour(name):
    """Warm, and the same for a name in every picture."""
    mixed = sum(ord(letter) * (index + 7) for index, letter in enumerate(name))
    return f"hsl({20 + mixed % 35},{70 + mixed % 20}%,{62 + mixed % 13}%)"


def draw(root, title):
    total = root.samples
    found = list(boxes(root, 0, 0, total))
    height = TOP + ROW * (1 + max((depth for _, depth, _, _ in found), default=0)) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="8" y="24" font-size="15">{escape(title)} ({total} samples)</text>',
    ]
    for name, depth, left, samples in found:
        x, width = WIDTH * left / total, WIDTH * samples / total
        y = height - 8 - ROW * (depth + 1)
        label = name if len(name) * LETTER < width - 4 else name[: max(0, int((width - 4) / LETTER) - 1)] + "…"
        text = f'<text x="{x + 2:.1f}" y="{y + 12}">{escape(label)}</text>' if width > 25 else ""
        parts.append(
            f"<g><title>{escape(name)} {100 * samples / total:.1f}%</title>"
            f'<rect x="{x:.1f}" y="{y}" width="{max(width - 0.3, 0.1):.1f}" height="{ROW - 1}" fill="{colour(name)}"/>{text}</g>'
        )
    return "\n".join([*parts, "</svg>\n"])


def sample(command):
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "perf.data")
        record = ["perf", "record", "-q", "-F", "1999", "--call-graph", "dwarf,16384", "-o", data, "--", *command]
        try:
            subprocess.run(record, check=True, stdout=subprocess.DEVNULL)
            script = ["perf", "script", "--no-inline", "-i", data]
            return subprocess.run(script, check=True, capture_output=True, text=True).stdout
        except FileNotFoundError:
            sys.exit("flame: no perf here: install the package linux-perf")
        except subprocess.CalledProcessError as error:
            sys.exit(f"flame: {' '.join(error.cmd)} failed\n{error.stderr or ''}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--title", default="Flame graph")
    parser.add_argument("--folded", type=Path, metavar="FILE")
    parser.add_argument("command", nargs="*")
    arguments = parser.parse_args()
    if bool(arguments.folded) == bool(arguments.command):
        parser.error("give either --folded FILE or a command")
    if arguments.folded:
        stacks = read_folded(arguments.folded.read_text(encoding="utf-8"))
    else:
        stacks = fold(sample(arguments.command))
    if not stacks:
        sys.exit("flame: no samples: give it more to do")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(draw(tree(stacks), arguments.title), encoding="utf-8")
    print(f"flame: {sum(stacks.values())} samples in {arguments.output}")


if __name__ == "__main__":
    main()
