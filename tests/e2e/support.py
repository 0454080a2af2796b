"""Real nodes for the end-to-end tests. The program is what $PICCOLO names."""

import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

PICCOLO = os.environ.get("PICCOLO", "build/release/bin/piccolo")
PATIENCE = 30  # seconds until what must happen counts as not happening; nothing waits that long

QUICK = """
[timing]
hold = "300ms"
retry = "200ms"
retry_max = "200ms"
"""


def free_ports(count):
    """The first of `count` neighbouring ports, below those that the kernel hands out by itself."""
    while True:
        first = random.randrange(10000, 30000)
        sockets = []
        try:
            for port in range(first, first + count):
                sockets.append(socket.create_server(("127.0.0.1", port)))
            return first
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()


def config(hosts, port, host="127.0.0.1", timing=QUICK):
    listed = ", ".join(f'"{each}"' for each in hosts)
    return f'[discovery]\nhosts = [{listed}]\nbind_host = "{host}"\nbind_port = {port}\n{timing}'


class Node:
    """A node as a process, its log read as it is written. Leave the `with` and it is gone."""

    def __init__(self, text, *options, **how):
        self.folder = tempfile.TemporaryDirectory(prefix="piccolo-e2e-")
        path = Path(self.folder.name, "node.toml")
        path.write_text(text, encoding="utf-8")
        self.lines = []
        self.seen = 0  # where wait_for looks next
        self.news = threading.Condition()
        self.process = subprocess.Popen(
            [PICCOLO, "node", "--config", str(path), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, **how,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.lines.append(None)  # the end
            self.news.notify_all()

    def wait_for(self, text, times=1):
        """Waits for a line that holds `text` (not a pattern), after those waited for before."""
        deadline = time.monotonic() + PATIENCE
        with self.news:
            while True:
                while self.seen < len(self.lines):
                    line = self.lines[self.seen]
                    if line is None:
                        raise AssertionError(f"the node ended before it said `{text}`:\n{self.log()}")
                    self.seen += 1
                    times -= text in line
                    if times == 0:
                        return line
                if not self.news.wait(deadline - time.monotonic()):
                    raise AssertionError(f"the node never said `{text}`:\n{self.log()}")

    def from_start(self):
        """wait_for looks at all lines again."""
        self.seen = 0
        return self

    def count(self, text):
        with self.news:
            return sum(text in line for line in self.lines if line)

    def log(self):
        return "\n".join(line for line in self.lines if line is not None)

    def end(self, number=signal.SIGTERM):
        """Sends the signal and gives the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self):
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return code

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()


def run(*arguments, cwd=None):
    """The whole program, to its end: (exit code, standard output, standard error)."""
    done = subprocess.run(
        [PICCOLO, *arguments], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout, done.stderr


def echo_once(port, text=b"ping", host="127.0.0.1"):
    """A client of the node's: what comes back."""
    with socket.create_connection((host, port), timeout=PATIENCE) as client:
        client.sendall(text)
        client.shutdown(socket.SHUT_WR)
        back = b""
        while chunk := client.recv(65536):
            back += chunk
        return back


def stamp(line):
    """Seconds within the day, from a log line's time."""
    hours, minutes, seconds = re.match(r"\[\S+ (\d+):(\d+):([\d.]+)\]", line).groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
