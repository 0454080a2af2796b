import re

from support import CliTest, main, piccolo

WORLD = {"--nodes": "5", "--duration": "30s", "--faults": "all", "--swarm": "off", "--order": "mixed", "--heal": "drawn",
         "--buggify": "on", "--events-max": "20000000", "--log-level": "debug", "--report": "none"}  # fmt: skip
STORY = ("--log-level", "--report")  # what tells of a single run
LISTED = {"--fault": "none", "--fault-list": "none", "--scenario": "none"}
CAMPAIGN = {"--seed": "none", "--seeds": "1..100", "--seed-from": "none", "--jobs": "0", "--shard": None,
            "--time-budget": "none", "--max-failures": "10", "--check": "1%", "--seed-patience": "60s", "--jsonl": "none",
            "--junit": "none"}  # fmt: skip
EXPORTS = {"--pcapng": "none", "--perfetto": "none", "--jsonl": "none", "--mermaid": "none"}
OPTIONS = {
    "sim": WORLD | LISTED | CAMPAIGN,
    "replay": WORLD | LISTED | EXPORTS | {"--detail": "streams", "--around": "none", "--until": "none", "--host": "none",
                                "--break": "none"},
    "shrink": {option: value for option, value in WORLD.items() if option not in STORY} | LISTED
    | {"--output": "standard output", "--time-budget": "60s", "--jobs": "0"},
    "diff": {option: value for option, value in (WORLD | LISTED).items() if option not in STORY},
    "when": {option: default for option, default in (WORLD | LISTED).items() if option not in STORY}
    | {"--points": "12", "--continuations": "50", "--jobs": "0", "--time-budget": "60s"},
    "node": {"--config": "config.toml", "--threads": "1", "--bind-host": "127.0.0.1", "--bind-port": "19919",
             "--peer": "none", "--log-level": None},
}  # fmt: skip
FLAGS = {"sim": ["--json", "--strict", "--keep-going", "--isolate", "--help"], "replay": ["--json", "--step", "--help"],
         "shrink": ["--emit-test", "--help"], "when": ["--json", "--help"], "diff": ["--help"], "node": ["--help"]}  # fmt: skip


class Help(CliTest):
    def test_each_option_is_listed_with_its_default(self):
        for command, options in OPTIONS.items():
            text = self.succeed(command, "--help")
            for option, default in options.items():
                shown = r"\S+" if default is None else re.escape(default)
                self.assertRegex(text, rf"(?m)^ .*{option} \S+?={shown}(\s|$)", command)
            for flag in FLAGS[command]:
                self.assertRegex(text, rf"(?m)^ .*{flag}\s", command)

    def test_no_option_is_missing_from_these_tests(self):
        for command, options in OPTIONS.items():
            listed = set(re.findall(r"(?m)^  (?:-\w,)?(--[\w-]+)", self.succeed(command, "--help")))
            self.assertEqual(listed, set(options) | set(FLAGS[command]), command)

    def test_the_listed_defaults_are_those_in_use(self):
        usual = self.succeed("replay", "3", "--log-level", "off")
        spelled = [word for option, value in WORLD.items() if value != "none" for word in (option, value)]
        self.assertEqual(self.succeed("replay", "3", *spelled[:-2], "--log-level", "off"), usual)
        self.assertEqual(self.succeed("replay", "3", *spelled), self.succeed("replay", "3"))

    def test_the_short_form_is_the_same(self):
        for command in ([], ["sim"], ["replay"], ["shrink"], ["when"], ["node"]):
            self.assertEqual(self.succeed(*command, "-h"), self.succeed(*command, "--help"))

    def test_the_program_lists_its_commands(self):
        text = self.succeed("--help")
        for command in OPTIONS:
            self.assertRegex(text, rf"(?m)^  {command} +\w")

    def test_the_version_is_one_line(self):
        self.assertRegex(self.succeed("--version"), r"\Apiccolo \d+\.\d+\.\d+\n\Z")

    def test_help_goes_before_what_else_is_wrong(self):
        self.assertEqual(self.succeed("sim", "--nodes", "0", "--help"), self.succeed("sim", "--help"))

    def test_without_a_command_it_says_which_there_are(self):
        done = piccolo()
        self.assertEqual((done.code, done.out), (2, ""))
        self.assertRegex(done.err, r"\Apiccolo: .*`node`.*`sim`.*`replay`.*\n\Z")


if __name__ == "__main__":
    main()
