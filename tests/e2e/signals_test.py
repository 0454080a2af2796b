"""How a node ends."""

import signal
import unittest

from support import Node, config, echo_once, free_ports


class Signals(unittest.TestCase):
    def test_each_ends_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for threads in ("1", "3"):
                port = free_ports(2)
                with Node(config([f"127.0.0.1:{port + 1}"], port), "--threads", threads) as node:
                    node.wait_for("Server bound on")
                    self.assertEqual(echo_once(port), b"ping")
                    self.assertEqual(node.end(number), 0, node.log())
                    self.assertEqual(node.count(f"Received {number.name}, shutting down"), 1, node.log())

    def test_more_of_them_do_no_harm(self):
        """The second may come at any time of the winding up."""
        for attempt in range(10):
            port = free_ports(1)
            with Node(config([], port), "--threads", "2") as node:
                node.wait_for("Server bound on")
                for _ in range(attempt + 2):
                    node.process.send_signal(signal.SIGTERM)
                self.assertEqual(node.wait(), 0, node.log())

    def test_connections_are_closed(self):
        port = free_ports(2)
        hosts = [f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"]
        text = config(hosts, port, timing='[timing]\nhold = "1h"\n')
        with Node(text) as first, Node(text) as second:
            for node in (first, second):
                node.wait_for("Wrote [4] bytes to remote connection")
            self.assertEqual(first.end(), 0)
            second.wait_for("HUP from [127.0.0.1:")


if __name__ == "__main__":
    unittest.main()
