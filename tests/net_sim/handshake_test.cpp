// Opening a connection through a network that loses things: exactly when it succeeds, or fails.

#include "lab.hpp"

namespace piccolo::test {
namespace {

TEST_CASE("a connection takes one round trip") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"200us connected"});
}

TEST_CASE("refusal takes one round trip") {
  Lab lab;
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"200us connection_refused"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a host may connect to itself by its own address, over its loopback") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.server, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"20us connected"});
}

TEST_CASE("connecting to a host that is down times out when the kernel's patience ends") {
  Lab lab;
  lab.world.power_off(lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.finish();
  // 1 + 2 + 4 + 8 + 16 + 32 + 64: net.ipv4.tcp_syn_retries = 6 with exponential back-off. Kernels
  // from 6.5 on put four linear retries before it (tcp_syn_linear_timeouts) and take 131 s.
  CHECK(lab.diary.lines() == Lines{"127s timed_out"});
  CHECK(lab.world.fault_counts()[FaultKind::power_loss].observed == 7);
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("connecting through a partition times out, and is never refused") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.partition(lab.client, lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(minutes(5));
  CHECK(lab.diary.lines() == Lines{"127s timed_out"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("connecting while only the way back is cut does not succeed") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.cut(lab.server, lab.client);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(minutes(5));
  CHECK(lab.diary.lines() == Lines{"127s timed_out"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("connecting to an address that no host has times out") {
  Lab lab;
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const Endpoint nobody(Address::v4(10, 9, 9, 9), 80);
    const auto stream = co_await env.network.connect(nobody);
    in->diary.note(env, outcome(stream));
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"127s timed_out"});
}

TEST_CASE("a lost SYN is sent again after a second") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.cut(lab.client, lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(milliseconds(500)), [&] { lab.world.mend(lab.client, lab.server); });
  lab.run_for(seconds(10));
  CHECK(lab.diary.lines() == Lines{"1.0002s connected"});
}

TEST_CASE("a lost answer to the SYN is sent again after a second") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.cut(lab.server, lab.client);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(milliseconds(2500)), [&] { lab.world.mend(lab.server, lab.client); });
  lab.run_for(seconds(10));
  // The third SYN leaves at 1 + 2 s; the server's own timer, 100 us later, comes too late.
  CHECK(lab.diary.lines() == Lines{"3.0002s connected"});
}

TEST_CASE("a SYN whose first half-open connection was given up opens another, and is not refused") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.cut(lab.server, lab.client);
  // The last SYN leaves at 63 s. Just before it arrives the server gives up, also after 63 s.
  lab.world.at(at(milliseconds(62'999)), [&] {
    lab.world.add_delay(lab.client, lab.server, milliseconds(10));
    lab.world.mend(lab.server, lab.client);
  });
  lab.run_for(minutes(3));
  CHECK(lab.diary.lines() == Lines{"63.0102s connected"});
}

TEST_CASE("a host that comes up while its clients knock answers the next knock") {
  Lab lab;
  const ProcessId server =
      lab.world.add_process(lab.server, "server", [&](Env& env) { return keeps(env, &lab); });
  lab.world.power_off(lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(seconds(5)), [&] {
    lab.world.power_on(lab.server);
    lab.world.start(server);
  });
  lab.run_for(minutes(3));
  CHECK(lab.diary.lines() == Lines{"7.0002s connected"});
}

TEST_CASE("a server that loses power in mid handshake answers the SYN once it is back") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.cut(lab.server, lab.client);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(milliseconds(100)), [&] { lab.world.power_off(lab.server); });
  lab.world.at(at(milliseconds(200)), [&] {
    lab.world.power_on(lab.server);
    lab.world.mend(lab.server, lab.client);
    lab.world.start(server);
  });
  lab.run_for(minutes(3));
  CHECK(lab.diary.lines() == Lines{"1.0002s connected"});
}

TEST_CASE("a client that gave up is not connected by a late answer") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.add_delay(lab.server, lab.client, seconds(200));
  const ProcessId client = lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(minutes(10));
  CHECK(lab.diary.lines() == Lines{"127s timed_out"});
  CHECK_FALSE(lab.world.running(client));
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a slow handshake is not disturbed by the SYNs that are sent meanwhile") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.world.add_delay(lab.client, lab.server, seconds(3));
  lab.world.add_delay(lab.server, lab.client, seconds(3));
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await conformance::connect_or_throw(env, in->at_server());
    in->diary.note(env, "connected");
    co_await conformance::write(&stream, "hello");
    const std::string got = co_await conformance::read(&stream);
    in->diary.note(env, got);
  });
  lab.run_for(minutes(3));
  CHECK(lab.diary.lines() == Lines{"6.0002s connected", "12.0004s [hello]"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("refusing is a fault of the host, and ends with it") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.refuse_connects(lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(milliseconds(1));
  lab.world.accept_connects(lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"200us connection_refused", "1.2ms connected"});
  CHECK(lab.world.fault_counts()[FaultKind::refuse].injected == 1);
  CHECK(lab.world.fault_counts()[FaultKind::refuse].observed == 1);
}

TEST_CASE("latencies beyond the end of time do not overflow") {
  WorldOptions options;
  options.link.latency.base = Duration::max();
  Lab lab(options);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(minutes(5));
  CHECK(lab.diary.lines() == Lines{"127s timed_out"});
  lab.world.add_delay(lab.client, lab.server, Duration::max());
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(minutes(5));
  CHECK(lab.diary.lines().back() == "427s timed_out");
}

TEST_CASE("without latency everything happens at once, in order") {
  WorldOptions options;
  options.link.latency.base = Duration(0);
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await conformance::connect_or_throw(env, in->at_server());
    in->diary.note(env, "connected");
    for (int count = 0; count < 100; ++count) {
      const std::string word = std::to_string(count);
      co_await conformance::write(&stream, word);
      const std::string got = co_await conformance::read(&stream);
      if (got != "[" + word + "]") FAIL(got);
    }
  });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"0s connected"});
}

}  // namespace
}  // namespace piccolo::test
