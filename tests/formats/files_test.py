"""The files that `piccolo replay` writes: files_test.py PICCOLO"""

import json
import os
import stat
import subprocess
import tempfile

import support
from support import PATIENCE, CliTest, main, piccolo

SMALL = ("--nodes", "3", "--duration", "5s")
FORMATS = {
    "--pcapng": lambda data: data[:4] == b"\x0a\x0d\x0d\x0a",
    "--perfetto": lambda data: "traceEvents" in json.loads(data),
    "--jsonl": lambda data: all(json.loads(line)["type"] for line in data.splitlines()),
    "--mermaid": lambda data: data.startswith(b"sequenceDiagram\n"),
}


def replay(*words):
    return subprocess.run(
        [support.PICCOLO, "replay", "7", *SMALL, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
    )  # fmt: skip


class Files(CliTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_all_at_once_and_the_story_as_ever(self):
        words = [word for option in FORMATS for word in (option, self.path(option))]
        done = replay(*words)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout, replay().stdout)
        for option, is_right in FORMATS.items():
            self.assertTrue(is_right(self.content(option)), option)
        self.assertEqual(sorted(os.listdir(self.folder)), sorted(FORMATS))

    def test_a_level_of_logs_and_json_are_as_ever(self):
        for words in (["--log-level", "warn"], ["--json"]):
            self.assertEqual(replay(*words, "--jsonl", self.path("file")).stdout, replay(*words).stdout)

    def test_standard_output_gets_the_file_alone(self):
        for option in FORMATS:
            done = replay(option, "-")
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            replay(option, self.path("file"))
            self.assertEqual(done.stdout, self.content("file"), option)

    def test_files_are_the_same_every_time(self):
        for option in FORMATS:
            self.assertEqual(replay(option, "-").stdout, replay(option, "-").stdout)

    def test_a_file_is_replaced_with_its_links_left_alone(self):
        with open(self.path("old"), "w", encoding="utf-8") as file:
            file.write("old")
        os.symlink("old", self.path("link"))
        self.assertEqual(replay("--mermaid", self.path("link")).returncode, 0)
        self.assertTrue(os.path.islink(self.path("link")))
        self.assertTrue(self.content("old").startswith(b"sequence"))

    def test_a_device_is_written_and_stays_one(self):
        self.assertEqual(replay("--jsonl", "/dev/null").returncode, 0)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_what_cannot_be_written_is_one_line_and_leaves_nothing(self):
        words = ["replay", "7", *SMALL]
        missing = self.path("no/file")
        self.refuse([*words, "--pcapng", missing], "--pcapng", missing, "No such file")
        self.refuse([*words, "--jsonl", self.folder], "--jsonl", "Is a directory")
        self.refuse([*words, "--mermaid", self.path("good"), "--perfetto", missing], "--perfetto")
        self.refuse([*words, "--jsonl", "/dev/full"], "--jsonl", "No space left")
        self.refuse([*words, "--mermaid", self.path("good"), "--jsonl", "/dev/full"], "--jsonl")
        self.refuse([*words, "--jsonl", "-", "--mermaid", "-"], "--mermaid", "--jsonl")
        self.refuse([*words, "--jsonl", "-", "--json"], "--json")
        self.refuse([*words, "--jsonl", self.path("file"), "--log-level", "loud"], "--log-level")
        self.refuse([*words, "--jsonl", self.path("file"), "--nodes", "0"], "--nodes")
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_run_that_breaks_keeps_its_exit_code(self):
        usual = piccolo("replay", "3", "--events-max", "500")
        done = piccolo("replay", "3", "--events-max", "500", "--mermaid", self.path("file"))
        self.assertEqual(done, usual)
        self.assertNotEqual(done.code, 0)
        self.assertIn(b"violation of", self.content("file"))


if __name__ == "__main__":
    main()
