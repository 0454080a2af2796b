#!/usr/bin/env python3
"""The house rules of Piccolo that no compiler checks. Findings: exit code 1. Usage errors: 2.

lint.py [--root DIR] [FILE...]   all files of the project, or these
lint.py --self-test              each planted offence is caught by its rule, and the innocent pass
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import rules_await  # noqa: E402
import rules_determinism  # noqa: E402
import rules_docs  # noqa: E402
import rules_house  # noqa: E402
from cxx_source import Source  # noqa: E402

HERE = Path(__file__).resolve().parent
RULES = rules_await.RULES | rules_determinism.RULES | rules_docs.RULES | rules_house.RULES
OFFENCES = "tests/lint/offences/"


def project_files(root):
    """What git knows or would take; without git (a release archive) everything but the build trees."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(root)) for path in root.rglob("*")]
    skipped = re.compile(r"^(?:build|\.git|\.cache)/|(?:^|/)__pycache__/|^" + re.escape(OFFENCES))
    return sorted(name for name in listed if name and not skipped.match(name) and (root / name).is_file())


def neighbours(root, source):
    """The project's own headers that this file includes."""
    room = source.path.split("/")[0]
    for _, target in rules_house.includes(source):
        own = re.match(r"piccolo/(\w+)/", target)
        for folder in (f"{own[1]}/include" if own else f"{room}/src",):
            header = root / folder / target
            if header.is_file():
                yield Source(f"{folder}/{target}", header.read_text(encoding="utf-8"))


def check(root, path, text):
    findings = rules_house.check_text(path, text) + rules_docs.check(root, path, text)
    if path.endswith((".cpp", ".hpp", ".h")):
        source = Source(path, text)
        findings += rules_await.check(source) + rules_house.check_cxx(source)
        findings += rules_determinism.check(source, neighbours(root, source))
    return sorted(set(findings))


def lint(root, names):
    count = 0
    for name in names:
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a capture
        for line, rule in check(root, name, text):
            print(f"{name}:{line}: {rule}: {RULES[rule]}")
            count += 1
    print(f"lint: {len(names)} files, {count} findings")
    return 1 if count else 0


def self_test(root):
    """Line 1 of a sample names the path it pretends to have; `expect: RULE` marks each line that must be found."""
    problems, caught = [], set()
    samples = sorted(HERE.glob("offences/*.cpp.txt")) + sorted(HERE.glob("innocent/*.cpp.txt"))
    for sample in samples:
        text = sample.read_text(encoding="utf-8")
        header = re.match(r"// lint-as: (\S+)(?: pad: (\d+))?", text)
        if not header:
            problems.append(f"{sample.name}: line 1 must be `// lint-as: PATH`")
            continue
        lines = text.split("\n")
        expected = {
            (number, rule)
            for number, line in enumerate(lines, 1)
            for marked in re.findall(r"expect: ([\w, -]+)", line)
            for rule in marked.strip().split(", ")
        }
        if bool(expected) != (sample.parent.name == "offences"):
            problems.append(f"{sample.name}: offences expect something, the innocent nothing")
        found = set(check(root, header[1], text + "\n" * int(header[2] or 0)))
        caught |= {rule for _, rule in found & expected}
        problems += [f"{sample.name}:{line}: {rule} was not found" for line, rule in sorted(expected - found)]
        problems += [f"{sample.name}:{line}: {rule} is a false alarm" for line, rule in sorted(found - expected)]
    problems += [f"no planted offence for {rule}" for rule in sorted(set(RULES) - caught)]
    print("\n".join(problems) or f"lint: {len(samples)} samples, {len(caught)} rules bite")
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=HERE.parent.parent)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    if arguments.self_test:
        return self_test(root)
    names = []
    for file in arguments.files:
        if not file.is_file() or not file.resolve().is_relative_to(root):
            parser.error(f"{file} is no file of {root}")
        names.append(str(file.resolve().relative_to(root)))
    return lint(root, names or project_files(root))


if __name__ == "__main__":
    sys.exit(main())
