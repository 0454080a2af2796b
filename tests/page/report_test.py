"""`--report`, without a browser. Runs as: report_test.py PICCOLO"""

import json
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import CliTest, main, piccolo  # noqa: E402

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


class Report(CliTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "out.html"

    def data(self, *words):
        done = piccolo(*words, "--report", str(self.file))
        if "has no report pages" in done.err:
            self.assertEqual((done.code, done.out), (2, ""))
            self.assertRegex(done.err, r"\A[^\n]*--report[^\n]*apt-get install[^\n]*\n\Z")
            self.skipTest(done.err)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.out.count("\n"), piccolo(*words).out.count("\n"))
        return json.loads(DATA.search(self.file.read_text(encoding="utf-8"))[1])

    def test_one_seed_writes_the_page_of_its_run(self):
        words = ("--nodes", "3", "--duration", "5s")
        data = self.data("replay", "4", *words)
        self.assertEqual(data["hash"], self.hash_of(self.succeed("replay", "4", *words)))
        page = self.file.read_bytes()
        self.assertEqual(self.data("sim", "--seed", "4", *words), data)
        self.assertEqual(self.file.read_bytes(), page)

    def test_many_seeds_write_the_page_of_the_campaign(self):
        words = ("sim", "--nodes", "3", "--duration", "5s", "--seeds", "1..20", "--shard", "none")
        data = self.data(*words, "--json")
        shown = json.loads(piccolo(*words, "--json").out)
        for each in (shown, data["report"]):
            del each["wall_ns"]
        self.assertEqual(data["report"], shown)
        self.assertEqual(data["found"], {"position": [], "seed": [], "group": []})

    def test_a_file_that_cannot_be_written_is_told_before_anything_runs(self):
        self.data("replay", "1", "--nodes", "2", "--duration", "1s")  # skips without pages
        for command in (["replay", "4"], ["sim", "--seeds", "1..1000000"]):
            self.refuse([*command, "--report", "/nowhere/out.html"], "--report", "/nowhere/out.html")


if __name__ == "__main__":
    main()
