#!/usr/bin/env python3
"""The table of docs/performance.md from what was measured: table.py [--into docs/performance.md] FILE.json...

With --into, the file's table between its two marks is replaced instead. The files come from `./dev bench --json FILE`, `./dev bench memory --json FILE` and
`./dev bench headers --json FILE`; of a case that is in several, the last counts.
"""

import argparse
import json
import re
import sys
from pathlib import Path

BEGIN = "<!-- table -->\n"
END = "<!-- end of table -->"

# (names, goal: a time is one for ours, a bare number for the ratio; what an item is)
GOALS = [
    (r"echo/1", "<= 0.40 us a round trip; <= 2", "a simulated 64-byte round trip, one connection"),
    (r"echo/64", "<= 2", "the same, 64 connections"),
    (r"echo/1000", "<= 2", "the same, 1,000 connections"),
    (r"timers/\d+", "<= 100 ns (10 M/s)", "a timer that fires"),
    (r"yields/\d+", "<= 50 ns (20 M/s)", "a yield"),
    (r"seeds/no_fault", "<= 100 us (10,000/s)", "a seed of 3 nodes for 60 s"),
    (r"seeds/every_fault", "<= 333 us (3,000/s)", "the same with every fault"),
    (r"clusters/.*", "", "an event of the default clusters"),
    (r"idle", "<= 20 us", "an hour of 10 hosts that wait"),
    (r"bulk", "<= 0.46 ns (2 GiB/s)", "a byte through a stream"),
    (r"scale_hosts/\d+", "<= 1", "an event, growth from 10 hosts"),
    (r"scale_messages/\d+", "<= 1", "an event, growth from 100 messages in flight"),
    (r"threads", ">= 1.9", "a seed, 2 cores over 1, real time"),
    (r"always_on/(?:hash|ring)_\w+", "<= 1.03", "with the trace's hash or ring over without"),
    (r"always_on_invariants/\w+", "<= 1.10", "with Piccolo's invariants over without"),
    (r"memory/world_\w+", "", "a world at its largest; resident: and what a program has anyway"),
    (r"memory/growth_\w+", "none", "what is left after many seeds"),
    (r"memory/bulk_\w+", "the windows", "the most that is held while so much goes through a stream"),
    (r"headers/node", "<= 2 s", "a file with a node's headers, beside <fmt/format.h>"),
    (r"headers/\w+", "", "a file with these headers, beside <fmt/format.h>"),
]


def time_text(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def plain_name(name):
    """Without what Google Benchmark adds."""
    return re.sub(r"/(?:iterations:\d+|manual_time|real_time|process_time|repeats:\d+)", "", name)


def read(paths):
    cases = {}
    for path in paths:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
        except (OSError, ValueError, KeyError) as error:
            raise SystemExit(f"table: {path} is no file of benchmarks: {error}") from error
        cases |= {plain_name(case["name"]): case for case in found}
    return cases


def command(name):
    first = name.split("/")[0]
    return f"./dev bench {first if first in ('memory', 'headers') else name}"


def place(name):
    """Where among the goals it is; those without one come last."""
    return next((number for number, goal in enumerate(GOALS) if re.fullmatch(goal[0], name)), len(GOALS))


def row(name, case):
    _, goal, meaning = [*GOALS, ("", "", "")][place(name)]
    if "KiB" in case:
        ours, baseline = f"{case['KiB']:.0f} KiB", ""
    elif "ours_ns" in case:
        ours, baseline = time_text(case["ours_ns"]), time_text(case["baseline_ns"])
    elif "cpu_per_event" in case:
        ours, baseline = time_text(1e9 * case["cpu_per_event"]), ""
    else:
        unit = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[case["time_unit"]]
        ours, baseline = time_text(case["cpu_time"] * unit), ""
    if "ours_growth" in case:
        ours += f" (x {case['ours_growth']:.2f})"
        baseline += f" (x {case['baseline_growth']:.2f})"
    ratio = f"{case['ratio']:.2f}" if "ratio" in case else ""
    if "cpu_ratio" in case:
        ratio += f" ({case['cpu_ratio']:.2f} by CPU time, {case['busy_with_others']:.1f} cores busy with others)"
    cells = (f"`{name}`", meaning, goal, ours, baseline, ratio, f"`{command(name)}`")
    return "| " + " | ".join(cells) + " |"


def table(cases):
    whole = [name for name, case in cases.items() if not case.get("error_occurred")]
    rows = [row(name, cases[name]) for name in sorted(whole, key=place)]
    head = ["| case | an item is | goal | ours | baseline | ratio | command |", "| --- | --- | --- | --- | --- | --- | --- |"]
    return "\n".join(head + rows) + "\n"


def put_into(page, text):
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"table: {page} lacks the marks {BEGIN.strip()} and {END}")
    page.write_text(before + begin + text + end + after, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, metavar="FILE")
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    text = table(read(arguments.files))
    if arguments.into:
        put_into(arguments.into, text)
    else:
        print(text, end="")


if __name__ == "__main__":
    sys.exit(main())
