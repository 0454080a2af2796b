"""Faults that are listed instead of drawn, and sweeps that have to prove that faults bite."""

import json
import os
import re
import shlex
import tempfile

from support import CliTest, main, piccolo

SMALL = ["--nodes", "3", "--duration", "5s"]
FAULTS = ["1s partition n1 <-> n2 for 3s", "1.5s hang up (RST) on a stream n1 <-> n3 #17", "2s lose 12.5% n2 -> n3 for 1s"]


def listed(lines):
    return [word for line in lines for word in ("--fault", line)]


class Listed(CliTest):
    def test_they_strike_at_their_times_and_no_others_do(self):
        story = self.succeed("sim", "--seed", "1", *SMALL, *listed(FAULTS))
        told = re.findall(r"(?m)^ +([\d.]+)  \* +fault: (?!over)(.*)$", story)
        self.assertEqual([f"{float(at):g}s {what}" for at, what in told], FAULTS)
        self.assertRegex(story, r"(?m)^ +4.000000  \* +fault: over: partition n1 <-> n2 for 3s$")

    def test_a_file_of_them_is_the_same(self):
        story = self.succeed("replay", "1", *SMALL, *listed(FAULTS))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "faults.txt")
            with open(path, "w", encoding="utf-8") as file:
                file.write("# what went wrong\n\n" + "\n".join(reversed(FAULTS)) + "\n")
            self.assertEqual(self.succeed("replay", "1", *SMALL, "--fault-list", path), story)
            both = self.succeed("replay", "1", *SMALL, "--fault-list", path, "--fault", "3s pause n1 for 1s")
            self.assertIn("fault: pause n1 for 1s", both)

    def test_the_printed_world_gives_it_again_in_a_shell(self):
        story = self.succeed("replay", "1", *SMALL, *listed(FAULTS))
        world = shlex.split(re.search(r"(?m)^  world: (.*)$", story)[1])
        self.assertEqual(world, [*SMALL, *listed(FAULTS)])
        self.assertEqual(self.succeed("replay", "1", *world), story)

    def test_the_table_has_their_kinds_only(self):
        text = self.succeed("replay", "1", *SMALL, *listed(FAULTS), "--log-level", "off")
        found = re.findall(r"(?m)^  ([a-z-]+) +[\d,]+ +[\d,]+", text)
        self.assertEqual(found, ["hup", "partition", "loss"])

    def test_the_longest_list_there_may_be(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("# one after the other\n" + "".join(f"{ms}ms hold n1 -> n2 for 1ms\n" for ms in range(0, 5000, 1)) * 2)
            file.flush()
            text = self.succeed("replay", "1", *SMALL, "--fault-list", file.name, "--log-level", "off")
        self.assertRegex(text, r"(?m)^  hold +10,000 ")

    def test_isolating_who_is_isolated_already_is_no_contradiction(self):
        twice = ["1s isolate n1 for 3s", "2s isolate n1 for 1s"]
        self.assertIn("seed 1 held", self.succeed("replay", "1", *SMALL, *listed(twice)))

    def test_what_finds_no_victim_is_told(self):
        text = self.succeed("replay", "1", *SMALL, "--fault", "0s hang up (RST) on a stream n1 <-> n1 #1", "--log-level", "off")
        self.assertRegex(text, r"(?m)^  hup +0 +0  none struck$")

    def test_an_empty_list_is_a_world_without_faults(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("# nothing\n")
            file.flush()
            text = self.succeed("replay", "1", *SMALL, "--fault-list", file.name, "--log-level", "off")
        self.assertIn("no faults", text)
        self.assertIn("--faults none", text)


class Strict(CliTest):
    def sweep(self, *words):
        return piccolo("sim", "--seeds", "1..30", *SMALL, *words)

    def test_a_kind_that_never_bit_is_told_and_makes_the_exit_code_6(self):
        strict = self.sweep("--faults", "hup,clock-step", "--strict")
        self.assertEqual(strict.code, 6)
        self.assertRegex(strict.out, r"(?m)^note: clock-step was enabled and never bit \(\d+ injected\)$")
        self.assertEqual(strict.out.count("note:"), 1)
        lenient = self.sweep("--faults", "hup,clock-step")
        self.assertEqual(lenient.code, 0)
        self.assertIn("note: clock-step", lenient.out)

    def test_kinds_that_bit_are_enough(self):
        done = self.sweep("--faults", "hup,crash", "--strict")
        self.assertEqual(done.code, 0)
        self.assertNotIn("note:", done.out)
        self.assertEqual(self.sweep("--faults", "none", "--strict").code, 0)

    def test_it_holds_for_listed_faults_and_single_runs(self):
        self.assertEqual(self.sweep("--fault", "1s isolate n1 for 2s", "--strict").code, 0)
        self.assertEqual(self.sweep("--fault", "1s step the wall clock of n1 by 2s", "--strict").code, 6)
        single = ["sim", "--seed", "1", *SMALL, "--fault", "1s step the wall clock of n1 by 2s"]
        self.assertEqual(piccolo(*single).code, 0)
        self.assertNotIn("note:", piccolo(*single).out)
        self.assertEqual(piccolo(*single, "--strict").code, 6)

    def test_in_json_the_kinds_are_named(self):
        done = self.sweep("--faults", "hup,clock-step", "--strict", "--json")
        self.assertEqual(done.code, 6)
        found = json.loads(done.out)
        self.assertEqual(found["never_bit"], ["clock-step"])
        self.assertEqual(found["kinds_of_faults"], "hup,clock-step")


if __name__ == "__main__":
    main()
