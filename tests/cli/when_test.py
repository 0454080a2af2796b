"""when: the moment at which it was decided that a seed breaks."""

import json

from support import CliTest, main, piccolo


class When(CliTest):
    def find_out(self, *words):
        """Its standard output; on a slow machine there is progress on standard error."""
        done = piccolo(*words)
        self.assertEqual(done.code, 0, done.err)
        return done.out

    def test_wrong_numbers_are_refused(self):
        for option, values, cure in (("--points", ["0", "1", "-3", "x", "1001"], "2..1000"),
                                     ("--continuations", ["0", "x", "1.5", "100001"], "1..100000"),
                                     ("--jobs", ["x", "-1", "1025"], "0..1024"),
                                     ("--time-budget", ["0s", "5", "x"], "such as 10m")):  # fmt: skip
            for value in values:
                self.refuse(["when", "1", f"{option}={value}"], option, cure)

    def test_wrong_seeds_and_flags_are_refused(self):
        self.refuse(["when", "x"], "SEED", "no seed")
        self.refuse(["when"], "SEED")
        self.refuse(["when", "1", "--continuation", "5"], "did you mean `--continuations`?")
        self.refuse(["when", "1", "--fault", "2s isolat n1 for 3s"], "--fault 1", "isolate HOST for TIME")

    def test_a_seed_that_holds_is_refused_in_one_line(self):
        self.refuse(["when", "3", "--faults", "none"], "SEED", "seed 3 holds", "sim --nodes 5")

    def test_a_limit_that_every_seed_breaks_was_decided_before_the_start(self):
        words = ["when", "3", "--events-max", "100", "--continuations", "5", "--points", "3"]
        text = self.find_out(*words)
        self.assertIn("seed 3 broke `endless`", text)
        self.assertIn("all other seeds break it, 5 of 5: it was decided before the start", text)
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines() if "|" in line), text)
        self.assertEqual(self.find_out(*words, "--jobs", "1"), text)
        self.assertEqual(self.find_out(*words, "--jobs", "3"), text)

    def test_json_tells_the_same(self):
        done = piccolo("when", "3", "--events-max", "100", "--continuations", "5", "--points", "3", "--json")
        self.assertEqual(done.code, 0)
        told = json.loads(done.out)
        self.assertEqual([point["runs"] for point in told["points"]], [5, 5, 5, 5])
        self.assertEqual([point["broke"] for point in told["points"]], [5, 5, 5, 5])
        self.assertIsNone(told["points"][0]["from_ns"])
        self.assertEqual(told["points"][1]["from_ns"], 0)
        self.assertEqual(told["points"][3]["from_ns"], told["violation"]["virtual_time_ns"] + 1)
        self.assertEqual((told["decided"], told["end"]), ([], "all_seeds"))


if __name__ == "__main__":
    main()
