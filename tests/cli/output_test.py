"""Where the output goes: terminals, pipes that close, descriptors that are closed from the start."""

import os
import pty
import re
import select
import signal
import subprocess
import tempfile

import support
from support import PATIENCE, CliTest, main, piccolo

SMALL = ["--nodes", "3", "--duration", "5s"]
# Long enough that progress is drawn several times.
LONG = ["--jobs", "1", "--seeds", "1..150", "--nodes", "3", "--duration", "20s"]


def read_all(descriptor):
    data = b""
    while select.select([descriptor], [], [], PATIENCE)[0]:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side of a terminal is closed
            break
        if not chunk:
            break
        data += chunk
    return data


def on_terminal(*words, stdout_too=False):
    """(exit code, standard output, what the terminal got); standard error is the terminal."""
    ours, theirs = pty.openpty()
    with tempfile.TemporaryFile() as file:
        with subprocess.Popen(
            [support.PICCOLO, *words], stdin=subprocess.DEVNULL, stdout=theirs if stdout_too else file, stderr=theirs
        ) as child:
            os.close(theirs)
            shown = read_all(ours)
            code = child.wait(PATIENCE)
        os.close(ours)
        file.seek(0)
        return code, file.read().decode(), shown.decode()


def what_stays(shown):
    """The lines of a terminal that got this, with the two means that progress uses."""
    lines = [""]
    column = 0
    for part in re.findall(r"\x1b\[K|\r|\n|[^\r\n\x1b]+|\x1b.", shown):
        if part == "\r":
            column = 0
        elif part == "\n":
            lines.append("")
        elif part == "\x1b[K":
            lines[-1] = lines[-1][:column]
        else:
            lines[-1] = lines[-1][:column] + part + lines[-1][column + len(part) :]
            column += len(part)
    return lines


class Terminal(CliTest):
    def test_progress_redraws_its_line_and_leaves_it_clean(self):
        code, out, shown = on_terminal("sim", *LONG)
        self.assertEqual(code, 0)
        self.assertGreaterEqual(shown.count("\r"), 2)
        self.assertNotIn("\n", shown)
        self.assertIn("/150 seeds", shown)
        self.assertEqual(what_stays(shown), [""])
        self.assertRegex(out, r"\Aall 150 seeds held")
        self.assertNotRegex(out, r"[\r\x1b]")

    def test_the_verdict_is_not_mixed_with_progress(self):
        code, _, shown = on_terminal("sim", *LONG, stdout_too=True)
        self.assertEqual(code, 0)
        lines = what_stays(shown)
        self.assertRegex(lines[0], r"\Aall 150 seeds held")
        self.assertFalse([line for line in lines if "left" in line or "[#" in line])

    def test_a_story_has_no_progress(self):
        code, out, shown = on_terminal("sim", "--seed", "1", *SMALL)
        self.assertEqual((code, shown), (0, ""))
        self.hash_of(out)

    def test_an_error_is_one_line_there_as_well(self):
        code, out, shown = on_terminal("sim", "--nodes", "0")
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(shown, r"\Apiccolo sim: --nodes.*\r\n\Z")


class NoTerminal(CliTest):
    def test_neither_carriage_returns_nor_escapes_appear(self):
        done = piccolo("sim", *LONG)
        self.assertEqual(done.code, 0)
        self.assertNotRegex(done.out + done.err, r"[\r\x1b]")
        self.assertRegex(done.err, r"/150 seeds")
        self.assertTrue(done.err.endswith("\n"))


class Pipes(CliTest):
    def first_line(self, *words):
        """What `piccolo WORDS | head -1` does: (the line, exit code, standard error)."""
        with subprocess.Popen(
            [support.PICCOLO, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            line = child.stdout.readline()
            child.stdout.close()
            complaint = child.stderr.read()
            code = child.wait(PATIENCE)
        return line.decode(), code, complaint.decode()

    def test_a_reader_may_leave_after_the_first_line(self):
        line, code, complaint = self.first_line("sim", "--seed", "1")
        self.assertIn("links of", line)
        self.assertEqual(complaint, "")
        self.assertIn(code, (0, -signal.SIGPIPE))

    def test_a_reader_may_leave_before_the_verdict(self):
        with subprocess.Popen(
            [support.PICCOLO, "sim", "--seeds", "1..20", *SMALL],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as child:  # fmt: skip
            child.stdout.close()
            self.assertIn(child.wait(PATIENCE), (5, -signal.SIGPIPE))

    def test_the_shell_sees_nothing_odd(self):
        done = subprocess.run(
            ["sh", "-c", '"$0" sim --seed 1 | head -n 1', support.PICCOLO],
            capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr, done.stdout.count(b"\n")), (0, b"", 1))

    def closed(self, redirection, *words):
        done = subprocess.run(
            ["sh", "-c", f'exec "$0" "$@" {redirection}', support.PICCOLO, *words],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_closed_descriptors_do_no_harm(self):
        code, out, _ = self.closed("2>&-", "sim", "--seeds", "1..20", *SMALL)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"\Aall 20 seeds held")
        code, out, _ = self.closed("<&-", "sim", "--seeds", "1..20", *SMALL)
        self.assertEqual(code, 0)
        code, out, _ = self.closed("2>&-", "sim", "--nodes", "0")
        self.assertEqual((code, out), (2, ""))
        for words in (["sim", "--seed", "1"], ["sim", "--seeds", "1..20"]):
            self.check_lost(">&-", *words, *SMALL)

    def test_output_that_cannot_be_written_is_an_error(self):
        for words in (["--help"], ["--version"], ["sim", "--help"], ["sim", "--seed", "1"],
                      ["sim", "--seed", "1", "--json"], ["sim", "--seeds", "1..20"], ["replay", "1"]):  # fmt: skip
            self.check_lost(">/dev/full", *words)

    def check_lost(self, redirection, *words):
        code, _, complaint = self.closed(redirection, *words)
        told = [line for line in complaint.splitlines() if "seeds," not in line]
        self.assertEqual((code, len(told)), (5, 1), (words, complaint))
        self.assertIn("standard output", told[0])


if __name__ == "__main__":
    main()
