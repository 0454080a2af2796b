"""bench/support/table.py: what was measured as the table of docs/performance.md."""

import json
import tempfile
import unittest
from pathlib import Path

from scripts import python

MEASURED = [
    {"name": "idle", "cpu_time": 21.34, "time_unit": "us"},
    {"name": "echo/1/iterations:7/manual_time", "ours_ns": 431.2, "baseline_ns": 200.4, "ratio": 2.151},
    {"name": "scale_hosts/100/iterations:5/manual_time", "ours_ns": 2e3, "baseline_ns": 3e6, "ratio": 0.9,
     "ours_growth": 1.2, "baseline_growth": 1.333},
    {"name": "memory/growth_heap", "KiB": 12.4},
    {"name": "broken", "error_occurred": True, "error_message": "nothing was done"},
]  # fmt: skip


class Table(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, cases):
        path = self.folder / name
        path.write_text(json.dumps({"benchmarks": cases}), encoding="utf-8")
        return path

    def table(self, *files):
        done = python("bench/support/table.py", *files)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]

    def test_a_row_for_each_case_in_the_order_of_the_goals(self):
        rows = self.table(self.file("a.json", MEASURED))
        self.assertEqual(rows[0], ["case", "an item is", "goal", "ours", "baseline", "ratio", "command"])
        self.assertEqual([row[0] for row in rows[2:]], ["`echo/1`", "`idle`", "`scale_hosts/100`", "`memory/growth_heap`"])
        self.assertEqual(rows[2][3:], ["431 ns", "200 ns", "2.15", "`./dev bench echo/1`"])
        self.assertEqual(rows[3][3:6], ["21.3 us", "", ""])
        self.assertEqual(rows[4][3:6], ["2 us (x 1.20)", "3 ms (x 1.33)", "0.90"])
        self.assertEqual(rows[5][3:], ["12 KiB", "", "", "`./dev bench memory`"])
        self.assertTrue(all(len(row) == 7 for row in rows))

    def test_the_last_of_several_files_counts(self):
        newer = self.file("b.json", [{"name": "echo/1", "ours_ns": 300, "baseline_ns": 200, "ratio": 1.5}])
        rows = self.table(self.file("a.json", MEASURED), newer)
        self.assertEqual([row[3] for row in rows if row[0] == "`echo/1`"], ["300 ns"])

    def test_it_is_put_between_the_marks_of_a_page(self):
        page = self.folder / "page.md"
        page.write_text("before\n<!-- table -->\nold\n<!-- end of table -->\nafter\n", encoding="utf-8")
        file = self.file("a.json", MEASURED)
        for _ in range(2):
            self.assertEqual(python("bench/support/table.py", "--into", page, file).returncode, 0)
        expected = python("bench/support/table.py", file).stdout
        whole = f"before\n<!-- table -->\n{expected}<!-- end of table -->\nafter\n"
        self.assertEqual(page.read_text(encoding="utf-8"), whole)
        page.write_text("no marks\n", encoding="utf-8")
        done = python("bench/support/table.py", "--into", page, file)
        self.assertIn("lacks the marks", done.stderr)
        self.assertEqual((done.returncode, page.read_text(encoding="utf-8")), (1, "no marks\n"))

    def test_what_is_no_such_file(self):
        bad = self.folder / "bad.json"
        bad.write_text("{}", encoding="utf-8")
        for path in (bad, self.folder / "none.json"):
            done = python("bench/support/table.py", path)
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, r"\Atable: [^\n]+ is no file of benchmarks[^\n]*\n\Z")


if __name__ == "__main__":
    unittest.main()
