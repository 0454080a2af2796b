"""Two nodes from one configuration find each other, talk for ever, and survive the other's death."""

import signal
import unittest

from support import Node, config, free_ports


class Pair(unittest.TestCase):
    def setUp(self):
        self.port = free_ports(2)
        self.hosts = [f"127.0.0.1:{self.port}", f"127.0.0.1:{self.port + 1}"]

    def start(self, text):
        node = Node(text)
        self.addCleanup(node.__exit__)
        return node

    def test_both_tell_the_whole_story(self):
        text = config(self.hosts, self.port)
        first = self.start(text)
        first.wait_for(f"Binding {self.hosts[0]}")
        first.wait_for(f"Server bound on {self.hosts[0]}")
        first.wait_for(f"Connecting to external node [{self.hosts[1]}]")
        first.from_start().wait_for(f"Connecting to [{self.hosts[1]}] failed: connection_refused")
        second = self.start(text)
        second.wait_for(f"Binding {self.hosts[0]}")
        second.wait_for(f"Port [{self.port}] taken, trying higher")
        second.wait_for(f"Binding {self.hosts[1]}")
        second.wait_for(f"Server bound on {self.hosts[1]}")
        for node in (first, second):
            for side in (
                ["Connecting to external node [", "Wrote [4] bytes to remote connection", "Shutting down remote connection",
                 "Remote connection failed, sleep and try to reconnect", "Wrote [4] bytes to remote connection"],
                ["Accepting connection from [127.0.0.1:", "Read [4] bytes from [127.0.0.1:",
                 "Writing [4] bytes to [127.0.0.1:", "HUP from [127.0.0.1:", "Accepting connection from [127.0.0.1:"],
            ):  # fmt: skip
                node.from_start()
                for text in side:
                    node.wait_for(text)
        self.assertEqual(first.end(), 0, first.log())
        self.assertEqual(second.end(signal.SIGINT), 0, second.log())

    def test_a_killed_node_is_missed_and_found_again(self):
        text = config(self.hosts, self.port, timing='[timing]\nhold = "1h"\nretry = "200ms"\nretry_max = "200ms"\n')
        survivor = self.start(text)
        survivor.wait_for("Server bound on")
        for _ in range(3):
            victim = self.start(text)
            victim.wait_for(f"Server bound on {self.hosts[1]}")
            survivor.wait_for("Wrote [4] bytes to remote connection")
            victim.wait_for("Wrote [4] bytes to remote connection")
            self.assertEqual(victim.end(signal.SIGKILL), -signal.SIGKILL)
            survivor.wait_for("Remote connection failed, sleep and try to reconnect")
            survivor.wait_for(f"Connecting to [{self.hosts[1]}] failed: connection_refused", times=2)
        self.assertEqual(survivor.end(), 0, survivor.log())


if __name__ == "__main__":
    unittest.main()
