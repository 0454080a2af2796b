"""Every wrong command line: exit code 2, one line on standard error that names the place and the cure."""

import os
import tempfile

from support import CliTest, main, piccolo

HUGE = "99999999999999999999"
NOT_NUMBERS = ["", " ", "-3", "+5", "1e3", "5.0", "0x5", " 5", "5 ", "five", "5,", HUGE, "5\n", "\x1b[31m"]


class Values(CliTest):
    def refuse_values(self, command, option, values, *expected):
        for value in values:
            self.refuse([*command, option, value], option, *expected)
            if value:
                self.refuse([*command, f"{option}={value}"], option, *expected)

    def test_numbers_of_nodes(self):
        for command in (["sim", "--seed", "1"], ["sim", "--seeds", "1..3"], ["replay", "1"]):
            self.refuse_values(command, "--nodes", ["0", "1", "65", *NOT_NUMBERS], "2..64")

    def test_durations(self):
        values = ["", "0", "0s", "5", "30", "-1s", "+1s", "s", "1 s", "999ms", "99999999h", "24h1s", "25h", "abc",
                  "1.0000000001s", "1e3s", "1..5s", "1.s", ".s", "1S", "1d", HUGE + "s", "1s1s", "1s\n"]  # fmt: skip
        self.refuse_values(["sim", "--seed", "1"], "--duration", [*values[:4], *values[8:]], "1s", "24h", "30s")
        self.refuse_values(["replay", "1"], "--duration", values[4:8], "1s", "24h", "30s")

    def test_kinds_of_faults(self):
        values = ["", ",", "refuse,,hup", ",hup", "hup,", "hupp", "HUP", "refuse hup", "refuse, hup", "none,hup",
                  "all,hup", "hup\n", "\x01", "nonsense"]  # fmt: skip
        cure = ("none", "refuse", "delay", "hup", "partition", "crash")
        self.refuse_values(["sim", "--seed", "1"], "--faults", values, *cure)
        self.refuse_values(["replay", "1"], "--faults", values[:3], *cure)

    def test_kinds_of_faults_that_contradict_each_other(self):
        for value, cure in (("none,hup", "`none` stands alone"), ("hup,none", "`none` stands alone"), ("none,none", "`none` stands alone"),
                            ("all,none", "`none` stands alone"), ("all,-none", "`none` stands alone"),
                            ("all,hup", "`all` holds `hup` already"), ("hup,all", "`all` comes first"), ("all,all", "`all` comes first"),
                            ("-all", "`all` comes first"), ("-hup", "write all,-hup"), ("crash,-hup", "write all,-hup"),
                            ("all,-hup,crash", "`all` holds `crash` already"), ("all,--hup", "`-hup`")):  # fmt: skip
            self.refuse(["sim", "--seed", "1", "--faults", value], "--faults", cure)

    def test_kinds_of_faults_get_a_suggestion(self):
        for wrong, meant in (("hupp", "hup"), ("clock_drift", "clock-drift"), ("Pause", "pause"), ("power", "power-loss")):
            self.refuse(["sim", "--faults", wrong], f"`{wrong}`", f"did you mean `{meant}`?")

    def test_listed_faults(self):
        for line, cure in (("2s isolat n1 for 3s", "isolate HOST for TIME"), ("2s isolate n9 for 3s", "`n1`"),
                           ("2s isolate n1 for -3s", "negative"), ("29s isolate n1 for 3s", "may last 1s"),
                           ("2s cut n1 -> n1 for 1s", "twice"), ("", "missing"), ("\x1b[31m", "such as")):  # fmt: skip
            self.refuse(["sim", "--fault", line], "--fault 1", cure)
            self.refuse(["replay", "1", "--fault", "1s isolate n1 for 1s", "--fault", line], "--fault 2", cure)
        late = ["--fault", "1s delay n1 -> n2 by 2562047h for 1s"] * 2
        self.refuse(["sim", *late], "--fault 1", "beyond 3600s")
        self.refuse(["sim", "--nodes", "3", "--fault", "1s leave only a ring for 1s"], "at least 4 hosts")
        self.refuse(["sim", "--nodes", "3", "--fault", "1s isolate n4 for 1s"], "`n4`")
        self.refuse(["sim", "--duration", "5s", "--fault", "1s isolate n1 for 5s"], "5s")
        self.refuse(["sim", "--fault", "2s pause n1 for 2s", "--fault", "3s pause n1 for 2s"], "--fault 2", "--fault 1")

    def test_lists_of_faults(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "faults.txt")
            with open(path, "w", encoding="utf-8") as file:
                file.write("# a comment\n\n  # another\n2s isolate n1 for 3s\n3s pauze n1 for 1s\n")
            self.refuse(["sim", "--fault-list", path], f"{path}:5: ", "pause NODE for TIME")
            self.refuse(["replay", "1", "--fault-list", path], f"{path}:5: ")
            self.refuse(["sim", "--fault-list", folder], "--fault-list", folder)
            self.refuse(["sim", "--fault-list", path + "x"], "--fault-list", "cannot read", path + "x")

    def test_times_of_listed_faults_that_no_clock_holds(self):
        for time in ("99999999999999s", "9223372036854775808ns", "1e9s", "-0s", HUGE + "h", "NaNs", "infs"):
            self.refuse(["sim", "--fault", f"{time} isolate n1 for 1s"], "--fault 1", f"`{time}`")
            self.refuse(["replay", "1", "--fault", f"1s isolate n1 for {time}"], "--fault 1", f"`{time}`")

    def test_lists_that_are_no_lists(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "faults.txt")

            def refuse(content, *expected):
                with open(path, "wb") as file:
                    file.write(content)
                self.refuse(["sim", "--fault-list", path], path, *expected)

            good = b"1s hold n1 -> n2 for 1ms\n"
            refuse(bytes(range(128, 256)), ":1: ")
            refuse(b"1s isolate n1 for 1s\0\n", ":1: ", "\\x00")
            refuse(good + b"\x1b[31m\x07 isolate n1 for 1s", ":2: ", "\\x1b[31m\\x07")
            refuse(b"1s isolate n1 for 1s" + b" " * 981, "1000 characters")
            refuse(bytes(10_000_000), "more than 1000 characters", "one a line")
            refuse(good * 10_001, "more than 10000 faults")
        self.refuse(["sim", "--fault-list", "/dev/zero"], "/dev/zero", "more than 1000 characters")
        self.refuse(["sim", "--fault", "1s isolate " + "n" * 1000 + " for 1s"], "--fault 1", "1000 characters")

    def test_drawn_and_listed_faults(self):
        self.refuse(["sim", "--faults", "hup", "--fault", "2s isolate n1 for 3s"], "--faults", "--fault")
        self.refuse(["replay", "1", "--fault-list", "x", "--faults", "hup"], "--faults", "--fault-list")

    def test_seeds(self):
        values = ["", " ", "-1", "+1", "x", "1.5", "1e3", "0x", "0xg", "18446744073709551616", HUGE, "1 ", "1\n2"]
        self.refuse_values(["sim"], "--seed", values, "0 to 18446744073709551615")
        for value in ("", "x", "1..2", "1 ", "18446744073709551616", "\x7f"):
            self.refuse(["replay", value], "SEED", "0 to 18446744073709551615")

    def test_ranges_of_seeds(self):
        values = ["", "a..b", "1..", "..5", "..", "1..2..3", "1-5", "1...5", "-1..5", "1..-5", "1 .. 5", "1,5", "1..5\n",
                  f"1..{HUGE}", f"{HUGE}..1", "1..1e3"]  # fmt: skip
        for value in values:
            self.refuse(["sim", "--seeds", value], "--seeds", "seed", f"`{value}`".replace("\n", "\\n"))
        self.refuse(["sim", "--seeds", "5..1"], "--seeds", "5..1", "lower seed first")
        self.refuse(["sim", "--seeds", "0..18446744073709551615"], "--seeds", "give fewer")

    def test_numbers_of_threads(self):
        self.refuse_values(["sim", "--seeds", "1..2"], "--jobs", ["-1", "1025", *NOT_NUMBERS], "0..1024")
        self.refuse_values(["sim", "--seed", "1"], "--jobs", ["-1"], "0..1024")

    def test_log_levels(self):
        values = ["", "loud", "DEBUG", "debug,info", "5"]
        self.refuse_values(["sim", "--seed", "1"], "--log-level", values, "trace, debug, info, warn, error")
        self.refuse_values(["replay", "1"], "--log-level", values[:2], "trace, debug, info, warn, error")
        self.refuse_values(["sim", "--seeds", "1..2"], "--log-level", values[:2], "trace, debug, info, warn, error")

    def test_a_wrong_value_is_found_whatever_else_is_asked(self):
        self.refuse(["sim", "--json", "--seed", "1", "--nodes", "0"], "--nodes")
        self.refuse(["replay", "1", "--json", "--faults", "x"], "--faults")
        self.refuse(["sim", "--seed", "1", "--nodes", "65", "--duration", "x"], "--nodes")


class Words(CliTest):
    def test_a_value_that_is_missing(self):
        for option in ("--seed", "--seeds", "--nodes", "--duration", "--faults", "--fault", "--fault-list", "--jobs", "--log-level"):
            self.refuse(["sim", option], option, "piccolo sim --help")
            self.refuse(["sim", f"{option}="], option)
        self.refuse(["replay"], "SEED", "piccolo replay --help")

    def test_an_option_that_is_given_twice(self):
        self.refuse(["sim", "--nodes", "3", "--nodes", "4"], "--nodes", "piccolo sim --help")
        self.refuse(["sim", "--seed", "3", "--seed", "4"], "--seed")

    def test_a_seed_and_a_range_of_seeds(self):
        self.refuse(["sim", "--seed", "1", "--seeds", "1..2"], "--seed", "--seeds")
        self.refuse(["sim", "--seeds=1..2", "--seed=1"], "--seed", "--seeds")

    def test_unknown_options_get_a_suggestion(self):
        for wrong, meant in (("--node", "--nodes"), ("--sede", "--seed"), ("--fualts", "--faults"), ("--jbos", "--jobs"),
                             ("--log_level", "--log-level"), ("--Json", "--json"), ("--nodess=5", "--nodes"),
                             ("--dur", "--duration")):  # fmt: skip
            self.refuse(["sim", wrong], f"`{wrong}`", f"`{meant}`")
        self.refuse(["--versoin"], "`--version`")
        self.refuse(["replay", "1", "--fualts", "none"], "`--faults`")

    def test_unknown_options_that_resemble_nothing_point_to_the_help(self):
        self.refuse(["sim", "--frobnicate"], "`--frobnicate`", "piccolo sim --help")
        self.refuse(["sim", "-x"], "`-x`", "piccolo sim --help")
        self.refuse(["replay", "1", "--jobs", "2"], "`--jobs`", "piccolo replay --help")
        self.refuse(["-x"], "`-x`", "piccolo --help")

    def test_unknown_commands(self):
        for wrong, meant in (("simm", "sim"), ("Sim", "sim"), ("nodd", "node"), ("repaly", "replay"), ("no\nde", "node")):
            self.refuse([wrong], f"did you mean `{meant}`?")
        for wrong in ("frobnicate", "\x1b[31m", "5"):
            self.refuse([wrong], "`node`", "`sim`", "`replay`")
        self.refuse([""], "`node`", "`sim`", "`replay`")

    def test_words_too_many(self):
        self.refuse(["sim", "extra"], "`extra`", "piccolo sim --help")
        self.refuse(["sim", ""], "piccolo sim --help")
        self.refuse(["replay", "1", "2"], "`2`", "piccolo replay --help")
        self.refuse(["sim", "--seed", "1", "replay", "2"], "`replay`")

    def test_options_before_the_command(self):
        self.refuse(["--nodes", "5", "sim"], "`--nodes`", "`sim`")

    def test_a_flag_that_is_given_a_value(self):
        self.refuse(["sim", "--seed", "1", "--json=maybe"], "--json")

    def test_control_characters_do_not_reach_the_terminal(self):
        for value in ("a\nb", "a\rb", "\x1b]0;title\x07", "\x08", "\t", "\x7f", "\x9b31m"):
            self.refuse([value])
            self.refuse(["sim", "--seed", value])
            self.refuse(["sim", f"--{value}"])
            self.refuse(["replay", "1", "--faults", value])

    def test_a_very_long_word(self):
        for words in (["sim", "--seed", "9" * 100_000], ["sim", "--" + "x" * 100_000], ["x" * 100_000]):
            done = piccolo(*words)
            self.assertEqual((done.code, done.out, done.err.count("\n")), (2, "", 1))


if __name__ == "__main__":
    main()
