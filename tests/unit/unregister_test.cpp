// A crash destroys frames where they stand: every pending operation must take itself out of
// whatever it was registered with. Under AddressSanitizer these tests see what is left behind.

#include <string>

#include "catch.hpp"
#include "manual_world.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/with_timeout.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Task<void> sleeps(Clock& clock) { co_await clock.sleep_for(1h); }

Task<void> sends(Mailbox<std::string>& mailbox, std::string value) { co_await mailbox.send(value); }

Task<void> receives(Mailbox<std::string>& mailbox, Lines* lines) {
  const auto value = co_await mailbox.receive();
  lines->push_back(value ? *value : error_name(value.error()));
}

Task<void> joins(Scope& scope) { co_await scope.join(); }

Task<void> under_deadline(Clock& clock) { co_await with_timeout(clock, 2h, clock.sleep_for(1h)); }

}  // namespace

TEST_CASE("unregister: a sleep leaves the clock") {
  ManualWorld world;
  {
    Scope scope(world.executor);
    scope.spawn(sleeps(world.clock));
    world.settle();
    CHECK(world.clock.armed() == 1);
  }
  CHECK(world.clock.armed() == 0);
  CHECK(world.executor.idle());
}

TEST_CASE("unregister: a deadline leaves the clock") {
  ManualWorld world;
  {
    Scope scope(world.executor);
    scope.spawn(under_deadline(world.clock));
    world.settle();
    CHECK(world.clock.armed() == 2);
  }
  CHECK(world.clock.armed() == 0);
}

TEST_CASE("unregister: a deadline that has fired leaves the clock") {
  ManualWorld world;
  {
    Scope scope(world.executor);
    scope.spawn([](Clock& clock) -> Task<void> {
      co_await with_timeout(clock, 1h, clock.sleep_for(2h));
    }(world.clock));
    world.settle();
    world.clock.fire_next();  // the fiber is ready, and never resumed
  }
  CHECK(world.clock.armed() == 0);
  CHECK(world.executor.idle());
}

TEST_CASE("unregister: a receiver leaves the mailbox, and those behind it move up") {
  ManualWorld world;
  Lines lines;
  Mailbox<std::string> mailbox(1);
  Scope behind(world.executor);
  {
    Scope scope(world.executor);
    scope.spawn(receives(mailbox, &lines));
    world.settle();
    behind.spawn(receives(mailbox, &lines));
    world.settle();
  }
  CHECK(mailbox.try_send("a"));
  world.settle();
  CHECK(lines == Lines{"a"});
}

TEST_CASE("unregister: a sender leaves the mailbox with its value") {
  ManualWorld world;
  Lines lines;
  Mailbox<std::string> mailbox(1);
  CHECK(mailbox.try_send("in the box"));
  {
    Scope scope(world.executor);
    scope.spawn(sends(mailbox, "never sent, and long enough to be allocated"));
    world.settle();
  }
  world.run(receives(mailbox, &lines));
  CHECK(lines == Lines{"in the box"});
  CHECK(mailbox.size() == 0);
  CHECK(mailbox.try_send("room again"));
}

TEST_CASE("unregister: a join leaves the scope") {
  ManualWorld world;
  Scope joined(world.executor);
  joined.spawn(sleeps(world.clock));
  {
    Scope scope(world.executor);
    scope.spawn(joins(joined));
    world.settle();
  }
  world.drain();
  CHECK(joined.empty());
}

TEST_CASE("unregister: a fiber that is ready leaves the ready queue") {
  ManualWorld world;
  {
    Scope scope(world.executor);
    scope.spawn(sleeps(world.clock));
    CHECK_FALSE(world.executor.idle());
  }
  CHECK(world.executor.idle());
  CHECK_FALSE(world.executor.run_one());
}
