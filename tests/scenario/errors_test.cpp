// The exact text of the complaints: place, fault and cure.

#include "catch.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::test;

namespace {

// Without the file's name, which they all begin with.
std::string error(std::string_view text) {
  const std::string what = error_of(text);
  const std::string_view file = "scenario.toml:";
  if (!what.starts_with(file)) return what;
  return what.substr(file.size());
}

}  // namespace

TEST_CASE("scenario errors: unknown keys and sections are answered with what was meant") {
  CHECK(error("durration = '1s'") == "1:1: unknown key `durration`; did you mean `duration`?");
  CHECK(error("\n[fault]") == "2:2: unknown section `fault`; did you mean `faults`?");
  CHECK(error("[colour]") ==
        "1:2: unknown section `colour`; known are `parameters`, `link`, `links`, `faults` and "
        "`repro`");
  CHECK(error("[link]\nlatnecy = '1s'") == "2:1: unknown key `latnecy`; did you mean `latency`?");
  CHECK(error("[[links]]\nbetwen = []") == "2:1: unknown key `betwen`; did you mean `between`?");
  CHECK(error("[faults]\nkind = 'all'") == "2:1: unknown key `kind`; did you mean `kinds`?");
  CHECK(error("[faults.partitoin]") ==
        "1:9: unknown section `partitoin`; did you mean `partition`?");
  CHECK(error("[faults.hup]\nto = '1s'") ==
        "2:1: `to` does not belong to `[faults.hup]`; put it below the line `[[links]]`");
  CHECK(error("[faults.hup]\nuntill = '1s'") == "2:1: unknown key `untill`; did you mean `until`?");
}

TEST_CASE("scenario errors: a key in the wrong place is sent to the right one") {
  CHECK(error("[link]\nduration = '1s'") ==
        "2:1: `duration` does not belong to `[link]`; put it above the first `[section]` line");
  CHECK(error("loss = '1%'") ==
        "1:1: `loss` stands outside of its section; put it below the line `[link]`");
  CHECK(error("nodes = 5") ==
        "1:1: `nodes` stands outside of its section; put it below the line `[parameters]`");
  CHECK(error("[parameters]\nswarm = true") ==
        "2:1: `swarm` does not belong to `[parameters]`; put it below the line `[faults]`");
  CHECK(error("[faults.hup]\nswarm = true") ==
        "2:1: `swarm` does not belong to `[faults.hup]`; put it below the line `[faults]`");
}

TEST_CASE("scenario errors: sections and lists of them") {
  CHECK(error("link = 4") ==
        "1:1: `link` must be a section, not an integer; write `[link]` and its keys below it");
  CHECK(error("[[faults]]") ==
        "1:3: `faults` must be a section, not a list; write `[faults]` and its keys below it");
  CHECK(error("[links]") ==
        "1:2: `links` must be a list of sections, not a section; write `[[links]]` and its keys "
        "below it, once for each pair");
  CHECK(error("links = [4]") ==
        "1:10: `links` must hold sections, not an integer; write `[[links]]` and its keys below "
        "it, once for each pair");
  CHECK(error("[faults]\nhup = 4") ==
        "2:1: `hup` must be a section, not an integer; write `[faults.hup]` and its keys below it");
}

TEST_CASE("scenario errors: worlds") {
  CHECK(error_of("", two_worlds()) ==
        "scenario.toml:1:1: there are several worlds, and no key `world` says which is meant; "
        "known are `piccolo` and `toy`");
  CHECK(error("world = 'picolo'") == "1:9: unknown world `picolo`; did you mean `piccolo`?");
  CHECK(error("world = 4") ==
        "1:9: `world` must be a string, not an integer; for example `world = \"piccolo\"`");
  CHECK(error_of("", {}) == "scenario.toml: there is no world; register one");
}

TEST_CASE("scenario errors: words, counts and times") {
  CHECK(error("heal = 'al'") == "1:8: `heal` cannot be `al`; did you mean `all`?");
  CHECK(error("heal = 'some'") ==
        "1:8: `heal` cannot be `some`; known are `drawn`, `all` and `core`");
  CHECK(error("order = 'pct(99)'") ==
        "1:9: `order` cannot be `pct(99)`; give `mixed`, `fifo`, `random`, or `pct(D)` with a "
        "depth D from 1 to 16");
  CHECK(error("buggify = 1") ==
        "1:11: `buggify` must be true or false, not an integer; for example `buggify = true`");
  CHECK(error("events_max = -1") ==
        "1:14: `events_max` is -1; it must be 0 to 9223372036854775807, for example `events_max = "
        "20000000`");
  CHECK(error("duration = '0s'") ==
        "1:12: `duration` is 0s; it must be more than 0s, up to 24h, for example `duration = "
        "\"30s\"`");
  CHECK(error("duration = '3 days'") ==
        "1:12: `duration` is no duration: `3 days`; write a number and one of ns, us, ms, s, m, h, "
        "for example `duration = \"30s\"`");
  CHECK(error("about = 'x\\u0007'") == "no error");
  CHECK(error("about = \"x\\u0007\"") ==
        "1:9: `about` holds control characters: `x\\x07`; write one plain line, for example `about "
        "= \"what it is for\"`");
}

TEST_CASE("scenario errors: repros and what else a shrunk scenario says") {
  CHECK(error("layout = 'name'") == "1:10: `layout` cannot be `name`; did you mean `named`?");
  CHECK(error("kernels = 4") ==
        "1:11: `kernels` must be a string, not an integer; for example `kernels = \"usual\"`");
  CHECK(error("broken = 'n3 cut off'") ==
        "1:10: `broken` must be a list of strings, not a string; for example `broken = [\"n3 cut "
        "off\"]`");
  CHECK(error("repro = 4") ==
        "1:1: `repro` must be a section, not an integer; write `[repro]` and "
        "its keys below it");
  CHECK(error("[repro]\ninvariant = 'x'") ==
        "1:2: `[repro]` lacks `seed`; add it, for example "
        "`seed = 7`");
  CHECK(error("[repro]\nseed = 7") ==
        "1:2: `[repro]` lacks `invariant`; add it, for example "
        "`invariant = \"linearizable\"`");
  CHECK(error("[repro]\nseed = -1\ninvariant = 'x'") ==
        "2:8: `seed` is -1; it must be 0 to 9223372036854775807, for example `seed = 7`");
  CHECK(error("[repro]\nseed = '18446744073709551616'\ninvariant = 'x'") ==
        "2:8: `seed` is no seed: `18446744073709551616`; give a whole number from 0 to "
        "18446744073709551615, for example `seed = 7`");
  CHECK(error("[repro]\nseed = 7\ninvariant = ''") ==
        "3:13: `invariant` is empty; name the invariant that broke, for example `invariant = "
        "\"linearizable\"`");
  CHECK(error("[repro]\nseed = 7\ninvariant = 'x'\nexpect = 'break'") ==
        "4:10: `expect` cannot be `break`; did you mean `breaks`?");
  CHECK(error("[repro]\nseed = 7\ninvariant = 'x'\nexpects = 'breaks'") ==
        "4:1: unknown key `expects`; did you mean `expect`?");
}

TEST_CASE("scenario errors: parameters") {
  CHECK(error("[parameters]\nnode = 5") ==
        "2:1: the world `piccolo` has no parameter `node`; did you mean `nodes`?");
  CHECK(error("[parameters]\nnodes = '5'") ==
        "2:9: `nodes` must be an integer, not a string; for example `nodes = 5`");
  CHECK(error("[parameters]\nnodes = 65") ==
        "2:9: `nodes` is 65; it must be 2 to 64, for example `nodes = 5`");
  CHECK(error_of("world = 'toy'\nparameters.lease = '1h'", two_worlds()) ==
        "scenario.toml:2:20: `lease` is 3600s; it must be 10ms to 60s, for example `lease = "
        "\"2s\"`");
  CHECK(error_of("world = 'toy'\nparameters.lease = 1", two_worlds()) ==
        "scenario.toml:2:20: `lease` must be a duration in quotes, not an integer; for example "
        "`lease = \"2s\"`");
}

TEST_CASE("scenario errors: shares, sizes and rates of links") {
  CHECK(error("[link]\nloss = 0.1") ==
        "2:8: `loss` must be a share in quotes, not a number with a point; for example `loss = "
        "\"0.1%\"`");
  for (const std::string text : {"1", "101%", "0.00001%", "-1%", "%", "1 %"}) {
    CHECK(error("[link]\nloss = '" + text + "'") ==
          "2:8: `loss` is no share: `" + text +
              "`; write 0% to 100%, with four digits behind the point at most, for example `loss = "
              "\"0.1%\"`");
  }
  CHECK(error("[link]\nqueue = '256KB'") ==
        "2:9: `queue` is no size: `256KB`; write a number and one of B, kB, MB, GB, KiB, MiB, GiB, "
        "for example `queue = \"256KiB\"`");
  for (const std::string text : {"1MB", "0B/s", "8Mbit/s", "/s", ""}) {
    CHECK(error("[link]\nbandwidth = '" + text + "'") ==
          "2:13: `bandwidth` is no rate above 0B/s: `" + text +
              "`; write a number and one of B, kB, MB, GB, KiB, MiB, GiB and `/s`, or `unlimited`, "
              "for example `bandwidth = \"1MB/s\"`");
  }
  CHECK(error("[link]\nmtu = 100") ==
        "2:7: `mtu` is 100; it must be 576 to 65535, for example `mtu = 1500`");
  CHECK(error("[link]\nlatency = '2h'") ==
        "2:11: `latency` is 7200s; it must be 0s to 1h, for example `latency = \"1ms\"`");
  CHECK(error("[link]\nshape = 'normal'") ==
        "2:9: `shape` cannot be `normal`; known are `constant`, `uniform`, `exponential` and "
        "`long-tailed`");
  CHECK(error("[link]\nbandwidth = '1kB/s'\nqueue = '1kB'") ==
        "3:9: a queue of 1000 bytes holds no packet of 1500; let `queue` be `mtu` at least");
}

TEST_CASE("scenario errors: between which hosts") {
  const std::string cure =
      "; write `between = [\"n1\", \"n2\"]` for both ways, or `from = \"n1\"` and `to = \"n2\"` "
      "for "
      "one";
  CHECK(error("[[links]]") == "1:1: it does not say between which hosts" + cure);
  CHECK(error("[[links]]\nfrom = 'n1'") == "1:1: it does not say between which hosts" + cure);
  CHECK(error("[[links]]\nbetween = ['n1', 'n2']\nto = 'n3'") ==
        "1:1: `between` stands beside `from` or `to`" + cure);
  CHECK(error("[[links]]\nbetween = ['n1']") ==
        "2:11: `between` holds 1 hosts; name two, for example `between = [\"n1\", \"n2\"]`");
  CHECK(error("[[links]]\nbetween = ['n1', 2]") ==
        "2:18: `between` must hold strings, not an integer; for example `between = [\"n1\", "
        "\"n2\"]`");
  CHECK(error("[[links]]\nbetween = ['n1', 'n1']") ==
        "1:1: there is no link from a host to itself; name two hosts");
  CHECK(error("[[links]]\nfrom = 'n1'\nto = 'n1'") ==
        "1:1: there is no link from a host to itself; name two hosts");
}

TEST_CASE("scenario errors: kinds of faults") {
  const std::string known = FaultSet::known();
  CHECK(error("[faults]\nkinds = 'crush'") ==
        "2:9: `crush` is not a kind of fault; did you mean `crash`? give all, none, or some of " +
            known);
  CHECK(error("[faults]\nkinds = ['hup', 'crush']") ==
        "2:17: `crush` is not a kind of fault; did you mean `crash`? give all, none, or some of " +
            known);
  CHECK(error("[faults]\nkinds = ['hup,crash']") ==
        "2:10: `hup,crash` is more than one kind of fault; give each its own quotes");
  std::string many;
  for (int index = 0; index < 100'000; ++index) many += "'hup',";
  CHECK(error("[faults]\nkinds = [" + many + "]") ==
        "2:9: `kinds` holds 100000 words, and there are 19 kinds of faults; name each once");
  CHECK(error("[faults]\nkinds = 4") ==
        "2:9: `kinds` must be a string, or a list of strings, not an integer; for example `kinds = "
        "\"all,-hup\"`");
}

TEST_CASE("scenario errors: how faults are drawn") {
  for (const std::string text : {"2", "two per minute", "-1 per minute", "2 per day", "2  per 1s",
                                 "99999999999 per hour", " per minute"}) {
    CHECK(error("[faults.hup]\nrate = '" + text + "'") ==
          "2:8: `rate` is no rate: `" + text +
              "`; write a whole number, `per`, and second, minute, hour or a time such as 10s, for "
              "example `rate = \"2 per minute\"`");
  }
  CHECK(error("[faults.hup]\nrate = '200 per second'") ==
        "2:8: 200 faults in 1s are too many; give one for each 10ms at most");
  CHECK(error("[faults.hup]\nfrom = '5s'\nuntil = '5s'") ==
        "3:9: faults cannot begin from 5s on and before 5s; give a later end");
  CHECK(error("[faults]\nhup.rate = '1 per hour'\nkinds = 'crash'") ==
        "2:1: `hup` is not among the kinds of faults that are drawn; add it to `kinds`, or leave "
        "this section out");
}

TEST_CASE("scenario errors: listed faults exclude drawn ones") {
  const auto excluded = [](const std::string& key) {
    return "`" + key +
           "` is about drawn faults, and `list` says exactly which there are; leave one of the two "
           "out";
  };
  CHECK(error("[faults]\nlist = []\nkinds = 'all'") == "3:1: " + excluded("kinds"));
  CHECK(error("[faults]\nswarm = true\nlist = []") == "2:1: " + excluded("swarm"));
  CHECK(error("[faults]\nlist = []\n[faults.hup]") == "3:9: " + excluded("hup"));
  CHECK(error("[faults]\nlist = '1s x'") ==
        "2:8: `list` must be a list of strings, not a string; for example `list = [\"2s isolate n1 "
        "for 3s\"]`");
  CHECK(error("[faults]\nlist = [\"1s\\nx\"]") ==
        "2:9: `list` holds control characters: `1s\\nx`; write one plain line, for example `list = "
        "[\"2s isolate n1 for 3s\"]`");
}

TEST_CASE("scenario errors: the first in the file is told") {
  CHECK_THAT(error("[link]\nmtu = 1\n[faults]\nkinds = 4"),
             Catch::Matchers::StartsWith("2:7: `mtu`"));
  CHECK_THAT(error("[faults]\nkinds = 4\n[link]\nmtu = 1"),
             Catch::Matchers::StartsWith("2:9: `kinds`"));
  CHECK_THAT(error("[[links]]\nfrom = 1\nto = 2\n[link]\nmtu = 1"),
             Catch::Matchers::StartsWith("2:8: `from`"));
}

TEST_CASE("scenario errors: what is no TOML") {
  CHECK_THAT(error("[link"), Catch::Matchers::StartsWith("1:6: not valid TOML: "));
  CHECK_THAT(error(std::string("a\0b", 3)), Catch::Matchers::StartsWith("1:"));
  CHECK_THAT(error("# \xFF"), Catch::Matchers::StartsWith("1:2: "));
  CHECK_THAT(error("a.b.c.d.e.f.g.h.i = 1"),
             Catch::Matchers::StartsWith("1:16: a key of more than 8 parts"));
}
