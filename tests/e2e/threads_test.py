"""Several loops, and a lack of descriptors."""

import contextlib
import os
import resource
import socket
import threading
import time
import unittest

from support import PATIENCE, Node, config, echo_once, free_ports, stamp


class Threads(unittest.TestCase):
    def test_all_loops_accept(self):
        port = free_ports(1)
        payload = bytes(range(256)) * 400
        with Node(config([], port), "--threads", "2") as node:
            node.wait_for("Server bound on")
            deadline = time.monotonic() + PATIENCE
            while not (node.count("[piccolo] Accepting") and node.count("[piccolo/1] Accepting")):
                self.assertLess(time.monotonic(), deadline, "one of the loops never accepted")
                clients = [threading.Thread(target=self.client, args=(port, payload)) for _ in range(8)]
                for client in clients:
                    client.start()
                for client in clients:
                    client.join()
            self.assertEqual(node.end(), 0)

    def client(self, port, payload):
        self.assertEqual(echo_once(port, payload), payload)

    def test_two_nodes_of_two_loops_meet(self):
        port = free_ports(2)
        text = config([f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"], port)
        with Node(text, "--threads", "2") as first, Node(text, "--threads", "2") as second:
            for node in (first, second):
                node.wait_for("Wrote [4] bytes to remote connection", times=3)
            self.assertEqual(first.end(), 0)
            self.assertEqual(second.end(), 0)


class Descriptors(unittest.TestCase):
    # That sanitizer opens pipes to look at memory, and takes their failure for a broken object.
    @unittest.skipIf("undefined" in os.environ.get("PICCOLO_SANITIZE", ""), "the sanitizer needs descriptors itself")
    def test_too_few_make_it_wait(self):
        port = free_ports(2)
        nobody = f"127.0.0.1:{port + 1}"
        few = 24

        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (few, few))

        with Node(config([nobody], port), preexec_fn=limit) as node, contextlib.ExitStack() as clients:
            node.wait_for(f"Connecting to [{nobody}] failed: connection_refused")
            for _ in range(few):
                clients.enter_context(socket.create_connection(("127.0.0.1", port)))
            refusal = "Accepting failed: too_many_files_open"
            first = stamp(node.wait_for(refusal))
            before = node.cpu_seconds()
            last = stamp(node.wait_for(refusal, times=10))
            self.assertGreater((last - first) % 86400, 0.5, "it does not wait between attempts")
            self.assertLess(node.cpu_seconds() - before, 0.4, "it spins")
            node.from_start().wait_for(f"Connecting to [{nobody}] failed: too_many_files_open")
            clients.close()
            # Both go on by themselves.
            node.seen = len(node.lines)
            node.wait_for(f"Connecting to [{nobody}] failed: connection_refused")
            self.assertEqual(echo_once(port), b"ping")
            self.assertEqual(node.end(), 0)


if __name__ == "__main__":
    unittest.main()
