"""What ./dev says to wrong words of bench and budget: exit code 2 and one line, before it installs or builds anything."""

import unittest

from scripts import run


class Words(unittest.TestCase):
    def refuse(self, words, *expected):
        done = run("/usr/bin/bash", "dev", *words)
        self.assertEqual((done.returncode, done.stdout), (2, ""), words)
        self.assertRegex(done.stderr, r"\Adev: [^\n]+\n\Z", words)
        for word in expected:
            self.assertIn(word, done.stderr, words)

    def test_a_name_that_no_benchmark_has(self):
        self.refuse(["bench", "ecko"], "'ecko'", " echo ", " scale_hosts ", " threads ", "memory")
        self.refuse(["bench", "echo", "timer_"], "'timer_'")
        self.refuse(["bench", "ecko/64"], "'ecko/64'")

    def test_json_without_a_file(self):
        for words in (["--json"], ["--json", ""], ["echo", "--json"], ["--json", "--benchmark_repetitions=2"]):
            self.refuse(["bench", *words], "--json takes a file")

    def test_words_that_the_others_do_not_take(self):
        self.refuse(["budget", "--upd"], "--update")
        self.refuse(["budget", "--update", "now"], "--update")
        self.refuse(["bench", "flame", "echo"], "no further words")


if __name__ == "__main__":
    unittest.main()
