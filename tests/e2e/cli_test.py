"""The command line: every way to get it wrong ends with one clear line and exit code 2."""

import tempfile
import time
import unittest
from pathlib import Path

from support import PATIENCE, Node, config, echo_once, free_ports, run

# What is typed behind `piccolo`, and what the one line must hold.
WRONG = [
    ([], ["piccolo: ", "`node`", "piccolo --help"]),
    (["nod"], ["piccolo: unknown command `nod`", "`node`"]),
    (["--frob"], ["piccolo: unknown option `--frob`", "piccolo --help"]),
    (["--config", "x", "node"], ["`--config` is no option of `piccolo`", "`node`"]),
    (["node", "extra"], ["piccolo node: `extra`", "piccolo node --help"]),
    (["node", "--bindport", "1"], ["piccolo node: unknown option `--bindport`", "did you mean `--bind-port`"]),
    (["node", "-x"], ["piccolo node: unknown option `-x`"]),
    (["node", "--bind-port", "70000"], ["piccolo node: --bind-port: 70000 is not a port; give 0..65535"]),
    (["node", "--bind-port", "-1"], ["--bind-port: -1 is not a port"]),
    (["node", "--bind-port", "80x"], ["--bind-port: 80x is not a port"]),
    (["node", "--bind-port", "99999999999999999999"], ["--bind-port: 99999999999999999999 is not a port"]),
    (["node", "--bind-port"], ["--bind-port", "PORT", "piccolo node --help"]),
    (["node", "--threads", "0"], ["--threads: 0", "1..256"]),
    (["node", "--threads", "257"], ["--threads: 257", "1..256"]),
    (["node", "-t", "many"], ["--threads: many", "1..256"]),
    (["node", "-t", "1", "-t", "2"], ["--threads", "piccolo node --help"]),
    (["node", "--bind-host", "127.0.0.1:80"], ["--bind-host: 127.0.0.1:80", "without port"]),
    (["node", "--bind-host", "[::1]"], ["--bind-host: [::1]", "brackets"]),
    (["node", "--bind-host", ""], ["--bind-host"]),
    (["node", "--bind-host", "a\nb"], ["--bind-host: a\\nb"]),
    (["node", "--peer", "127.0.0.1"], ["--peer: 127.0.0.1 is not HOST:PORT"]),
    (["node", "--peer", "a:0"], ["--peer: a:0 is not HOST:PORT"]),
    (["node", "--peer", "::1:80"], ["--peer: ::1:80 is not HOST:PORT", "[::1]:"]),
    (["node", "--peer", "a:1", "b:2"], ["`b:2`"]),
    (["node", "--log-level", "loud"], ["--log-level: loud", "trace, debug, info, warn, error or off"]),
    (["node", "--config", "nope.toml"], ["--config: no file nope.toml"]),
    (["node", "--config", "/"], ["cannot read /: Is a directory"]),
    (["node", "--config", "/dev/zero"], ["cannot read /dev/zero", "1 MiB"]),
    (["node", "--config", "a", "--config", "b"], ["--config", "piccolo node --help"]),
    (["node", "--log-level", "off", "--bind-host", "203.0.113.1"], ["203.0.113.1", "address_not_available", "--bind-host"]),
    (["node", "--log-level", "off", "--bind-host", "no-such-host.invalid"], ["no-such-host.invalid", "--bind-host"]),
]  # fmt: skip

# What a configuration says, and what the line must hold behind the file's name.
WRONG_CONFIG = [
    ("[discovery]\nbindhost = 'x'\n", [":2:", "unknown key `bindhost`", "did you mean `bind_host`"]),
    ("[discovry]\n", [":1:", "unknown section `discovry`", "`discovery`"]),
    ("bind_port = 1\n", [":1:", "`bind_port`", "[discovery]"]),
    ("[discovery]\nbind_port = 70000\n", [":2:", "`bind_port` is 70000", "65535"]),
    ("[discovery]\nbind_port = '1'\n", [":2:", "`bind_port` must be an integer"]),
    ("[discovery]\nbind_host = 'a:b'\n", [":2:", "`bind_host`", "a:b"]),
    ("[discovery]\nhosts = 'a:1'\n", [":2:", "`hosts` must be a list"]),
    ("[discovery]\nhosts = ['a:1',\n 'b']\n", [":3:", "`b` is not `host:port`"]),
    ("[timing]\nhold = '5 parsecs'\n", [":2:", "`hold` is no duration"]),
    ("[timing]\nhold = 5\n", [":2:", "`hold` must be a duration in quotes"]),
    ("[timing]\nretry = '0s'\n", [":2:", "`retry` is 0s"]),
    ("[limits]\nmessages = 0\n", [":2:", "`messages` is 0"]),
    ("timing = 1\n", [":1:", "`timing` must be a section"]),
    ("[discovery\n", [":1:", "not valid TOML"]),
    ("[\n(\0", [":1:", "not valid TOML"]),
    ("\xff\xfe", [":1:", "not valid TOML"]),
]


class Errors(unittest.TestCase):
    def check(self, done, wanted):
        code, out, err = done
        self.assertEqual(code, 2, err)
        self.assertEqual(out, "")
        self.assertEqual(err.count("\n"), 1, err)
        self.assertTrue(err.startswith("piccolo") and err.endswith("\n"), err)
        for part in wanted:
            self.assertIn(part, err)

    def test_command_line(self):
        with tempfile.TemporaryDirectory() as folder:
            for arguments, wanted in WRONG:
                with self.subTest(arguments):
                    self.check(run(*arguments, cwd=folder), wanted)

    def test_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            for number, (text, wanted) in enumerate(WRONG_CONFIG):
                with self.subTest(text):
                    path = Path(folder, f"{number}.toml")
                    path.write_bytes(text.encode("latin-1"))
                    self.check(run("node", "-c", str(path)), [f"piccolo node: {path}", *wanted])

    def test_the_file_in_the_working_directory_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "config.toml").write_text("[discovery]\nprot = 1\n", encoding="utf-8")
            self.check(run("node", cwd=folder), ["config.toml:2:1: unknown key `prot`"])


class Asked(unittest.TestCase):
    def test_version(self):
        self.assertEqual(run("--version"), (0, "piccolo 0.1.0\n", ""))

    def test_help_lists_every_option_with_its_default(self):
        code, out, err = run("node", "--help")
        self.assertEqual((code, err), (0, ""))
        for option in ("-c,--config FILE=config.toml", "-t,--threads N=1", "--bind-host HOST=127.0.0.1",
                       "--bind-port PORT=19919", "--peer HOST:PORT=none", "--log-level LEVEL=debug", "-h,--help"):  # fmt: skip
            self.assertIn(option, out)
        code, out, err = run("--help")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("node", out)


class Precedence(unittest.TestCase):
    def test_options_go_before_the_file(self):
        port = free_ports(3)
        text = config([f"127.0.0.1:{port}"], port)
        options = ["--bind-port", str(port + 1), "--peer", f"127.0.0.1:{port + 2}", "--peer", "localhost:1"]
        with Node(text, *options) as node:
            node.wait_for(f"Server bound on 127.0.0.1:{port + 1}")
            node.wait_for(f"Connecting to [127.0.0.1:{port + 2}] failed", times=2)
            node.from_start().wait_for("Connecting to external node [127.0.0.1:1]")
            self.assertEqual(node.count(f"[127.0.0.1:{port}]"), 0, node.log())
            self.assertEqual(node.end(), 0)

    def test_the_host_goes_before_the_file(self):
        port = free_ports(1)
        with Node(config([], port, "203.0.113.1"), "--bind-host", "127.0.0.1") as node:
            node.wait_for(f"Server bound on 127.0.0.1:{port}")
            self.assertEqual(node.end(), 0)

    def test_without_a_file_there_are_defaults(self):
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("node", "--bind-host", "203.0.113.1", cwd=folder)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("[info] [piccolo] No config.toml here, running with built-in defaults\n", err)
        self.assertIn("Binding 203.0.113.1:19919", err)

    def test_levels(self):
        for level, lines in (("off", 0), ("warn", 0), ("info", 3)):
            port = free_ports(1)
            with Node(config([], port), "--log-level", level) as node:
                if lines:
                    node.wait_for("Server bound on")
                else:
                    self.assertEqual(self.until_served(port), b"ping")
                self.assertEqual(node.end(), 0)
                self.assertGreaterEqual(len(node.log().splitlines()), lines)
                self.assertEqual(node.count("[debug]"), 0)
                if not lines:
                    self.assertEqual(node.log(), "")
                self.assertEqual(node.process.stdout.read(), "")

    def until_served(self, port):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return echo_once(port)
            except ConnectionRefusedError:
                self.assertLess(time.monotonic(), deadline, "nobody serves")
                time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
