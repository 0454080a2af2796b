import json
import re

from support import CliTest, main, piccolo

KINDS = ["refuse", "delay", "hup", "partition", "crash", "power-loss", "loss", "duplicate", "reorder", "hold",
         "throttle", "swizzle", "pause", "clock-step", "clock-drift", "port-taken", "no-descriptors", "short-io",
         "names"]  # fmt: skip
SMALL = ["--nodes", "3", "--duration", "5s"]
PROGRESS = re.compile(r"\d+/\d+ seeds, 0 failed, \d+/s(, \d+s left)?")


class Sweep(CliTest):
    def sweep(self, *words):
        done = piccolo("sim", *words)
        self.assertEqual(done.code, 0, done.err)
        for line in done.err.splitlines():
            self.assertTrue(PROGRESS.fullmatch(line), f"not progress: {line!r}")
        return done.out

    def totals(self, *words):
        found = json.loads(self.sweep("--json", *words))
        del found["wall_ns"]
        return found

    def test_the_verdict_is_on_standard_output_and_progress_is_not(self):
        text = self.sweep("--seeds", "1..20", *SMALL)
        self.assertRegex(text, r"\Aall 20 seeds held \(.*seeds/s\)\n")
        self.assertIn("world: --nodes 3 --duration 5s --faults all\n", text)
        for kind in KINDS:
            self.assertRegex(text, rf"(?m)^  {kind} +[\d,]+ +[\d,]+")
        columns = {line.index(line.split()[1]) + len(line.split()[1]) for line in re.findall(r"(?m)^  [a-z-]+ +[\d,]+ +[\d,]+", text)}
        self.assertEqual(len(columns), 1, text)
        self.assertNotRegex(text, PROGRESS)
        self.assertNotIn("trace hash", text)

    def test_some_progress_is_shown(self):
        done = piccolo("sim", "--seeds", "1..20", *SMALL)
        self.assertRegex(done.err, r"\d+/20 seeds")

    def test_one_seed_is_a_sweep_as_well(self):
        self.assertRegex(self.sweep("--seeds", "7", *SMALL), r"\Aall 1 seeds held")
        self.assertEqual(self.totals("--seeds", "7", *SMALL), self.totals("--seeds", "7..7", *SMALL))

    def test_the_last_seeds_there_are_can_be_swept(self):
        found = self.totals("--seeds", "18446744073709551614..18446744073709551615", *SMALL)
        self.assertEqual((found["seeds"], found["last_seed"]), (2, 18446744073709551615))

    def test_the_number_of_threads_changes_nothing(self):
        one = self.totals("--seeds", "1..20", *SMALL, "--jobs", "1")
        for jobs in ("0", "2", "7", "1024"):
            self.assertEqual(self.totals("--seeds", "1..20", *SMALL, "--jobs", jobs), one)

    def test_the_sweep_adds_up_its_seeds(self):
        both = self.totals("--seeds", "3..4", *SMALL)
        parts = [self.totals("--seeds", seed, *SMALL) for seed in ("3", "4")]
        for key in ("seeds", "events", "virtual_ns", "failed"):
            self.assertEqual(both[key], parts[0][key] + parts[1][key], key)
        for name, value in both["counters"].items():
            self.assertEqual(value, parts[0]["counters"][name] + parts[1]["counters"][name], name)


class Json(CliTest):
    def test_it_is_one_object_with_the_keys_that_scripts_rely_on(self):
        done = piccolo("sim", "--seeds", "1..10", *SMALL, "--json")
        self.assertEqual(done.code, 0)
        found, end = json.JSONDecoder().raw_decode(done.out)
        self.assertEqual(done.out[end:], "\n")
        self.assertEqual(found["seeds"], 10)
        self.assertEqual((found["failures"], found["failed"], found["end"]), ([], 0, "all_seeds"))
        for key in ("events", "virtual_ns", "wall_ns"):
            self.assertIsInstance(found[key], int)
            self.assertGreater(found[key], 0, key)
        self.assertEqual(sorted(found["faults"]), sorted(KINDS))
        for kind, counts in found["faults"].items():
            self.assertGreaterEqual(counts["injected"], 0, kind)
            self.assertGreaterEqual(counts["observed"], 0, kind)

    def test_a_single_run_prints_nothing_else_either(self):
        done = piccolo("sim", "--seed", "1", *SMALL, "--json")
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(json.loads(done.out)["seeds"], 1)


if __name__ == "__main__":
    main()
