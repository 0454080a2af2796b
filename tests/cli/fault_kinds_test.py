import json

from support import CliTest, main, piccolo

KINDS = ["refuse", "delay", "hup", "partition", "crash", "power-loss", "loss", "duplicate", "reorder", "hold",
         "throttle", "swizzle", "pause", "clock-step", "clock-drift", "port-taken", "no-descriptors", "short-io",
         "names"]  # fmt: skip
WORLD = ["--seeds", "1..200", "--nodes", "3", "--duration", "5s"]


class FaultKinds(CliTest):
    def faults(self, chosen, *world):
        done = piccolo("sim", *(world or WORLD), "--faults", chosen, "--json")
        self.assertEqual(done.code, 0, done.err)
        return json.loads(done.out)["faults"]

    def check_alone(self, kind):
        for other, counts in self.faults(kind).items():
            if other == kind:
                self.assertGreater(counts["injected"], 0)
                self.assertGreater(counts["observed"], 0)
            else:
                self.assertEqual((other, counts["injected"], counts["observed"]), (other, 0, 0))

    def test_each_kind_alone_bites(self):
        for kind in KINDS:
            if kind != "clock-step":  # the node never asks for the wall clock
                self.check_alone(kind)

    def test_two_kinds_are_those_two(self):
        found = self.faults("crash,hup")
        injected = {kind for kind, counts in found.items() if counts["injected"] > 0}
        self.assertEqual(injected, {"hup", "crash"})

    def test_without_faults_nothing_is_injected_or_told(self):
        for kind, counts in self.faults("none", "--seeds", "1..20", "--nodes", "3").items():
            self.assertEqual((kind, counts["injected"], counts["observed"]), (kind, 0, 0))
        text = piccolo("sim", "--seeds", "1..5", "--nodes", "3", "--faults", "none").out
        self.assertIn("no faults", text)
        for kind in KINDS:
            self.assertNotRegex(text, rf"(?m)^  {kind}\b")
        self.assertNotIn("fault:", self.succeed("sim", "--seed", "1", "--nodes", "3", "--faults", "none"))


if __name__ == "__main__":
    main()
