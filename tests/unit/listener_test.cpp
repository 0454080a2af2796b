#include "piccolo/core/listener.hpp"

#include <string>

#include "catch.hpp"
#include "death.hpp"
#include "fake_stream.hpp"
#include "manual_world.hpp"

using namespace piccolo;
using namespace piccolo::test;

namespace {

Task<void> accept_one(Listener& listener, std::string name, Lines* lines) {
  const auto stream = co_await listener.accept();
  lines->push_back(name + ": " + (stream ? "accepted" : error_name(stream.error())));
}

}  // namespace

TEST_CASE("listener: accept waits for a connection, whose stream is closed with its handle") {
  FakeListener fake;
  FakeStream stream;
  ManualWorld world;
  Lines lines;
  Listener listener(fake);
  CHECK(listener.local_endpoint().port == 19919);
  world.spawn(accept_one(listener, "first", &lines));
  world.settle();
  CHECK(lines.empty());
  fake.connect(stream);
  CHECK(stream.releases == 0);
  world.settle();
  CHECK(lines == Lines{"first: accepted"});
  CHECK(stream.releases == 1);
}

TEST_CASE("listener: a failed accept leaves it usable") {
  FakeListener fake;
  FakeStream stream;
  ManualWorld world;
  Lines lines;
  Listener listener(fake);
  world.spawn(accept_one(listener, "first", &lines));
  world.settle();
  fake.fail(std::errc::too_many_files_open);
  world.settle();
  world.spawn(accept_one(listener, "second", &lines));
  world.settle();
  fake.connect(stream);
  world.settle();
  CHECK(lines == Lines{"first: too_many_files_open", "second: accepted"});
}

TEST_CASE("listener: a second accept while the first is pending is refused") {
  FakeListener fake;
  FakeStream stream;
  ManualWorld world;
  Lines lines;
  Listener listener(fake);
  world.spawn(accept_one(listener, "first", &lines));
  world.spawn(accept_one(listener, "second", &lines));
  world.settle();
  CHECK(lines == Lines{"second: concurrent_accept"});
  CHECK(fake.accept_pending());
  fake.connect(stream);
  world.settle();
  CHECK(lines.back() == "first: accepted");
}

TEST_CASE("listener: on a closed handle accept is a bad file descriptor") {
  ManualWorld world;
  Lines lines;
  Listener listener;
  CHECK_FALSE(listener.is_open());
  world.run(accept_one(listener, "first", &lines));
  CHECK(lines == Lines{"first: bad_file_descriptor"});
  CHECK_THAT(abort_message([] { static_cast<void>(Listener().local_endpoint()); }),
             contains_text("local_endpoint of a closed listener"));
}

TEST_CASE("listener: close completes a pending accept with operation_canceled") {
  FakeListener fake;
  ManualWorld world;
  Lines lines;
  Listener listener(fake);
  world.spawn(accept_one(listener, "first", &lines));
  world.settle();
  listener.close();
  CHECK(fake.releases == 1);
  world.settle();
  CHECK(lines == Lines{"first: operation_canceled"});
}

TEST_CASE("listener: an accept unregisters when its frame is destroyed or canceled") {
  FakeListener fake;
  ManualWorld world;
  Lines lines;
  Listener listener(fake);
  {
    Scope scope(world.executor);
    scope.spawn(accept_one(listener, "destroyed", &lines));
    world.settle();
    CHECK(fake.accept_pending());
  }
  CHECK_FALSE(fake.accept_pending());
  Scope scope(world.executor);
  scope.spawn(accept_one(listener, "canceled", &lines));
  world.settle();
  scope.cancel();
  CHECK_FALSE(fake.accept_pending());
  world.settle();
  CHECK(lines == Lines{"canceled: operation_canceled"});
}

TEST_CASE("listener: a connection that was accepted but never taken is closed") {
  FakeListener fake;
  FakeStream stream;
  ManualWorld world;
  Lines lines;
  Listener listener(fake);
  {
    Scope scope(world.executor);
    scope.spawn(accept_one(listener, "destroyed", &lines));
    world.settle();
    fake.connect(stream);  // the fiber is ready, and never resumed
  }
  CHECK(stream.releases == 1);
}

TEST_CASE("listener: the handle moves, and closes what it held before") {
  FakeListener one;
  FakeListener two;
  {
    Listener first(one);
    first = Listener(two);
    CHECK(one.releases == 1);
    Listener second(std::move(first));
    CHECK(second.is_open());
    CHECK(two.releases == 0);
  }
  CHECK(two.releases == 1);
}
