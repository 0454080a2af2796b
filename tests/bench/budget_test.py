"""bench/budget/check, with a valgrind that says what the test wants it to."""

import os
import tempfile
import tomllib
import unittest
from pathlib import Path

from scripts import ROOT, python

WORKS = ["echo_1", "echo_1000", "event", "seed", "seed_with_faults", "timer", "yield"]

# 1,000,000 to start up, and what the file `costs` says for each item; ends with the status in it.
VALGRIND = """\
#!/bin/sh
while [ "${1#--}" != "$1" ]; do shift; done
while read -r name figure; do
    [ "$name" != "$2" ] || each=$figure
    [ "$name" != status ] || status=$figure
done <"$COSTS"
echo "==1== Collected : $((1000000 + each * $3))" >&2
echo "$3"
exit "$status"
"""


class Budget(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        valgrind = self.folder / "valgrind"
        valgrind.write_text(VALGRIND, encoding="utf-8")
        valgrind.chmod(0o755)
        self.budget = self.folder / "budget.toml"
        self.allow(dict.fromkeys(WORKS, 1000))

    def allow(self, figures):
        lines = [f"{name} = {figure}" for name, figure in figures.items()]
        self.budget.write_text("[instructions]\n" + "\n".join(lines) + "\n", encoding="utf-8")

    def check(self, *words, status=0, path=None, **costs):
        lines = [f"{name} {costs.get(name, 1000)}" for name in WORKS]
        file = self.folder / "costs"
        file.write_text("\n".join([*lines, f"status {status}"]) + "\n", encoding="utf-8")
        surroundings = os.environ | {"PATH": path or f"{self.folder}:{os.environ['PATH']}", "COSTS": str(file)}
        return python("bench/budget/check", "budget_work", "--budget", self.budget, *words, env=surroundings)

    def test_what_is_as_it_was_is_kept(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("budget: kept", done.stdout)
        for name in WORKS:
            self.assertRegex(done.stdout, rf"(?m)^{name} +1000 +1000 +\+0\.0%$")

    def test_eleven_percent_too_many_fail_and_nine_do_not(self):
        done = self.check(seed=1110, timer=1090)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout, r"(?m)^seed +1000 +1110 +\+11\.0% FAILED$")
        self.assertRegex(done.stdout, r"(?m)^timer +1000 +1090 +\+9\.0%$")
        self.assertIn("FAILED: seed takes over 10%", done.stdout)
        self.assertIn("./dev budget --update", done.stdout)
        self.assertEqual(self.check(seed=1090).returncode, 0)

    def test_what_became_cheaper_is_told_and_no_failure(self):
        done = self.check(timer=880)
        self.assertEqual(done.returncode, 0)
        self.assertIn("timer became over 10% cheaper: ./dev budget --update", done.stdout)
        self.assertNotIn("cheaper", self.check(timer=920).stdout)

    def test_an_update_is_a_budget_that_is_kept(self):
        costs = {name: 500 + 7 * len(name) for name in WORKS}
        self.assertEqual(self.check("--update", **costs).returncode, 0)
        with self.budget.open("rb") as file:
            written = tomllib.load(file)["instructions"]
        self.assertEqual(written, costs)
        self.assertEqual(list(written), sorted(written))
        self.assertIn("budget: kept", self.check(**costs).stdout)

    def test_the_update_takes_no_budget_to_begin_with(self):
        self.budget.unlink()
        self.assertEqual(self.check("--update").returncode, 0)
        self.assertTrue(self.budget.exists())

    def test_what_cannot_be_told_is_another_exit_code(self):
        self.allow({"echo_1": 1000})
        self.assert_untold(self.check(), "differ in echo_1000, event")
        self.budget.write_text("nonsense", encoding="utf-8")
        self.assert_untold(self.check(), "is no budget")
        self.allow(dict.fromkeys(WORKS, 1000))
        self.assert_untold(self.check(status=1), "failed under valgrind")

    def test_without_valgrind_it_names_the_package(self):
        self.assert_untold(self.check(path="/nonexistent"), "install the package valgrind")

    def assert_untold(self, done, expected):
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(expected, done.stderr)
        self.assertTrue(done.stderr.startswith("budget: "))

    def test_the_committed_budget_is_one_for_these_works(self):
        with (ROOT / "bench/budget/budget.toml").open("rb") as file:
            committed = tomllib.load(file)["instructions"]
        self.assertEqual(list(committed), WORKS)


if __name__ == "__main__":
    unittest.main()
