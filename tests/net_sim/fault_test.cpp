// Each kind of fault bites: without it the same run goes otherwise, and `observed` says so.

#include <map>

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::read;
using conformance::write;

// Connects and echoes once a second, for ten seconds; connects anew whenever that fails.
Task<void> keeps_talking(Env& env, Lab* lab) {
  Stream stream;
  for (int second = 1; second <= 10; ++second) {
    co_await env.clock.sleep_until(at(seconds(second)));
    if (!stream.is_open()) {
      auto connected = co_await env.network.connect(lab->at_server());
      if (!connected) {
        lab->diary.note(env, outcome(connected));
        continue;
      }
      stream = std::move(*connected);
    }
    co_await write(&stream, "word");
    const std::string got = co_await read(&stream);
    lab->diary.note(env, got);
    if (got != "[word]") stream.close();
  }
}

struct Run {
  Lines lines;
  FaultCounts counts;
};

Run talk(const std::function<void(Lab&, ProcessId server)>& inject) {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return keeps_talking(env, &lab); });
  lab.world.at(at(milliseconds(4500)), [&] { inject(lab, server); });
  lab.run_for(minutes(3));
  return Run{lab.diary.lines(), lab.world.fault_counts()};
}

std::map<FaultKind, std::function<void(Lab&, ProcessId)>> faults() {
  return {
      {FaultKind::refuse,
       [](Lab& lab, ProcessId server) {
         lab.world.kill(server);
         lab.world.start(server);
         lab.world.refuse_connects(lab.server);
       }},
      {FaultKind::delay,
       [](Lab& lab, ProcessId) { lab.world.add_delay(lab.client, lab.server, milliseconds(300)); }},
      {FaultKind::hup,
       [](Lab& lab, ProcessId) {
         CHECK(lab.world.hang_up(lab.client, lab.server, HangUp::reset, 1));
       }},
      {FaultKind::partition,
       [](Lab& lab, ProcessId) { lab.world.partition(lab.client, lab.server); }},
      {FaultKind::crash, [](Lab& lab, ProcessId server) { lab.world.kill(server); }}};
}

TEST_CASE("without faults nothing is counted") {
  const Run run = talk([](Lab&, ProcessId) {});
  CHECK(run.lines.size() == 10);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    CHECK(run.counts[static_cast<FaultKind>(kind)].injected == 0);
    CHECK(run.counts[static_cast<FaultKind>(kind)].observed == 0);
  }
}

TEST_CASE("every kind of fault changes what the nodes live through, and counts that it did") {
  const Run calm = talk([](Lab&, ProcessId) {});
  const auto all = faults();
  CHECK(all.size() == fault_kinds);
  for (const auto& [kind, inject] : all) {
    const Run run = talk(inject);
    INFO(fault_kind_name(kind));
    CHECK(run.lines != calm.lines);
    CHECK(run.counts[kind].injected > 0);
    CHECK(run.counts[kind].observed > 0);
  }
}

TEST_CASE("a fault that meets nobody is injected and not observed") {
  Lab lab;
  lab.world.partition(lab.client, lab.server);
  lab.world.refuse_connects(lab.server);
  lab.world.add_delay(lab.server, lab.client, seconds(1));
  lab.world.power_off(lab.server);
  lab.run_for(minutes(1));
  for (const FaultKind kind :
       {FaultKind::partition, FaultKind::refuse, FaultKind::delay, FaultKind::crash}) {
    INFO(fault_kind_name(kind));
    CHECK(lab.world.fault_counts()[kind].injected > 0);
    CHECK(lab.world.fault_counts()[kind].observed == 0);
  }
}

TEST_CASE("a delay slows one direction, for as long as it is there, and adds up with others") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return keeps_talking(env, &lab); });
  lab.world.at(at(milliseconds(1500)),
               [&] { lab.world.add_delay(lab.client, lab.server, milliseconds(1)); });
  lab.world.at(at(milliseconds(2500)),
               [&] { lab.world.add_delay(lab.client, lab.server, milliseconds(2)); });
  lab.world.at(at(milliseconds(3500)),
               [&] { lab.world.remove_delay(lab.client, lab.server, milliseconds(1)); });
  lab.world.at(at(milliseconds(4500)),
               [&] { lab.world.remove_delay(lab.client, lab.server, milliseconds(2)); });
  lab.run_for(seconds(6));
  CHECK(lab.diary.lines() == Lines{"1.0004s [word]", "2.0012s [word]", "3.0032s [word]",
                                   "4.0022s [word]", "5.0002s [word]"});
}

TEST_CASE("cuts nest: a link that was cut twice is mended twice") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.cut(lab.client, lab.server);
  lab.world.partition(lab.client, lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(milliseconds(500)), [&] { lab.world.heal(lab.client, lab.server); });
  lab.world.at(at(milliseconds(1500)), [&] { lab.world.mend(lab.client, lab.server); });
  lab.run_for(seconds(10));
  CHECK(lab.diary.lines() == Lines{"3.0002s connected"});
}

TEST_CASE("a cut loses what is under way") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(microseconds(50)), [&] { lab.world.cut(lab.client, lab.server); });
  lab.world.at(at(microseconds(150)), [&] { lab.world.mend(lab.client, lab.server); });
  lab.run_for(seconds(10));
  CHECK(lab.diary.lines() == Lines{"1.0002s connected"});
}

TEST_CASE("the names of faults are read back") {
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    CHECK(parse_fault_kind(fault_kind_name(kind)) == kind);
  }
  CHECK_FALSE(parse_fault_kind("gremlins").has_value());
}

}  // namespace
}  // namespace piccolo::test
