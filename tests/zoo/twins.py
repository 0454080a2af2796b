"""Each correct twin of the zoo passes 10,000 seeds."""

import re
import subprocess
import sys

zoo = sys.argv[1]
worlds = re.findall(r"(?m)^(\S+\.fixed)$", subprocess.run([zoo, "list"], capture_output=True, text=True, check=True).stdout)
if len(worlds) < 16:
    sys.exit(f"the zoo lists {len(worlds)} twins only")
broken = []
for world in worlds:
    done = subprocess.run(
        [zoo, "sim", "--world", world, "--seeds", "1..10000", "--shard", "none"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False,
    )  # fmt: skip
    held = done.returncode == 0 and "all 10,000 seeds held" in done.stdout
    print(f"{world}: {done.stdout.splitlines()[0] if held else done.stdout}", flush=True)
    if not held:
        broken.append(world)
if broken:
    sys.exit(f"broken: {', '.join(broken)}")
