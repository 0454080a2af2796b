import json
import re

from support import CliTest, main

SMALL = ["--nodes", "3", "--duration", "5s"]
LINE = re.compile(r" *\d+\.\d{6}  (\*|n\d+) +\S.*")


class Story(CliTest):
    def test_it_is_told_in_virtual_time_and_ends_in_the_trace_hash(self):
        story = self.succeed("sim", "--seed", "1", *SMALL)
        self.hash_of(story)
        lines = story.split("\n")
        told = [line for line in lines if LINE.fullmatch(line)]
        self.assertGreater(len(told), 50)
        self.assertEqual(lines[: len(told)], told, "the report stands behind the story")
        times = [float(line.split()[0]) for line in told]
        self.assertEqual(times, sorted(times))
        self.assertEqual({line.split()[1] for line in told}, {"*", "n1", "n2", "n3"})
        for words in ("Binding", "Server bound on", "Connecting to external node [", "Accepting connection from",
                      "Read [", "Writing [", "HUP from", "Shutting down remote connection"):  # fmt: skip
            self.assertIn(words, story)

    def test_it_is_plain_text(self):
        story = self.succeed("sim", "--seed", "2", *SMALL)
        self.assertFalse(re.search(r"[^\x20-\x7e\n]", story))

    def test_a_replay_tells_the_same_twice(self):
        for seed, world in (("1", []), ("2", SMALL), ("0", SMALL), ("18446744073709551615", SMALL),
                            ("4", [*SMALL, "--faults", "hup,crash"]), ("9", [*SMALL, "--log-level", "trace"])):  # fmt: skip
            story = self.succeed("sim", "--seed", seed, *world)
            self.assertEqual(self.succeed("replay", seed, *world), story, seed)
            self.assertEqual(self.succeed("replay", seed, *world), story, seed)

    def test_its_options_may_stand_before_and_behind_the_seed(self):
        self.assertEqual(self.succeed("replay", *SMALL, "5"), self.succeed("replay", "5", *SMALL))
        self.assertEqual(self.succeed("replay", "5", "--nodes=3", "--duration=5s"), self.succeed("replay", "5", *SMALL))

    def test_another_seed_or_world_has_another_hash(self):
        worlds = [["1", *SMALL], ["2", *SMALL], ["1", "--nodes", "4", "--duration", "5s"],
                  ["1", "--nodes", "3", "--duration", "6s"], ["1", *SMALL, "--faults", "none"]]  # fmt: skip
        self.assertEqual(len({self.hash_of(self.succeed("replay", *world)) for world in worlds}), len(worlds))

    def test_the_spelling_of_an_option_changes_nothing(self):
        story = self.succeed("replay", "6", "--nodes", "3", "--duration", "5s", "--faults", "refuse,hup")
        again = self.succeed("replay", "6", "--nodes", "3", "--duration", "5000ms", "--faults", "hup,refuse,hup")
        self.assertEqual(again, story)

    def test_the_log_level_changes_the_story_and_not_the_hash(self):
        hashes, lengths = set(), []
        for level in ("trace", "debug", "info", "warn", "error", "off"):
            story = self.succeed("replay", "7", *SMALL, "--log-level", level)
            hashes.add(self.hash_of(story))
            lengths.append(len(story.split("\n")))
        self.assertEqual(len(hashes), 1)
        self.assertEqual(lengths, sorted(lengths, reverse=True))
        self.assertGreater(lengths[1], lengths[-1])

    def test_the_json_of_one_run_has_its_hash(self):
        single = json.loads(self.succeed("sim", "--seed", "8", *SMALL, "--json"))
        self.assertEqual(single["seeds"], 1)
        self.assertEqual(single["trace_hash"], self.hash_of(self.succeed("replay", "8", *SMALL)))
        again = json.loads(self.succeed("replay", "8", *SMALL, "--json"))
        self.assertEqual(again, single)


if __name__ == "__main__":
    main()
