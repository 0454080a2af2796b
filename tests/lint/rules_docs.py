"""What the documentation promises about the tests: each row of the truth table names tests that exist."""

import re
from functools import cache

RULES = {
    "row-without-test": "a row of the truth table names no test, or one that does not exist: name the TEST_CASE",
}

TABLE = "docs/truth-table.md"
CASE = re.compile(r'\b(?:TEST_CASE|CONFORMANCE|NETWORK_CASE|NETWORK_CASE_NOT_YET_SIMULATED)\(\s*"((?:[^"\\]|\\.)*)"')


@cache
def cases(root):
    return {name for file in (root / "tests").rglob("*.cpp") for name in CASE.findall(file.read_text(encoding="utf-8"))}


def check(root, path, text):
    if path != TABLE:
        return []
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 5 or cells[0] in ("situation", "---"):
            continue
        names = re.findall(r"`([^`]+)`", cells[-1])
        impossible = cells[1].startswith("cannot be written")
        if (not names and not impossible) or any(name not in cases(root) for name in names):
            findings.append((number, "row-without-test"))
    return findings
