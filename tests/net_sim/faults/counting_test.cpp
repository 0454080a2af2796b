// What is counted as observed is what a fault did: each time, and never else.

#include <map>

#include "../datagram_lab.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::write;

constexpr std::uint32_t all = ppm_always;
constexpr Duration by = milliseconds(1);
constexpr std::uint64_t rate = 1'000'000;

using Call = std::function<void(World&, HostId, HostId)>;
struct Trouble {
  Call begins;
  Call ends;
};

std::map<FaultKind, Trouble> troubles_of_links() {
  using enum FaultKind;
  return {{delay,
           {[](World& world, HostId a, HostId b) { world.add_delay(a, b, by); },
            [](World& world, HostId a, HostId b) { world.remove_delay(a, b, by); }}},
          {partition,
           {[](World& world, HostId a, HostId b) { world.cut(a, b); },
            [](World& world, HostId a, HostId b) { world.mend(a, b); }}},
          {loss,
           {[](World& world, HostId a, HostId b) { world.add_loss(a, b, all); },
            [](World& world, HostId a, HostId b) { world.remove_loss(a, b, all); }}},
          {duplicate,
           {[](World& world, HostId a, HostId b) { world.add_duplication(a, b, all); },
            [](World& world, HostId a, HostId b) { world.remove_duplication(a, b, all); }}},
          {reorder,
           {[](World& world, HostId a, HostId b) { world.add_reordering(a, b, all, by); },
            [](World& world, HostId a, HostId b) { world.remove_reordering(a, b, all, by); }}},
          {hold,
           {[](World& world, HostId a, HostId b) { world.hold(a, b); },
            [](World& world, HostId a, HostId b) { world.release(a, b); }}},
          {throttle,
           {[](World& world, HostId a, HostId b) { world.throttle(a, b, rate); },
            [](World& world, HostId a, HostId b) { world.unthrottle(a, b, rate); }}},
          {swizzle,
           {[](World& world, HostId a, HostId) { world.clog(a); },
            [](World& world, HostId a, HostId) { world.unclog(a); }}},
          {power_loss,
           {[](World& world, HostId, HostId b) { world.power_off(b); },
            [](World& world, HostId, HostId b) { world.power_on(b); }}}};
}

// 30 datagrams, a millisecond apart; the trouble begins and ends between two of them.
FaultCounts counted(const Trouble& trouble, bool the_other_way = false) {
  Lab lab;
  const HostId from = the_other_way ? lab.server : lab.client;
  const HostId to = the_other_way ? lab.client : lab.server;
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab, 30, milliseconds(1)); });
  lab.world.at(at(microseconds(9500)), [&] { trouble.begins(lab.world, from, to); });
  lab.world.at(at(microseconds(19'500)), [&] { trouble.ends(lab.world, from, to); });
  lab.run_for(milliseconds(29) + microseconds(500));
  return lab.world.fault_counts();
}

TEST_CASE("a fault of a link is observed once for each packet that it strikes") {
  for (const auto& [kind, trouble] : troubles_of_links()) {
    const FaultCounts counts = counted(trouble);
    INFO(fault_kind_name(kind));
    CHECK(counts[kind].injected == 1);
    CHECK(counts[kind].observed == 10);
  }
}

TEST_CASE("a fault of the other direction is not observed") {
  for (const auto& [kind, trouble] : troubles_of_links()) {
    // These are about hosts, and thus about both directions.
    if (kind == FaultKind::swizzle || kind == FaultKind::power_loss) continue;
    const FaultCounts counts = counted(trouble, true);
    INFO(fault_kind_name(kind));
    CHECK(counts[kind].injected == 1);
    CHECK(counts[kind].observed == 0);
  }
}

TEST_CASE("what a link does by itself is not put down to a fault") {
  LinkOptions options = slow_link(1000);
  options.loss_ppm = options.duplicate_ppm = options.reorder_ppm = ppm_always / 3;
  Lab lab;
  set_both(lab, options);
  lab.world.throttle(lab.client, lab.server, 2000);  // which is no limit to half of it
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab, 100, milliseconds(1)); });
  lab.run_for(minutes(1));
  CHECK(lab.diary.lines().size() > 20);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    CHECK(lab.world.fault_counts()[static_cast<FaultKind>(kind)].observed == 0);
  }
}

// Two streams, of which one is closed already, and a datagram socket.
Task<void> has_open(Env& env, Lab* lab) {
  Stream one = co_await connect_or_throw(env, lab->at_server());
  Stream other = co_await connect_or_throw(env, lab->at_server());
  DatagramSocket socket = bind_or_throw(env, Endpoint(Address::any(Address::Family::v4), 0));
  other.close();
  co_await env.clock.sleep_for(minutes(60));
}

TEST_CASE(
    "a crash is observed by each stream and socket that it closed, not by those closed before") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  const ProcessId client = lab.run(lab.client, [&](Env& env) { return has_open(env, &lab); });
  lab.world.at(at(seconds(1)), [&] {
    lab.world.kill(client);
    lab.world.kill(client);
  });
  lab.run_for(seconds(2));
  CHECK(lab.world.fault_counts()[FaultKind::crash].injected == 1);
  CHECK(lab.world.fault_counts()[FaultKind::crash].observed == 2);
}

TEST_CASE("a refusal is observed by whoever would have been accepted") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  for (const int when : {1, 2, 3, 4, 5}) {
    lab.world.at(at(milliseconds(when)),
                 [&] { lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in); }); });
  }
  // Nobody listens there: refused, but not by the fault.
  lab.world.at(at(milliseconds(3)), [&] {
    lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in, Duration(0), 81); });
  });
  lab.world.at(at(microseconds(1500)), [&] { lab.world.refuse_connects(lab.server); });
  lab.world.at(at(microseconds(4500)), [&] { lab.world.accept_connects(lab.server); });
  lab.run_for(seconds(1));
  CHECK(lab.world.fault_counts()[FaultKind::refuse].injected == 1);
  CHECK(lab.world.fault_counts()[FaultKind::refuse].observed == 3);
}

TEST_CASE("a single connect is refused by its number, whenever it comes, and no other") {
  for (const int nth : {1, 3, 6}) {
    Lab lab;
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
    for (const int when : {10, 20, 30, 40, 50}) {
      lab.world.at(at(milliseconds(when)), [&] {
        lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in); });
      });
    }
    lab.world.refuse_connect(lab.client, lab.server, static_cast<std::uint64_t>(nth));
    lab.world.refuse_connect(lab.server, lab.client, 2);
    lab.run_for(seconds(1));
    std::vector<int> refused;
    for (std::size_t line = 0; line < lab.diary.lines().size(); ++line) {
      const std::string& text = lab.diary.lines()[line];
      if (text.find("connection_refused") == std::string::npos) continue;
      refused.push_back(static_cast<int>(line) + 1);
    }
    CHECK(refused == (nth > 5 ? std::vector<int>() : std::vector<int>{nth}));
    CHECK(lab.world.fault_counts()[FaultKind::refuse].injected == 2);
    CHECK(lab.world.fault_counts()[FaultKind::refuse].observed == refused.size());
  }
}

TEST_CASE("short reads and writes are observed when they are short, and one byte never is") {
  for (const std::size_t bytes : {1U, 64U}) {
    Lab lab;
    lab.world.shorten_io(lab.client);
    std::size_t calls = 0;
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
    lab.run(lab.client, [&](Env& env) -> Task<void> {
      return [](Env& with, Lab* in, std::size_t length, std::size_t* shorter) -> Task<void> {
        Stream stream = co_await connect_or_throw(with, in->at_server());
        const std::string text(length, 'x');
        for (int count = 0; count < 50; ++count) {
          const std::string taken = co_await write(&stream, text);
          if (taken != std::to_string(length)) ++*shorter;
        }
      }(env, &lab, bytes, &calls);
    });
    lab.run_for(seconds(1));
    CHECK(lab.world.fault_counts()[FaultKind::short_io].observed == calls);
    CHECK((calls > 0) == (bytes > 1));
  }
}

TEST_CASE("nothing is put in place where there is nothing to strike") {
  Lab lab;
  const ProcessId over = lab.run(lab.client, [](Env&, Lab*) -> Task<void> { co_return; });
  lab.run_for(seconds(1));
  CHECK_FALSE(lab.world.running(over));
  lab.world.kill(over);
  lab.world.pause(over);
  lab.world.exhaust_descriptors(over);
  CHECK_FALSE(lab.world.hang_up(lab.client, lab.server, HangUp::reset, 1));
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    CHECK(lab.world.fault_counts()[static_cast<FaultKind>(kind)].injected == 0);
  }
}

TEST_CASE("without descriptors no datagram socket is bound either") {
  Lab lab;
  const ProcessId client = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    co_await env.clock.sleep_for(seconds(1));
    const auto socket = env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 0));
    in->diary.note(env, outcome(socket));
  });
  lab.world.exhaust_descriptors(client);
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1s too_many_files_open"});
  CHECK(lab.world.fault_counts()[FaultKind::no_descriptors].observed == 1);
}

}  // namespace
}  // namespace piccolo::test
