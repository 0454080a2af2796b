"""Opens report pages in a headless Chromium. Runs as: chromium.py PICCOLO ZOO INTRUDER FOLDER

Exit code 77, with the reason, when there is no Chromium, no Node or no playwright-core."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAILED = (0, 1, 3)  # pages are of worlds that break, too


def skip(reason):
    print("skipped: " + reason)
    sys.exit(77)


def install(folder):
    """playwright-core of the version in package.json, in the build tree. Once."""
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]["playwright-core"]
    installed = folder / "node_modules/playwright-core/package.json"
    if installed.is_file() and json.loads(installed.read_text(encoding="utf-8"))["version"] == wanted:
        return
    shutil.copy(HERE / "package.json", folder)
    words = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    try:
        done = subprocess.run(words, cwd=folder, timeout=180, check=False, capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        skip("npm got no playwright-core within 180 s")
    if done.returncode != 0:
        skip("npm got no playwright-core: " + done.stderr.strip().replace("\n", " ")[-300:])


def write(page, *words):
    done = subprocess.run([*words, "--report", str(page)], timeout=300, check=False, capture_output=True, text=True)
    if "has no report pages" in done.stderr:
        skip(done.stderr.strip())
    if done.returncode not in FAILED:
        sys.exit(f"{words} ended with {done.returncode}: {done.stderr}")


def main():
    piccolo, zoo, intruder = sys.argv[1:4]
    folder = Path(sys.argv[4])
    for program in ("node", "npm", "chromium"):
        if not shutil.which(program):
            skip(f"no {program} here: apt-get install chromium nodejs npm")
    install(folder)
    with tempfile.TemporaryDirectory() as made:
        pages = Path(made)
        write(pages / "held.html", piccolo, "sim", "--seed", "7", "--nodes", "5")
        write(pages / "large.html", piccolo, "sim", "--seed", "3", "--nodes", "6", "--duration", "60s")
        write(pages / "broke.html", zoo, "replay", "17", "--world", "locks.leaked-grant")
        write(pages / "intruder.html", intruder, "sim", "--seed", "1")
        write(pages / "campaign.html", zoo, "sim", "--world", "locks.leaked-grant", "--seeds", "1..60", "--keep-going",
              "--shard", "none")  # fmt: skip
        write(pages / "intruders.html", intruder, "sim", "--seeds", "1..5", "--shard", "none")
        words = ["node", str(HERE / "chromium.mjs"), str(folder), made, shutil.which("chromium")]
        sys.exit(subprocess.run(words, timeout=500, check=False).returncode)


if __name__ == "__main__":
    main()
