// Another seed in the middle of a run: all as it was up to there, and every kind of draw another
// one from there on.

#include <functional>

#include "datagram_lab.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::read;
using conformance::write;

constexpr TimePoint moment{milliseconds(50)};

WorldOptions jittery() {
  WorldOptions options;
  options.link.latency.shape = LatencyModel::Shape::uniform;
  options.link.latency.spread = microseconds(400);
  options.buggify_ppm = 1'000'000;
  return options;
}

struct Story {
  Lines before;
  Lines after;
  std::uint64_t hash_before = 0;
  std::uint64_t hash = 0;
  bool operator==(const Story&) const = default;
};

using Programs = std::function<void(Lab&)>;

Story tell(const Programs& programs, const WorldOptions& options,
           std::optional<std::uint64_t> reseed, std::uint64_t seed = 1) {
  Lab lab(options, seed);
  programs(lab);
  Story story;
  lab.world.run_until(moment - Duration(1));
  story.before = lab.diary.lines();
  story.hash_before = lab.world.trace().hash();
  if (reseed) lab.world.reseed(*reseed);
  lab.world.run_until(at(milliseconds(200)));
  const Lines& all = lab.diary.lines();
  story.after.assign(all.begin() + static_cast<std::ptrdiff_t>(story.before.size()), all.end());
  story.hash = lab.world.trace().hash();
  return story;
}

// How many of 20 seeds, from the moment on, tell another story than there is without.
int others(const Programs& programs, const WorldOptions& options = jittery()) {
  const Story as_it_was = tell(programs, options, std::nullopt);
  CHECK_FALSE(as_it_was.before.empty());
  CHECK_FALSE(as_it_was.after.empty());
  int different = 0;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const Story story = tell(programs, options, seed);
    CHECK(story == tell(programs, options, seed));
    CHECK(story.before == as_it_was.before);
    CHECK(story.hash_before == as_it_was.hash_before);
    if (story.after != as_it_was.after) ++different;
  }
  return different;
}

Task<void> chats(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  for (int count = 0; count < 20; ++count) {
    co_await write(&stream, "chat");
    const std::string got = co_await read(&stream);
    lab->diary.note(env, got);
    co_await env.clock.sleep_for(milliseconds(9));
  }
}

TEST_CASE("a reseeded world draws other latencies for a stream that is open already") {
  CHECK(others([](Lab& lab) {
          lab.run(lab.server, [&lab](Env& env) { return echoes(env, &lab); });
          lab.run(lab.client, [&lab](Env& env) { return chats(env, &lab); });
        }) == 20);
}

Task<void> sends_name(Env& env, Endpoint to, std::string name) {
  DatagramSocket socket = bind_or_throw(env, Endpoint(Address::any(Address::Family::v4), 0));
  for (int count = 0; count < 15; ++count) {
    co_await conformance::send_to(&socket, name, to);
    co_await env.clock.sleep_for(milliseconds(9));
  }
}

// On links that draw nothing, by the kernel of one host alone.
int others_by_kernel_of(HostId Lab::* host) {
  return others(
      [host](Lab& lab) {
        TcpOptions tcp;
        tcp.wake_delay_max = milliseconds(1);
        lab.world.set_tcp(lab.*host, tcp);
        lab.run(lab.server, [&lab](Env& env) { return echoes(env, &lab); });
        lab.run(lab.client, [&lab](Env& env) { return chats(env, &lab); });
      },
      WorldOptions());
}

TEST_CASE("a reseeded world draws anew when a reader wakes up at either end") {
  CHECK(others_by_kernel_of(&Lab::client) == 20);
  CHECK(others_by_kernel_of(&Lab::server) == 20);
}

TEST_CASE("a link of a reseeded world draws anew for packets that it held back before") {
  CHECK(others([](Lab& lab) {
          lab.run(lab.server, [&lab](Env& env) { return collects(env, &lab); });
          lab.run(lab.client, [&lab](Env& env) { return counts(env, &lab, 4, milliseconds(12)); });
          lab.world.at(at(milliseconds(30)), [&lab] { lab.world.hold(lab.client, lab.server); });
          lab.world.at(at(milliseconds(60)), [&lab] { lab.world.release(lab.client, lab.server); });
        }) == 20);
}

TEST_CASE("datagrams that arrive together come in another order in a reseeded world") {
  CHECK(others(
            [](Lab& lab) {
              lab.run(lab.server, [&lab](Env& env) { return collects(env, &lab); });
              for (const char* const name : {"a", "b", "c"}) {
                const HostId host = lab.world.add_host(name);
                lab.run(host,
                        [&lab, name](Env& env) { return sends_name(env, lab.at_server(), name); });
              }
            },
            WorldOptions()) > 15);
}

TEST_CASE("a reseeded world draws other latencies for datagrams") {
  CHECK(others([](Lab& lab) {
          lab.run(lab.server, [&lab](Env& env) { return collects(env, &lab); });
          lab.run(lab.client, [&lab](Env& env) { return counts(env, &lab, 20, milliseconds(9)); });
        }) == 20);
}

Task<void> notes_port(Env& env, Lab* lab) {
  for (int count = 0; count < 10; ++count) {
    const Listener listener = conformance::listen_or_throw(env, lab->at_server(0));
    lab->diary.note(env, listener.local_endpoint().to_string());
    co_await env.clock.sleep_for(milliseconds(11));
  }
}

TEST_CASE("a reseeded world draws other ports") {
  CHECK(others([](Lab& lab) {
          lab.run(lab.server, [&lab](Env& env) { return notes_port(env, &lab); });
        }) == 20);
}

Task<void> draws(Env& env, Lab* lab) {
  Draws held = env.random.stream("held");
  const Random child = env.random.child("child");
  for (int count = 0; count < 10; ++count) {
    lab->diary.note(env, std::to_string(held.next()));
    lab->diary.note(env, std::to_string(child.stream("asked for", 7).next()));
    lab->diary.note(env, std::to_string(env.random.stream("asked for", 7).next()));
    co_await env.clock.sleep_for(milliseconds(11));
  }
}

TEST_CASE("programs draw other numbers in a reseeded world, by what they hold as well") {
  const Programs programs = [](Lab& lab) {
    lab.run(lab.client, [&lab](Env& env) { return draws(env, &lab); });
  };
  const Story as_it_was = tell(programs, jittery(), std::nullopt);
  const Story other = tell(programs, jittery(), 100);
  CHECK(other.before == as_it_was.before);
  REQUIRE(other.after.size() == as_it_was.after.size());
  for (std::size_t line = 0; line < other.after.size(); ++line) {
    CHECK(other.after[line] != as_it_was.after[line]);
  }
}

Task<void> asks(Env& env, Lab* lab) {
  for (int count = 0; count < 150; ++count) {
    lab->diary.note(env, env.probes.buggify("site") ? "yes" : "no");
    co_await env.clock.sleep_for(milliseconds(1));
  }
}

TEST_CASE("probes fire at other times in a reseeded world") {
  CHECK(others([](Lab& lab) {
          lab.run(lab.client, [&lab](Env& env) { return asks(env, &lab); });
        }) == 20);
}

TEST_CASE("which probes' sites are on stays as it was in a reseeded world") {
  WorldOptions options = jittery();
  options.buggify_ppm = 250'000;
  const Programs programs = [](Lab& lab) {
    lab.run(lab.client, [&lab](Env& env) { return asks(env, &lab); });
  };
  const auto fires = [](const Lines& lines) {
    return std::any_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return line.ends_with("yes"); });
  };
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Story story = tell(programs, options, 100 + seed, seed);
    CHECK(fires(story.before) == fires(story.after));
  }
}

Task<void> notes_number(Env& env, Lab* lab, int number) {
  lab->diary.note(env, std::to_string(number));
  co_return;
}

Task<void> spawns_many(Env& env, Lab* lab) {
  for (int count = 0; count < 10; ++count) {
    Scope scope(env.executor);
    for (int number = 0; number < 6; ++number) scope.spawn(notes_number(env, lab, number));
    co_await scope.join();
    co_await env.clock.sleep_for(milliseconds(11));
  }
}

TEST_CASE("ready tasks run in another order in a reseeded world") {
  const Programs programs = [](Lab& lab) {
    lab.run(lab.client, [&lab](Env& env) { return spawns_many(env, &lab); });
  };
  for (const ReadyOrder order : {ReadyOrder::random, ReadyOrder::pct(3)}) {
    WorldOptions options;
    options.ready_order = order;
    CHECK(others(programs, options) == 20);
  }
  WorldOptions in_order;
  in_order.ready_order = ReadyOrder::fifo;
  CHECK(others(programs, in_order) == 0);
}

Task<void> ticks_with_others(Env& env, Lab* lab, int number) {
  for (int count = 1; count < 18; ++count) {
    co_await env.clock.sleep_until(at(count * milliseconds(11)));
    lab->diary.note(env, std::to_string(number));
  }
}

TEST_CASE("simultaneous timers fire in another order in a reseeded world") {
  CHECK(others([](Lab& lab) {
          for (int number = 0; number < 6; ++number) {
            lab.run(lab.client,
                    [&lab, number](Env& env) { return ticks_with_others(env, &lab, number); });
          }
        }) == 20);
}

TEST_CASE("a reseeded world goes on by that seed alone, from what there is") {
  const Programs programs = [](Lab& lab) {
    lab.run(lab.client, [&lab](Env& env) { return draws(env, &lab); });
  };
  Lab lab(jittery());
  CHECK(lab.world.seed() == 1);
  lab.world.reseed(7);
  CHECK(lab.world.seed() == 7);
  CHECK(tell(programs, jittery(), 7).after != tell(programs, jittery(), 8).after);
}

}  // namespace
}  // namespace piccolo::test
