"""A node never connects to itself, however its own address is spelled."""

import socket
import unittest

from support import Node, config, free_ports


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


class Self(unittest.TestCase):
    def check(self, bind_host, spellings, timing=None):
        """Each spelling of the node's own address is told apart, and while others are retried, nobody calls."""
        port = free_ports(2)
        own = [spelling.format(port) for spelling in spellings]
        nobody = f"127.0.0.1:{port + 1}"
        with Node(config([*own, nobody], port, bind_host)) as node:
            node.wait_for("Server bound on")
            for each in own:
                node.from_start().wait_for(f"Not connecting to [{each}]: that is this node")
            node.wait_for(f"Connecting to [{nobody}] failed", times=4)
            self.assertEqual(node.count("Accepting connection"), 0, node.log())
            self.assertEqual(node.count("Wrote ["), 0, node.log())
            self.assertEqual(node.end(), 0)

    def test_on_one_address(self):
        self.check("127.0.0.1", ["127.0.0.1:{}", "localhost:{}", "[::ffff:127.0.0.1]:{}", "0.0.0.0:{}"])

    def test_on_a_name(self):
        self.check("localhost", ["localhost:{}"])

    def test_on_all_of_ipv4(self):
        own = ["127.0.0.1:{}", "127.0.0.2:{}", "localhost:{}", "0.0.0.0:{}"]
        try:
            socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
            own.append(socket.gethostname() + ":{}")
        except OSError:
            pass
        self.check("0.0.0.0", own)

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_on_all_of_ipv6_and_ipv4(self):
        self.check("::", ["[::1]:{}", "127.0.0.1:{}", "localhost:{}", "[::]:{}", "127.0.0.3:{}"])

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_on_one_address_of_ipv6(self):
        self.check("::1", ["[::1]:{}", "[0:0:0:0:0:0:0:1]:{}"])

    def test_after_climbing(self):
        """Whoever holds the configured port is called, and the port that was got is not."""
        port = free_ports(2)
        hosts = [f"127.0.0.1:{port}", f"localhost:{port + 1}"]
        with socket.create_server(("127.0.0.1", port)) as other, Node(config(hosts, port)) as node:
            other.settimeout(20)
            node.wait_for(f"Server bound on 127.0.0.1:{port + 1}")
            for _ in range(3):
                with other.accept()[0] as caller:
                    self.assertEqual(len(caller.recv(4)), 4)
            node.from_start().wait_for(f"Not connecting to [localhost:{port + 1}]: that is this node")
            self.assertEqual(node.count("Accepting connection"), 0, node.log())
            self.assertEqual(node.end(), 0)


if __name__ == "__main__":
    unittest.main()
