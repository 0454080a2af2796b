"""What tshark makes of captures, compared with what the recording knows: pcapng_test.py PICCOLO WIRES"""

import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PATIENCE = 240
CHECKS = ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum")
SUMS = tuple(f"{protocol}.checksum.status" for protocol in ("ip", "tcp", "udp", "icmp", "icmpv6"))
GOOD, UNVERIFIED = "1", "2"
ANALYSIS = tuple(f"tcp.analysis.{flag}" for flag in ("retransmission", "out_of_order", "lost_segment", "ack_lost_segment"))
FIELDS = (
    "frame.time_epoch", "frame.len", "frame.interface_name", "frame.comment", "_ws.malformed", *SUMS, *ANALYSIS,
    "tcp.flags", "tcp.seq", "tcp.payload", "udp.length", "udp.dstport", "icmp.type", "icmpv6.type", "ip.fragment.count",
    "ipv6.fragment.count",
)  # fmt: skip
MASK = (1 << 64) - 1
PROGRAMS = {}
# (program, words of replay): a world of nodes, and one with of everything.
RUNS = [("piccolo", [str(seed), "--nodes", "4"]) for seed in range(1, 6)]
RUNS += [("wires", [str(seed)]) for seed in range(1, 4)] + [("wires", ["9", "--faults", "none"])]


def mix64(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def hash_bytes(data):
    """`hash_bytes` of net_sim, which the trace has of everything that is written."""
    value = len(data)
    for at in range(0, len(data), 16):
        first, second = (int.from_bytes(data[at + i : min(at + i + 8, len(data))], "little") for i in (0, 8))
        product = (first ^ value ^ 0x13198A2E03707344) * (second ^ 0xA4093822299F31D0)
        value = (product & MASK) ^ (product >> 64)
    return mix64(value)


class Run:
    """One run: its trace in JSON Lines, and its capture as tshark reads it."""

    def __init__(self, folder, program, words):
        self.pcapng = os.path.join(folder, "run.pcapng")
        jsonl = os.path.join(folder, "run.jsonl")
        command = [PROGRAMS[program], "replay", *words, "--pcapng", self.pcapng, "--jsonl", jsonl]
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        assert done.returncode in (0, 1, 3), (command, done)
        self.lines = collections.defaultdict(list)
        with open(jsonl, encoding="utf-8") as file:
            for line in file:
                content = json.loads(line)
                self.lines[content["type"]].append(content)
        # Each is in the capture once.
        self.packets = [packet for packet in self.lines["packet"] if not packet["duplicate"]]

        self.rows = self.read(*FIELDS)

    def read(self, *names):
        preferences = [word for check in CHECKS for word in ("-o", f"{check}:TRUE")]
        words = [word for name in names for word in ("-e", name)]
        command = ["tshark", "-n", "-r", self.pcapng, *preferences, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator= "]
        done = subprocess.run([*command, *words], capture_output=True, timeout=PATIENCE, check=True, text=True)
        return [dict(zip(names, row.split("\t"), strict=True)) for row in done.stdout.splitlines()]


class Captures(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.runs = []
        for program, words in RUNS:
            inner = tempfile.mkdtemp(dir=cls.folder.name)
            cls.runs.append(("-".join([program, *words]), Run(inner, program, words)))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_nothing_is_wrong_with_any_packet(self):
        checked = collections.Counter()
        for name, run in self.runs:
            for index, row in enumerate(run.rows):
                self.assertEqual(row["_ws.malformed"], "", (name, index + 1))
                for field in SUMS:
                    # What an ICMP message quotes has one as well, which is not checked.
                    quoted = field.startswith("udp") and row["icmp.type"] + row["icmpv6.type"]
                    allowed = ("", GOOD, UNVERIFIED) if quoted else ("", GOOD)
                    self.assertIn(row[field].split(" ")[0], allowed, (name, index + 1, field))
                    checked[field] += row[field].startswith(GOOD)
        for field in SUMS:
            self.assertGreater(checked[field], 5, field)

    def test_no_packet_seems_to_be_missing(self):
        for name, run in self.runs:
            for index, row in enumerate(run.rows):
                missing = row["tcp.analysis.lost_segment"] + row["tcp.analysis.ack_lost_segment"]
                self.assertEqual(missing, "", (name, index + 1))

    def test_each_packet_is_there_once_with_its_time_and_length(self):
        for name, run in self.runs:
            start = run.lines["run"][0]["wall_start_ns"]
            expected = []
            for packet in run.packets:
                at = start + packet["at_ns"]
                host = run.lines["host"][packet["from"]]["name"]
                length = packet["wire_bytes"]
                if packet.get("flags") == ["rst"]:
                    length = 72 if ":" in packet["source"].rpartition(":")[0] else 52  # a refusal is charged as IPv4
                expected.append((f"{at // 10**9}.{at % 10**9:09}", str(length), host))
            seen = [(row["frame.time_epoch"], row["frame.len"], row["frame.interface_name"]) for row in run.rows]
            self.assertEqual(seen, expected, name)

    def test_comments_tell_what_was_lost(self):
        for name, run in self.runs:
            lost = [index for index, row in enumerate(run.rows) if "lost at " in row["frame.comment"]]
            self.assertEqual(lost, [i for i, packet in enumerate(run.packets) if packet["end"] == "lost"], name)

    def test_retransmissions_are_those_that_the_recording_knows(self):
        """Wireshark takes a retransmission for out of order when it comes within the first round trip: it cannot
        know better. Nothing else may look so, and there are few of them."""
        counted = collections.Counter()
        for name, run in self.runs:
            for index, (row, packet) in enumerate(zip(run.rows, run.packets, strict=True)):
                again, late, comment = row[ANALYSIS[0]], row[ANALYSIS[1]], row["frame.comment"]
                seen = "again" if again else "late" if late else "new"
                counted[seen] += 1
                self.assertEqual(seen != "new", packet["retransmission"], (name, index + 1, packet))
                self.assertEqual("retransmission" in comment, packet["retransmission"], (name, index + 1))
        print(f"of {sum(counted.values())} packets {counted['again']} seem to be retransmissions, {counted['late']} late")
        self.assertGreater(counted["again"], 100)
        self.assertLess(counted["late"], counted["again"] / 10)

    def test_flags_are_those_of_the_recording(self):
        bits = {"fin": 0x01, "syn": 0x02, "rst": 0x04, "ack": 0x10}
        seen = collections.Counter()
        for name, run in self.runs:
            for row, packet in zip(run.rows, run.packets, strict=True):
                if packet["protocol"] != "tcp":
                    continue
                flags = int(row["tcp.flags"], 16) & ~0x08
                expected = sum(bits[flag] for flag in packet["flags"] if flag in bits)
                if flags != expected:  # a reset that a SYN got
                    self.assertEqual((flags, expected), (bits["rst"] | bits["ack"], bits["rst"]), name)
                    seen["refused"] += 1
                for flag in packet["flags"]:
                    seen[flag] += 1
        for flag in ("syn", "ack", "fin", "rst", "probe", "refused"):
            self.assertGreater(seen[flag], 3, flag)

    def test_streams_carry_what_programs_wrote(self):
        writes = 0
        for name, run in self.runs:
            streams = collections.defaultdict(bytearray)
            for row, packet in zip(run.rows, run.packets, strict=True):
                if not row["tcp.payload"]:
                    continue
                stream = streams[packet["flow"], packet["connection_end"]]
                offset = int(row["tcp.seq"]) - 1  # relative to the SYN
                data = bytes.fromhex(row["tcp.payload"])
                self.assertLessEqual(offset, len(stream), (name, packet))
                known = stream[offset : offset + len(data)]
                self.assertEqual(bytes(known), data[: len(known)], (name, packet))
                stream += data[len(known) :]
            writes += self.compare_writes(name, run, streams)
        self.assertGreater(writes, 100)

    def compare_writes(self, name, run, streams):
        """Of each write that got on the wire whole, the hash that the trace has of it."""
        at = collections.Counter()
        compared = 0
        for event in run.lines["event"]:
            if event["kind"] != "write":
                continue
            key = event["subject"], ("client", "server")[event["a"]]
            begin, at[key] = at[key], at[key] + event["b"]
            written = bytes(streams[key][begin : at[key]])
            if len(written) < event["b"]:
                continue
            self.assertEqual(hash_bytes(written), event["c"], (name, event))
            compared += 1
        for key, stream in streams.items():
            self.assertLessEqual(len(stream), at[key], (name, key))
        return compared

    def test_datagrams_are_put_together_and_quoted(self):
        seen = collections.Counter()
        for name, run in self.runs:
            if not name.startswith("wires"):
                continue
            for row, packet in zip(run.rows, run.packets, strict=True):
                if packet["protocol"] == "icmp":
                    seen["icmp"] += 1
                    self.assertIn((row["icmp.type"], row["icmpv6.type"]), (("3", ""), ("", "1")), (name, packet))
                    self.assertEqual(row["udp.dstport"], "9", (name, packet))
                elif packet["protocol"] == "udp" and packet["fragment"] + 1 == packet["fragments"]:
                    seen["udp"] += 1
                    self.assertEqual(row["udp.length"].split(" ")[-1], str(packet["payload_bytes"] + 8), (name, packet))
                    count = row["ip.fragment.count"] + row["ipv6.fragment.count"]
                    self.assertEqual(count, str(packet["fragments"]) if packet["fragments"] > 1 else "", (name, packet))
                    seen["cut"] += packet["fragments"] > 1
        for what in ("icmp", "udp", "cut"):
            self.assertGreater(seen[what], 5, what)

    def test_the_file_says_where_it_comes_from(self):
        _, run = self.runs[0]
        done = subprocess.run(["capinfos", run.pcapng], capture_output=True, timeout=PATIENCE, check=True, text=True)
        result = run.lines["result"][0]
        self.assertIn(f"world piccolo, seed 1, trace hash {result['trace_hash']}", done.stdout)
        self.assertIn("piccolo", done.stdout)


def main():
    if len(sys.argv) < 3:
        sys.exit("give the programs piccolo and wires")
    PROGRAMS["piccolo"], PROGRAMS["wires"] = map(os.path.abspath, sys.argv[1:3])
    del sys.argv[1:3]
    if not shutil.which("tshark") or not shutil.which("capinfos"):
        print("skipped: no tshark here; its Debian package is tshark")
        return
    unittest.main()


if __name__ == "__main__":
    main()
