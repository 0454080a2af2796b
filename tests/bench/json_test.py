"""What piccolo_bench writes as JSON: json_test.py PICCOLO_BENCH."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from scripts import python

PROGRAM = ""
# The quickest of each kind.
FILTER = "^(echo/64|yields/1|scale_messages/1000|idle|always_on/ring_seed)(/|$)"
PAIRS = {"echo/64", "yields/1", "scale_messages/1000", "always_on/ring_seed"}


class Json(unittest.TestCase):
    def test_each_pair_has_its_ratio(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "out.json"
            words = [f"--benchmark_filter={FILTER}", f"--benchmark_out={file}", "--benchmark_out_format=json"]
            subprocess.run([PROGRAM, *words], check=True, stdout=subprocess.DEVNULL, timeout=500)
            written = json.loads(file.read_text(encoding="utf-8"))
            table = python("bench/support/table.py", file).stdout
        self.assertIn("num_cpus", written["context"])
        cases = {case["name"].split("/iterations:")[0]: case for case in written["benchmarks"]}
        self.assertEqual(set(cases), PAIRS | {"idle"})
        for name in PAIRS:
            case = cases[name]
            self.assertNotIn("error_occurred", case)
            self.assertGreater(case["ratio"], 0, name)
            self.assertGreater(case["ours_ns"], 0, name)
            self.assertGreater(case["baseline_ns"], 0, name)
            self.assertIn(f"| `{name}` |", table)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
