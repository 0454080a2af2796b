"""How a replay is told: how much, of whom, in which window, step by step, and to a debugger."""

import os
import pty
import re
import select
import signal
import subprocess

import support
from support import PATIENCE, CliTest, main, piccolo

WORLD = ["--nodes", "3", "--duration", "8s"]
LINE = re.compile(r" *(\d+\.\d{6})  (\S+) +(\S.*)")


def told(story):
    """(time, who, text) of each line of a story; what stands behind it is the report."""
    return [(float(found[1]), found[2], found[3]) for found in map(LINE.fullmatch, story.split("\n")) if found]


class Detail(CliTest):
    def test_each_detail_tells_all_that_the_one_before_tells_and_more(self):
        before = set()
        hashes = set()
        for detail in ("faults", "logs", "streams", "data", "packets"):
            story = self.succeed("replay", "6", *WORLD, "--detail", detail)
            lines = set(told(story))
            self.assertGreater(len(lines), len(before), detail)
            self.assertLessEqual(before, lines, detail)
            before = lines
            hashes.add(self.hash_of(story))
        self.assertEqual(len(hashes), 1)

    def test_what_each_detail_is_about(self):
        faults = self.succeed("replay", "6", *WORLD, "--detail", "faults")
        self.assertNotIn("Connecting to external node", faults)
        self.assertIn("fault: ", faults)
        streams = self.succeed("replay", "6", *WORLD)
        self.assertRegex(streams, r"connected to 10\.0\.|connected to \[fd00")
        self.assertNotIn("wrote ", streams)
        packets = self.succeed("replay", "6", *WORLD, "--detail", "packets")
        for words in ("-> n", "<- n", "SYN ", "SYN-ACK ", "bytes 0..", "wrote ", "listens on"):
            self.assertTrue(words in packets, words)

    def test_what_came_true_and_what_broke_is_told_when_it_was(self):
        self.assertIn("`reconnect` came true", self.succeed("replay", "6", *WORLD))

    def test_a_wrong_detail_is_refused(self):
        self.refuse(["replay", "6", *WORLD, "--detail", "packet"], "--detail", "packets")


class Window(CliTest):
    def test_around_tells_two_seconds_of_the_same_story(self):
        whole = told(self.succeed("replay", "6", *WORLD))
        part = told(self.succeed("replay", "6", *WORLD, "--around", "4s"))
        self.assertEqual(part, [line for line in whole if 3 <= line[0] <= 5])
        self.assertTrue(part)

    def test_until_tells_the_beginning(self):
        whole = told(self.succeed("replay", "6", *WORLD))
        part = told(self.succeed("replay", "6", *WORLD, "--until", "2500ms"))
        self.assertEqual(part, [line for line in whole if line[0] <= 2.5])
        self.assertTrue(part)

    def test_times_that_are_none_are_refused(self):
        for option in ("--around", "--until"):
            for time in ("soon", "-3s", "3"):
                self.refuse(["replay", "6", *WORLD, f"{option}={time}"], option)


class Hosts(CliTest):
    def test_a_host_is_told_of_alone(self):
        whole = told(self.succeed("replay", "6", *WORLD))
        part = told(self.succeed("replay", "6", *WORLD, "--host", "n2"))
        self.assertLess(len(part), len(whole))
        self.assertEqual({who for _, who, _ in part}, {"n2", "*"})
        self.assertEqual([line for line in whole if line[1] == "n2"], [line for line in part if line[1] == "n2"])
        self.assertFalse([text for _, who, text in part if who == "*" and re.search(r"\bn[13]\b", text)
                          and not re.search(r"\bn2\b", text)])  # fmt: skip

    def test_two_hosts_are_told_of(self):
        part = told(self.succeed("replay", "6", *WORLD, "--host", "n2", "--host", "n1"))
        self.assertEqual({who for _, who, _ in part}, {"n1", "n2", "*"})

    def test_an_unknown_host_is_refused(self):
        self.refuse(["replay", "6", *WORLD, "--host", "n9"], "--host", "n9", "n1")


class Width(CliTest):
    def on_terminal(self, *words, environment=None):
        ours, theirs = pty.openpty()
        import fcntl
        import struct
        import termios

        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        with subprocess.Popen([support.PICCOLO, *words], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                              env=environment) as child:  # fmt: skip
            os.close(theirs)
            data = b""
            while select.select([ours], [], [], PATIENCE)[0]:
                try:
                    chunk = os.read(ours, 65536)
                except OSError:
                    break
                if not chunk:
                    break
                data += chunk
            child.wait(PATIENCE)
        os.close(ours)
        return data.decode()

    def test_lines_of_a_terminal_are_broken_at_its_width(self):
        shown = self.on_terminal("replay", "6", *WORLD, "--until", "3s", environment={"NO_COLOR": "1"})
        lines = shown.replace("\r", "").split("\n")
        story = lines[: next(at for at, line in enumerate(lines) if line.startswith("seed 6"))]
        self.assertTrue(story)
        self.assertLessEqual(max(map(len, story)), 80)
        self.assertTrue([line for line in story if line.startswith(" " * 20) and line.strip()])
        self.assertNotIn("\x1b", shown)

    def test_hosts_have_colours_on_a_terminal_alone(self):
        shown = self.on_terminal("replay", "6", *WORLD, "--until", "3s", environment={})
        self.assertGreaterEqual(len(set(re.findall(r"\x1b\[\d+m(?=n\d)", shown))), 3)
        self.assertNotIn("\x1b", piccolo("replay", "6", *WORLD).out)


class Step(CliTest):
    def stepped(self, commands, *words):
        done = subprocess.run([support.PICCOLO, "replay", "6", *WORLD, "--step", *words], input="\n".join(commands),
                              text=True, capture_output=True, timeout=PATIENCE, check=False)  # fmt: skip
        self.assertEqual(done.stderr, "")
        return done

    def test_to_the_end_it_tells_the_whole_story(self):
        done = self.stepped(["c"])
        self.assertEqual(done.returncode, 0)
        story = self.succeed("replay", "6", *WORLD)
        self.assertEqual(self.hash_of(done.stdout), self.hash_of(story))
        self.assertEqual(len(told(re.sub(r"\[\S+ event \d+\] ", "", done.stdout))), len(told(story)))

    def test_each_step_tells_one_line(self):
        done = self.stepped(["n", "", "n", "q"])
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.count("] "), 4)
        self.assertEqual(len(told(re.sub(r"\[\S+ event \d+\] ", "", done.stdout))), 4)

    def test_faults_events_times_and_hosts(self):
        done = self.stepped(["f", "h n2", "t 4s", "e", "e 900", "q"])
        story = re.sub(r"\[\S+ event \d+\] ", "", done.stdout)
        fault = next(text for _, _, text in told(story) if text.startswith("fault: "))
        self.assertIn(fault, [text for _, _, text in told(self.succeed("replay", "6", *WORLD))])
        self.assertIn("n2: has power, 10.0.0.2 fd00::", story)
        self.assertRegex(story, r"process n2: \w+.*, \d+ sockets, \d+ fibers")
        stops = [int(number) for number in re.findall(r"event (\d+): ", story)]
        self.assertEqual(len(stops), 3)
        self.assertEqual(stops[1], stops[0] + 1)
        self.assertEqual(stops[2], 900)

    def test_wrong_commands_are_answered(self):
        done = self.stepped(["hello", "t soon", "e -1", "h n9", "?", "q"])
        for words in ("`hello` is no command here", "`soon` is no time ahead", "`-1` is no event ahead",
                      "`n9` is no host of this world", "on to the next fault"):  # fmt: skip
            self.assertIn(words, done.stdout)

    def test_the_end_of_the_input_gives_the_run_up(self):
        done = self.stepped([])
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("trace hash", done.stdout)

    def test_it_takes_a_story(self):
        self.refuse(["replay", "6", *WORLD, "--step", "--json"], "--json")


class Break(CliTest):
    def test_the_debugger_gets_the_signal_at_the_event(self):
        done = piccolo("replay", "6", *WORLD, "--break", "500")
        self.assertEqual(done.code, -signal.SIGTRAP)
        self.assertTrue(told(done.out))
        self.assertNotIn("trace hash", done.out)

    def test_an_event_that_is_not_there_is_named(self):
        done = piccolo("replay", "6", *WORLD, "--break", "99999999")
        self.assertEqual(done.code, 2)
        self.assertRegex(done.err, r"\Apiccolo replay: --break: the run has no event 99999999; give one up to \d+\n\Z")


if __name__ == "__main__":
    main()
