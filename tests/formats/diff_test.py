"""`piccolo diff`: diff_test.py PICCOLO"""

import json
import os
import tempfile
import unicodedata

from support import CliTest, main, piccolo

SMALL = ("--nodes", "3", "--duration", "5s")


def columns(line):
    return sum(0 if unicodedata.combining(character) else 1 for character in line)


class Diff(CliTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def trace(self, seed, *words):
        path = os.path.join(self.folder, f"{seed}.jsonl")
        self.assertEqual(piccolo("replay", str(seed), *SMALL, *words, "--jsonl", path).code, 0)
        return path

    def changed(self, path, change):
        """A copy of the file whose objects went through `change`."""
        other = os.path.join(self.folder, "changed.jsonl")
        with open(path, encoding="utf-8") as old, open(other, "w", encoding="utf-8") as new:
            for line in old:
                content = json.loads(line)
                change(content)
                new.write(json.dumps(content) + "\n")
        return other

    def test_a_seed_is_equal_to_itself(self):
        story = self.succeed("replay", "7", *SMALL)
        expected = rf"\Athe traces are equal: \d+ events, hash {self.hash_of(story)}\n\Z"
        trace = self.trace(7)
        for words in (["7"], ["7", "7"], ["0x7", "7"], ["7", trace], [trace, "7"], [trace, trace]):
            self.assertRegex(self.succeed("diff", *words, *SMALL), expected)

    def test_two_seeds_differ(self):
        done = piccolo("diff", "7", "8", *SMALL)
        self.assertEqual((done.code, done.err), (1, ""))
        self.assertRegex(done.out, r"\Athe traces differ: event \d+ is the first that does\n")
        self.assertIn("\nseed 7:\n", done.out)
        self.assertIn("\nseed 8:\n", done.out)

    def test_the_first_difference_is_shown_with_what_was_before_and_behind(self):
        trace = self.trace(7)
        with open(trace, encoding="utf-8") as file:
            events = [line for line in map(json.loads, file) if line["type"] == "event"]
        number = next(e["number"] for e in events if e["kind"] == "write" and e["number"] > 50)

        def write_more(content):
            if content.get("number") == number:
                content["b"] += 1

        other = self.changed(trace, write_more)
        done = piccolo("diff", trace, other)
        self.assertEqual((done.code, done.err), (1, ""))
        lines = done.out.splitlines()
        self.assertEqual(lines[0], f"the traces differ: event {number} is the first that does")
        self.assertEqual([int(line.split()[0]) for line in lines[2:7]], list(range(number - 5, number)))
        for side, more in ((trace, 0), (other, 1)):
            begin = lines.index((side + ":")[:80])
            self.assertRegex(lines[begin + 1], rf"^ *{number} .* n\d writes {events[number]['b'] + more} bytes to n\d")
            self.assertRegex(lines[begin + 2], rf"^ *{number + 1} ")
        self.assertEqual(len([line for line in lines if line.endswith("told last before it:")]), 2)
        for line in lines:
            self.assertLessEqual(columns(line), 80, line)
        self.assertNotIn("\x1b", done.out)

    def test_a_trace_that_ends_early_says_so(self):
        trace = self.trace(7)
        with open(trace, encoding="utf-8") as file:
            lines = [line for line in map(json.loads, file)]
        events = [line for line in lines if line["type"] == "event"]
        # Its hash is that of what it has, so that it does not pass for one that was cut off.
        whole = self.changed(trace, lambda content: None)
        with open(whole, "a", encoding="utf-8") as file:
            file.truncate(0)
            for line in lines:
                if line["type"] == "result":
                    file.write(json.dumps(events[-1] | {"number": len(events)}) + "\n")
                    line["events"] += 1
                file.write(json.dumps(line) + "\n")
        done = piccolo("diff", trace, whole)
        self.assertEqual(done.code, 1)
        self.assertRegex(done.out, rf"(?m)^ *{len(events)} the trace ends here$")

    def test_lines_that_differ_alone_are_told(self):
        trace = self.trace(7)

        def say_it_louder(content):
            if content.get("kind") == "log" and content["type"] == "line":
                content["text"] += "!"

        done = piccolo("diff", trace, self.changed(trace, say_it_louder))
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertIn("the traces are equal", done.out)
        self.assertIn("but their lines are not (logs are no part of a trace)", done.out)
        self.assertRegex(done.out, r"!\n\Z")

    def test_a_story_of_fewer_levels_is_no_difference(self):
        trace = self.trace(7, "--log-level", "warn")
        self.assertNotIn("but", self.succeed("diff", "7", trace, *SMALL))

    def test_other_options_of_the_world_are_told(self):
        done = piccolo("diff", self.trace(7), "7", "--nodes", "3", "--duration", "6s")
        self.assertEqual(done.code, 1)
        self.assertRegex(done.out, r"\Athe scenarios differ")

    def test_usage(self):
        trace = self.trace(7)
        self.refuse(["diff"], "RUN")
        self.refuse(["diff", "1", "2", "3"], "one or two")
        self.refuse(["diff", trace], "second one")
        self.refuse(["diff", "7", "no.jsonl"], "cannot read `no.jsonl`", "--jsonl")
        self.refuse(["diff", "7", self.folder], "cannot read")
        self.refuse(["diff", "99999999999999999999"], "no seed")
        self.refuse(["diff", "7", "--nodes", "0"], "--nodes")
        broken = os.path.join(self.folder, "broken.jsonl")
        with open(trace, encoding="utf-8") as old, open(broken, "w", encoding="utf-8") as new:
            new.writelines(line if number != 3 else "{\n" for number, line in enumerate(old, 1))
        self.refuse(["diff", broken, "7"], f"{broken}:3: ")


if __name__ == "__main__":
    main()
