// Each kind of fault bites: without it the same run goes otherwise, and `observed` says so.

#include <map>

#include "../lab.hpp"

namespace piccolo::test {
namespace {

using conformance::read;
using conformance::write;

// What a program may do to meet any fault: looks at the clock, looks a name up, listens, connects
// and echoes. Once a second, for ten seconds; connects anew whenever that fails.
Task<void> does_everything(Env& env, Lab* lab) {
  Stream stream;
  for (int second = 1; second <= 10; ++second) {
    co_await env.clock.sleep_until(at(seconds(second)));
    const Duration wall =
        env.clock.wall_now().time_since_epoch() - env.clock.now().time_since_epoch();
    std::string line = format_duration(wall);
    const auto found = co_await env.network.resolve("server", 80);
    line += found ? " " + found->front().to_string() : " " + error_name(found.error());
    const auto listener = env.network.listen(Endpoint(Address::any(Address::Family::v4), 81));
    line += " " + outcome(listener);
    if (!stream.is_open()) {
      auto connected = co_await env.network.connect(lab->at_server());
      line += " " + outcome(connected);
      if (connected) stream = std::move(*connected);
    }
    if (stream.is_open()) {
      const std::string sent = co_await write(&stream, "word");
      const std::string got = co_await read(&stream);
      line += " " + sent + got;
      if (got != "[word]") stream.close();
    }
    lab->diary.note(env, line);
  }
}

struct Run {
  Lines lines;
  FaultCounts counts;
  std::uint64_t events = 0;
};

struct Cast {
  Lab& lab;
  World& world;
  ProcessId client = 0;
  ProcessId server = 0;
};

Run live_through(const std::function<void(Cast&)>& inject) {
  Lab lab;
  Cast cast{lab, lab.world};
  cast.server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  cast.client = lab.run(lab.client, [&](Env& env) { return does_everything(env, &lab); });
  lab.world.at(at(milliseconds(4500)), [&] { inject(cast); });
  lab.run_for(minutes(3));
  return Run{lab.diary.lines(), lab.world.fault_counts(), lab.world.events()};
}

using Injection = std::function<void(Cast&)>;

std::map<FaultKind, Injection> faults_of_machines() {
  return {
      {FaultKind::refuse,
       [](Cast& in) {
         in.world.restart(in.server);
         in.world.refuse_connects(in.lab.server);
       }},
      {FaultKind::hup,
       [](Cast& in) { CHECK(in.world.hang_up(in.lab.client, in.lab.server, HangUp::reset, 1)); }},
      {FaultKind::crash, [](Cast& in) { in.world.kill(in.server); }},
      {FaultKind::power_loss, [](Cast& in) { in.world.power_off(in.lab.server); }},
      {FaultKind::pause, [](Cast& in) { in.world.pause(in.server); }},
      {FaultKind::clock_step,
       [](Cast& in) { in.world.step_wall_clock(in.lab.client, -seconds(3)); }},
      {FaultKind::clock_drift, [](Cast& in) { in.world.drift_clock(in.lab.client, 50'000); }},
      {FaultKind::port_taken, [](Cast& in) { in.world.take_port(in.lab.client, 81); }},
      {FaultKind::no_descriptors, [](Cast& in) { in.world.exhaust_descriptors(in.client); }},
      {FaultKind::short_io, [](Cast& in) { in.world.shorten_io(in.lab.client); }},
      {FaultKind::names, [](Cast& in) { in.world.hide_name(in.lab.server); }}};
}

std::map<FaultKind, Injection> faults_of_links() {
  const auto link = [](auto fault) {
    return [fault](Cast& in) { fault(in.world, in.lab.client, in.lab.server); };
  };
  return {
      {FaultKind::delay,
       link([](World& world, HostId a, HostId b) { world.add_delay(a, b, milliseconds(300)); })},
      {FaultKind::partition, link([](World& world, HostId a, HostId b) { world.partition(a, b); })},
      {FaultKind::loss,
       link([](World& world, HostId a, HostId b) { world.add_loss(a, b, ppm_always / 2); })},
      {FaultKind::duplicate,
       link([](World& world, HostId a, HostId b) { world.add_duplication(a, b, ppm_always); })},
      {FaultKind::reorder, link([](World& world, HostId a, HostId b) {
         world.add_reordering(a, b, ppm_always, milliseconds(10));
       })},
      {FaultKind::hold, link([](World& world, HostId a, HostId b) { world.hold(a, b); })},
      {FaultKind::throttle,
       link([](World& world, HostId a, HostId b) { world.throttle(a, b, 1000); })},
      {FaultKind::swizzle,
       link([](World& world, HostId a, HostId) { world.swizzle({&a, 1}, seconds(5), 1); })}};
}

std::map<FaultKind, Injection> all_faults() {
  auto all = faults_of_machines();
  all.merge(faults_of_links());
  return all;
}

TEST_CASE("without faults nothing is counted") {
  const Run run = live_through([](Cast&) {});
  CHECK(run.lines.size() == 10);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    CHECK(run.counts[static_cast<FaultKind>(kind)].injected == 0);
    CHECK(run.counts[static_cast<FaultKind>(kind)].observed == 0);
  }
}

TEST_CASE("every kind of fault changes what the nodes live through, and counts that it did") {
  const Run calm = live_through([](Cast&) {});
  const auto all = all_faults();
  CHECK(all.size() == fault_kinds);
  for (const auto& [kind, inject] : all) {
    const Run run = live_through(inject);
    INFO(fault_kind_name(kind));
    // TCP hides duplicates from programs, not from kernels.
    if (kind == FaultKind::duplicate) {
      CHECK(run.events > calm.events);
    } else {
      CHECK(run.lines != calm.lines);
    }
    CHECK(run.counts[kind].injected > 0);
    CHECK(run.counts[kind].observed > 0);
    for (std::size_t other = 0; other < fault_kinds; ++other) {
      if (static_cast<FaultKind>(other) == kind) continue;
      CHECK(run.counts[static_cast<FaultKind>(other)].injected == 0);
      CHECK(run.counts[static_cast<FaultKind>(other)].observed == 0);
    }
  }
}

TEST_CASE("a fault that meets nobody is injected and not observed") {
  for (const auto& [kind, inject] : all_faults()) {
    // These take a stream, or a process that would otherwise do something.
    if (kind == FaultKind::hup || kind == FaultKind::refuse) continue;
    Lab lab;
    const auto sleeps = [](Env& env, Lab*) -> Task<void> {
      co_await env.clock.sleep_until(TimePoint::max());
    };
    Cast cast{lab, lab.world};
    cast.server = lab.run(lab.server, sleeps);
    cast.client = lab.run(lab.client, sleeps);
    lab.world.at(at(milliseconds(4500)), [&, strike = inject] { strike(cast); });
    lab.run_for(minutes(1));
    INFO(fault_kind_name(kind));
    CHECK(lab.world.fault_counts()[kind].injected > 0);
    CHECK(lab.world.fault_counts()[kind].observed == 0);
  }
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
