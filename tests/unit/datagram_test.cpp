#include "piccolo/core/datagram.hpp"

#include <array>
#include <span>
#include <string>

#include "catch.hpp"
#include "death.hpp"
#include "fake_datagram.hpp"
#include "manual_world.hpp"

using namespace piccolo;
using namespace piccolo::test;

namespace {

const Endpoint somebody(Address::v4(10, 0, 0, 9), 99);

Task<void> receive(DatagramSocket& socket, std::size_t room, std::string name, Lines* lines) {
  std::array<std::byte, 64> buffer{};
  const auto got = co_await socket.receive_from(std::span(buffer).first(room));
  if (got) {
    lines->push_back(name + ": " + std::to_string(got->bytes) + " from " + got->from.to_string() +
                     (got->truncated ? " truncated" : ""));
  } else {
    lines->push_back(name + ": " + error_name(got.error()));
  }
}

Task<void> send(DatagramSocket& socket, std::string text, std::string name, Lines* lines) {
  const auto sent = co_await socket.send(std::as_bytes(std::span(text)));
  lines->push_back(name + ": " + (sent ? std::to_string(*sent) : error_name(sent.error())));
}

Task<void> send_to(DatagramSocket& socket, std::string text, Endpoint to) {
  const auto sent = co_await socket.send_to(std::as_bytes(std::span(text)), to);
  CHECK(sent == text.size());
}

}  // namespace

TEST_CASE("datagram: a receive waits, and tells sender, size and truncation") {
  FakeDatagram fake;
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  world.spawn(receive(socket, 8, "first", &lines));
  world.settle();
  CHECK(fake.receive_pending());
  CHECK(lines.empty());
  fake.arrive("abc");
  fake.arrive("");
  fake.arrive("0123456789");
  world.settle();
  world.run(receive(socket, 8, "empty", &lines));
  world.run(receive(socket, 8, "long", &lines));
  CHECK(lines == Lines{"first: 3 from 127.0.0.1:2", "empty: 0 from 127.0.0.1:2",
                       "long: 8 from 127.0.0.1:2 truncated"});
}

TEST_CASE("datagram: empty datagrams are sent, and an empty buffer takes one away") {
  FakeDatagram fake;
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  world.run(send(socket, "", "send", &lines));
  CHECK(fake.sent == Lines{" to peer"});
  fake.arrive("gone");
  world.run(receive(socket, 0, "receive", &lines));
  CHECK(lines == Lines{"send: 0", "receive: 0 from 127.0.0.1:2 truncated"});
}

TEST_CASE("datagram: a destination is canonical, and the connected peer needs none") {
  FakeDatagram fake;
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  const Endpoint mapped(Address::parse("::ffff:10.0.0.9").value(), 99);
  world.run(send_to(socket, "a", mapped));
  CHECK(socket.connect(mapped));
  CHECK(socket.remote_endpoint() == somebody);
  world.run(send(socket, "b", "send", &lines));
  CHECK(fake.sent == Lines{"a to 10.0.0.9:99", "b to peer"});
  CHECK(socket.connect(Endpoint(somebody.address, 0)).error() == std::errc::invalid_argument);
  CHECK(socket.remote_endpoint() == somebody);
}

TEST_CASE("datagram: a second receive while the first is pending is refused, and harms nothing") {
  FakeDatagram fake;
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  world.spawn(receive(socket, 8, "first", &lines));
  world.spawn(receive(socket, 8, "second", &lines));
  world.settle();
  CHECK(lines == Lines{"second: concurrent_receive"});
  CHECK(fake.receive_pending());
  fake.arrive("abc");
  world.settle();
  CHECK(lines.back() == "first: 3 from 127.0.0.1:2");
}

TEST_CASE("datagram: a second send while the first is pending is refused, a receive is not") {
  FakeDatagram fake(0);
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  world.spawn(send(socket, "one", "first", &lines));
  world.spawn(send(socket, "two", "second", &lines));
  world.spawn(receive(socket, 8, "receive", &lines));
  world.settle();
  CHECK(lines == Lines{"second: concurrent_send"});
  fake.make_room(1);
  fake.arrive("x");
  world.settle();
  CHECK(lines == Lines{"second: concurrent_send", "first: 3", "receive: 1 from 127.0.0.1:2"});
  CHECK(fake.sent == Lines{"one to peer"});
}

TEST_CASE("datagram: a failed receive leaves the socket usable") {
  FakeDatagram fake;
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  world.spawn(receive(socket, 8, "first", &lines));
  world.settle();
  fake.fail_receive(std::errc::connection_refused);
  fake.arrive("abc");
  world.run(receive(socket, 8, "second", &lines));
  CHECK(lines == Lines{"first: connection_refused", "second: 3 from 127.0.0.1:2"});
}

TEST_CASE("datagram: on a closed handle everything is a bad file descriptor") {
  ManualWorld world;
  Lines lines;
  DatagramSocket socket;
  CHECK_FALSE(socket.is_open());
  world.run(receive(socket, 8, "receive", &lines));
  world.run(send(socket, "x", "send", &lines));
  CHECK(lines == Lines{"receive: bad_file_descriptor", "send: bad_file_descriptor"});
  CHECK(socket.connect(somebody).error() == std::errc::bad_file_descriptor);
  socket.close();
  CHECK_THAT(abort_message([] { static_cast<void>(DatagramSocket().local_endpoint()); }),
             contains_text("local_endpoint of a closed datagram socket"));
  CHECK_THAT(abort_message([] { static_cast<void>(DatagramSocket().remote_endpoint()); }),
             contains_text("remote_endpoint of a closed datagram socket"));
}

TEST_CASE("datagram: close completes what is pending with operation_canceled, and releases once") {
  FakeDatagram fake(0);
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  world.spawn(receive(socket, 8, "receive", &lines));
  world.spawn(send(socket, "x", "send", &lines));
  world.settle();
  socket.close();
  CHECK(fake.releases == 1);
  CHECK_FALSE(fake.receive_pending());
  CHECK_FALSE(fake.send_pending());
  socket.close();
  world.settle();
  CHECK(lines == Lines{"receive: operation_canceled", "send: operation_canceled"});
  CHECK(fake.releases == 1);
}

TEST_CASE("datagram: the handle moves, and closes what it held before") {
  FakeDatagram one;
  FakeDatagram two;
  {
    DatagramSocket first(one);
    DatagramSocket second(two);
    first = std::move(second);
    CHECK(one.releases == 1);
    CHECK(first.is_open());
    const DatagramSocket third(std::move(first));
    CHECK(two.releases == 0);
    CHECK(third.local_endpoint().port == 1);
    CHECK(third.remote_endpoint() == std::nullopt);
  }
  CHECK(one.releases == 1);
  CHECK(two.releases == 1);
}

TEST_CASE("datagram: an operation unregisters when its frame is destroyed or canceled") {
  FakeDatagram fake(0);
  ManualWorld world;
  Lines lines;
  DatagramSocket socket(fake);
  {
    Scope scope(world.executor);
    scope.spawn(receive(socket, 8, "receive", &lines));
    scope.spawn(send(socket, "x", "send", &lines));
    world.settle();
    CHECK(fake.receive_pending());
    CHECK(fake.send_pending());
  }
  CHECK_FALSE(fake.receive_pending());
  CHECK_FALSE(fake.send_pending());
  CHECK(lines.empty());
  Scope scope(world.executor);
  scope.spawn(receive(socket, 8, "receive", &lines));
  scope.spawn(send(socket, "x", "send", &lines));
  world.settle();
  scope.cancel();
  CHECK_FALSE(fake.receive_pending());
  CHECK_FALSE(fake.send_pending());
  fake.arrive("kept");
  world.settle();
  world.run(receive(socket, 8, "again", &lines));
  CHECK(lines == Lines{"receive: operation_canceled", "send: operation_canceled",
                       "again: 4 from 127.0.0.1:2"});
  CHECK(fake.sent.empty());
}
