"""The canary: a world with a planted bug must fail, with the exit code and the group that say so."""

import json
import subprocess
import sys

zoo = sys.argv[1]
command = [zoo, "sim", "--world", "register.stale-read", "--seeds", "1..300", "--shard", "none", "--json"]
done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=250, check=False)
found = json.loads(done.stdout)
if done.returncode != 1 or found["failed"] == 0:
    sys.exit(f"the canary sings: {command} found nothing (exit code {done.returncode})")
first = found["failures"][0]
print(f"the canary fell, as it must: {first['signature']} ({first['seeds']} of {found['seeds']} seeds)")
