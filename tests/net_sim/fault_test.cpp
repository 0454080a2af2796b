// Delays and cuts, to the nanosecond. The other faults are in faults/.

#include "lab.hpp"

namespace piccolo::test {
namespace {

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

}  // namespace
}  // namespace piccolo::test
