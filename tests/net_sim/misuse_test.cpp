// What a world is told that makes no sense is named, and ends the program before it goes on with
// an experiment that is none.

#include <array>

#include "lab.hpp"
#include "unit/death.hpp"

namespace piccolo::test {
namespace {

constexpr HostId no_host = 7;
constexpr ProcessId no_process = 7;

// What a world of two hosts and one process says to it.
std::string said(const std::function<void(Lab&)>& misuse) {
  return abort_message([&] {
    Lab lab;
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
    misuse(lab);
  });
}

using Misuses = std::vector<std::function<void(Lab&)>>;

void all_say(const Misuses& misuses, const std::string& expected) {
  for (const auto& misuse : misuses) {
    const std::string text = said(misuse);
    INFO(text);
    CHECK(text.find(expected) != std::string::npos);
  }
}

TEST_CASE("a host that the world does not have is named by every call that is given one") {
  all_say(
      {[](Lab& in) { in.world.power_off(no_host); }, [](Lab& in) { in.world.power_on(no_host); },
       [](Lab& in) { in.world.refuse_connects(no_host); },
       [](Lab& in) { in.world.shorten_io(no_host); },
       [](Lab& in) { in.world.take_port(no_host, 80); },
       [](Lab& in) { in.world.step_wall_clock(no_host, seconds(1)); },
       [](Lab& in) { in.world.drift_clock(no_host, 1000); },
       [](Lab& in) { in.world.hide_name(no_host); },
       [](Lab& in) { in.world.hang_up(in.client, no_host, HangUp::reset, 1); },
       [](Lab& in) { in.world.hang_up(no_host, in.client, HangUp::reset, 1); },
       [](Lab& in) { in.world.swizzle(std::array{no_host}, seconds(1), 1); },
       [](Lab& in) { in.world.set_tcp(no_host, TcpOptions()); },
       [](Lab& in) { static_cast<void>(in.world.host_name(no_host)); },
       [](Lab& in) { static_cast<void>(in.world.host_address(no_host)); }},
      "a call named a host that this world does not have");
  all_say({[](Lab& in) { in.world.move_name(in.client, no_host); }}, "a host that does not exist");
  all_say({[](Lab& in) { in.world.isolate(no_host); }},
          "a split named a host that this world does not have");
}

TEST_CASE("a link of a host that the world does not have is named") {
  all_say({[](Lab& in) { in.world.cut(in.client, no_host); },
           [](Lab& in) { in.world.partition(no_host, in.client); },
           [](Lab& in) { in.world.add_delay(no_host, in.client, seconds(1)); },
           [](Lab& in) { in.world.add_loss(in.client, no_host, 1); },
           [](Lab& in) { in.world.add_duplication(in.client, no_host, 1); },
           [](Lab& in) { in.world.add_reordering(in.client, no_host, 1, seconds(1)); },
           [](Lab& in) { in.world.hold(in.client, no_host); },
           [](Lab& in) { in.world.throttle(in.client, no_host, 1000); },
           [](Lab& in) { in.world.set_link(in.client, no_host, LinkOptions()); }},
          "a call named a link of a host that this world does not have");
}

TEST_CASE("a process that the world does not have is named") {
  all_say(
      {[](Lab& in) { in.world.start(no_process); }, [](Lab& in) { in.world.stop(no_process); },
       [](Lab& in) { in.world.kill(no_process); }, [](Lab& in) { in.world.restart(no_process); },
       [](Lab& in) { in.world.pause(no_process); }, [](Lab& in) { in.world.resume(no_process); },
       [](Lab& in) { in.world.exhaust_descriptors(no_process); },
       [](Lab& in) { in.world.free_descriptors(no_process); },
       [](Lab& in) { static_cast<void>(in.world.running(no_process)); },
       [](Lab& in) { static_cast<void>(in.world.last_port(no_process)); }},
      "a call named a process that this world does not have");
}

TEST_CASE("a host is not cut off from itself, nor are all from nobody") {
  all_say({[](Lab& in) { in.world.cut(in.client, in.client); },
           [](Lab& in) { in.world.partition(in.server, in.server); }},
          "a host was to be cut off from itself");
  all_say({[](Lab& in) { in.world.split(std::array{in.client, in.server}); },
           [](Lab& in) { in.world.split({}); }},
          "a split has hosts on one side only");
  all_say({[](Lab& in) { in.world.leave_ring(); }}, "a ring of fewer than four hosts cuts nothing");
}

TEST_CASE("a fault is not taken back that was never put in place") {
  all_say({[](Lab& in) { in.world.mend(in.client, in.server); }}, "a link was mended that is not");
  all_say({[](Lab& in) { in.world.release(in.client, in.server); }}, "released that is not held");
  all_say({[](Lab& in) { in.world.unclog(in.client); }}, "unclogged that is not clogged");
  all_say({[](Lab& in) { in.world.accept_connects(in.client); }}, "accept that does not refuse");
  all_say({[](Lab& in) { in.world.restore_io(in.client); }}, "restored that are not short");
  all_say({[](Lab& in) { in.world.give_back_port(in.client, 80); }}, "that was not taken");
  all_say({[](Lab& in) { in.world.remove_delay(in.client, in.server, seconds(1)); },
           [](Lab& in) { in.world.remove_loss(in.client, in.server, 1); },
           [](Lab& in) { in.world.remove_duplication(in.client, in.server, 1); },
           [](Lab& in) { in.world.remove_reordering(in.client, in.server, 1, seconds(1)); },
           [](Lab& in) { in.world.unthrottle(in.client, in.server, 1000); }},
          "removed that was never added");
}

TEST_CASE("times and amounts that make no sense are named") {
  all_say({[](Lab& in) { in.world.add_delay(in.client, in.server, -seconds(1)); }},
          "a link was given a negative delay");
  all_say({[](Lab& in) {
            in.world.add_delay(in.client, in.server, Duration::max());
            in.world.add_delay(in.client, in.server, Duration::max());
          }},
          "delays add up beyond the end of time");
  all_say({[](Lab& in) { in.world.add_reordering(in.client, in.server, 1, -seconds(1)); }},
          "a link was told to reorder by a time that is none");
  all_say({[](Lab& in) { in.world.swizzle(std::array{in.client}, -seconds(1), 1); }},
          "a swizzle was to end before it began");
  all_say({[](Lab& in) { in.world.slow_name(in.server, -seconds(1)); }}, "before it was asked for");
  all_say({[](Lab& in) { in.world.move_name(in.server, in.server); }}, "where it leads already");
  all_say({[](Lab& in) { in.world.throttle(in.client, in.server, 0); }}, "cut it instead");
  all_say({[](Lab& in) { in.world.take_port(in.server, 0); }}, "port 0 was to be taken");
  all_say({[](Lab& in) { in.world.drift_clock(in.client, 100'001); },
           [](Lab& in) { in.world.drift_clock(in.client, INT32_MIN); }},
          "drift by more than 100,000 ppm");
}

TEST_CASE("a world is not given nothing to do, nor two hosts of one name") {
  all_say({[](Lab& in) { in.world.add_process(in.client, "nothing", nullptr); }},
          "a process was given no program");
  all_say({[](Lab& in) { in.world.at(TimePoint(), nullptr); }}, "the script was given no action");
  all_say({[](Lab& in) { in.world.add_host("client"); }}, "two hosts were given one name");
}

// What overlaps and is no contradiction: docs/faults.md.
TEST_CASE("isolating twice, pausing twice and losing power twice is allowed") {
  Lab lab;
  const ProcessId process = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.isolate(lab.server);
  lab.world.isolate(lab.server);
  lab.world.pause(process);
  lab.world.pause(process);
  CHECK(lab.world.fault_counts()[FaultKind::pause].injected == 1);
  lab.world.resume(process);
  lab.world.resume(process);
  lab.world.power_off(lab.server);
  lab.world.power_off(lab.server);
  CHECK(lab.world.fault_counts()[FaultKind::power_loss].injected == 1);
  lab.world.power_on(lab.server);
  lab.world.kill(process);
  CHECK(lab.world.fault_counts()[FaultKind::crash].injected == 0);
  lab.world.rejoin(lab.server);
  lab.world.rejoin(lab.server);
}

}  // namespace
}  // namespace piccolo::test
