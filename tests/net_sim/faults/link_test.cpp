// Loss, duplication, reordering, holding and throttling: what each does to packets, and that it
// ends.

#include "../lab.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::read_all;
using conformance::write;

std::uint64_t observed(const Lab& lab, FaultKind kind) {
  return lab.world.fault_counts()[kind].observed;
}

// The server accepts for ever; one client connects now, and one at three seconds.
void connect_twice(Lab& lab) {
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(seconds(3)),
               [&] { lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in); }); });
  lab.run_for(seconds(4));
}

TEST_CASE("a link that loses all packets loses the first SYN, and not the one after its healing") {
  Lab lab;
  lab.world.add_loss(lab.client, lab.server, ppm_always);
  lab.world.at(at(milliseconds(500)),
               [&] { lab.world.remove_loss(lab.client, lab.server, ppm_always); });
  connect_twice(lab);
  CHECK(lab.diary.lines() == Lines{"1.0002s connected", "3.0002s connected"});
  CHECK(lab.world.fault_counts()[FaultKind::loss].injected == 1);
  CHECK(observed(lab, FaultKind::loss) == 1);
}

TEST_CASE("losses add up, and are taken back one by one") {
  Lab lab;
  lab.world.add_loss(lab.client, lab.server, ppm_always);
  lab.world.add_loss(lab.client, lab.server, ppm_always / 2);
  lab.world.remove_loss(lab.client, lab.server, ppm_always / 2);
  lab.world.at(at(milliseconds(500)),
               [&] { lab.world.remove_loss(lab.client, lab.server, ppm_always); });
  connect_twice(lab);
  CHECK(observed(lab, FaultKind::loss) == 1);
}

TEST_CASE("a link that loses half its packets loses about half") {
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Lab lab(WorldOptions(), seed);
    lab.world.add_loss(lab.client, lab.server, ppm_always / 2);
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
    lab.run(lab.client, [&](Env& env) { return connects(env, &lab, seconds(1)); });
    lab.run_for(milliseconds(1));
    if (lab.diary.lines().empty()) ++lost;
  }
  CHECK(lost > 70);
  CHECK(lost < 130);
}

TEST_CASE("a link that duplicates delivers every packet twice, and the bytes once") {
  Lab lab;
  lab.world.add_duplication(lab.client, lab.server, ppm_always);
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await write(&stream, "once");
    co_await env.clock.sleep_for(seconds(1));
    in->world.remove_duplication(in->client, in->server, ppm_always);
    CHECK(observed(*in, FaultKind::duplicate) >= 3);  // SYN, its acknowledgement, and the data
    const std::uint64_t before = observed(*in, FaultKind::duplicate);
    co_await write(&stream, "more");
    co_await env.clock.sleep_for(seconds(1));
    CHECK(observed(*in, FaultKind::duplicate) == before);
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"300us [once]", "1.0003s [more]", "2.0003s end"});
}

TEST_CASE("a link that reorders lets packets be overtaken, and the bytes arrive in order") {
  std::uint64_t late = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Lab lab(WorldOptions(), seed);
    lab.world.add_reordering(lab.client, lab.server, ppm_always / 2, milliseconds(10));
    lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
      Listener listener = listen_or_throw(env, in->at_server());
      Stream stream = co_await accept_or_throw(&listener);
      const std::string all = co_await read_all(&stream);
      in->diary.note(env, all);
    });
    lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
      Stream stream = co_await connect_or_throw(env, in->at_server());
      for (const char* const word : {"a", "b", "c", "d", "e", "f"}) {
        co_await write(&stream, word);
        co_await env.clock.sleep_for(milliseconds(1));
      }
    });
    lab.finish();
    REQUIRE(lab.diary.lines().size() == 1);
    CHECK(lab.diary.lines().front().ends_with(" abcdef|end"));
    CHECK(observed(lab, FaultKind::reorder) > 0);
    if (!lab.diary.lines().front().starts_with("6.3ms ")) ++late;
  }
  CHECK(late > 15);
}

TEST_CASE("a link that no longer reorders is as quick as before") {
  Lab lab;
  lab.world.add_reordering(lab.client, lab.server, ppm_always, milliseconds(10));
  lab.world.at(at(seconds(1)), [&] {
    lab.world.remove_reordering(lab.client, lab.server, ppm_always, milliseconds(10));
  });
  connect_twice(lab);
  REQUIRE(lab.diary.lines().size() == 2);
  CHECK(lab.diary.lines()[0] != "200us connected");
  CHECK(lab.diary.lines()[1] == "3.0002s connected");
}

TEST_CASE("a held link keeps everything back, and on release lets it go at once") {
  Lab lab;
  lab.world.hold(lab.client, lab.server);
  lab.world.at(at(milliseconds(1500)), [&] { lab.world.release(lab.client, lab.server); });
  connect_twice(lab);
  CHECK(lab.diary.lines() == Lines{"1.5002s connected", "3.0002s connected"});
  CHECK(lab.world.fault_counts()[FaultKind::hold].injected == 1);
  CHECK(observed(lab, FaultKind::hold) == 2);  // the SYN, and its retry after a second
}

TEST_CASE("a link that is held twice is released twice") {
  Lab lab;
  lab.world.hold(lab.client, lab.server);
  lab.world.hold(lab.client, lab.server);
  lab.world.at(at(milliseconds(100)), [&] { lab.world.release(lab.client, lab.server); });
  lab.world.at(at(milliseconds(500)), [&] { lab.world.release(lab.client, lab.server); });
  connect_twice(lab);
  CHECK(lab.diary.lines().front() == "500.2ms connected");
}

TEST_CASE("what is held back does no harm when its sender is gone, whatever became of it") {
  for (const bool power : {false, true}) {
    for (const int moment : {50, 150, 250, 1000}) {
      Lab lab;
      lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
      const ProcessId client =
          lab.run(lab.client, [&](Env& env) { return connects(env, &lab, seconds(5)); });
      lab.world.at(at(microseconds(moment)) - microseconds(20),
                   [&] { lab.world.hold(lab.client, lab.server); });
      lab.world.at(at(microseconds(moment)), [&] {
        if (power) lab.world.power_off(lab.client);
        lab.world.kill(client);
      });
      lab.world.at(at(seconds(30)), [&] { lab.world.release(lab.client, lab.server); });
      lab.run_for(seconds(31));
      for (ProcessId process = 0; process < lab.world.process_count(); ++process) {
        lab.world.kill(process);
      }
      lab.finish();
      CHECK(lab.world.live_connections() == 0);
    }
  }
}

TEST_CASE("a world may be destroyed while a link holds packets") {
  Lab lab;
  lab.world.hold(lab.client, lab.server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(seconds(2));
  CHECK(observed(lab, FaultKind::hold) == 2);
}

TEST_CASE("a throttled link takes a packet's time for each packet") {
  Lab lab;
  lab.world.throttle(lab.client, lab.server, 1000);
  lab.world.at(at(seconds(1)), [&] { lab.world.unthrottle(lab.client, lab.server, 1000); });
  connect_twice(lab);
  REQUIRE(lab.diary.lines().size() == 2);
  // A SYN of 52 to 60 bytes, with or without options.
  CHECK(lab.diary.lines()[0] >= "52.2ms connected");
  CHECK(lab.diary.lines()[0] <= "60.2ms connected");
  CHECK(lab.diary.lines()[1] == "3.0002s connected");
  CHECK(observed(lab, FaultKind::throttle) > 0);
}

TEST_CASE("what waits on a throttled link departs when the throttle is gone") {
  Lab lab;
  lab.world.throttle(lab.client, lab.server, 1);
  lab.world.throttle(lab.client, lab.server, 100'000);
  lab.world.at(at(milliseconds(500)),
               [&] { lab.world.unthrottle(lab.client, lab.server, 100'000); });
  lab.world.at(at(milliseconds(900)), [&] { lab.world.unthrottle(lab.client, lab.server, 1); });
  connect_twice(lab);
  CHECK(lab.diary.lines() == Lines{"900.2ms connected", "3.0002s connected"});
}

}  // namespace
}  // namespace piccolo::test
