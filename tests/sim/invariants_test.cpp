// Each invariant, made to fail by telling it by hand of what no node should do.

#include "piccolo/sim/invariants.hpp"

#include <array>

#include "property.hpp"

namespace piccolo::test {
namespace {

using sim::ClusterInvariants;
using sim::PendingBytes;

std::vector<std::byte> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

Task<void> do_nothing(Env&) { co_return; }

struct Watch {
  Watch() {
    for (const char* const name : {"n1", "n2"}) {
      const HostId host = world.add_host(name);
      world.add_process(host, name, [](Env& env) { return do_nothing(env); });
    }
  }

  StreamEnd end(Role role, ProcessId process, ConnectionId connection = 7) const {
    StreamEnd of;
    of.connection = connection;
    of.role = role;
    of.process = process;
    of.local = Endpoint(Address::v4(10, 0, 0, 1), 1000);
    of.remote = Endpoint(Address::v4(10, 0, 0, 2), 19919);
    return of;
  }

  void establish(ProcessId client, ProcessId server) {
    invariants.connected(end(Role::client, client));
    invariants.accepted(end(Role::server, server));
  }

  std::string broken() const { return world.failure() ? world.failure()->rule : "held"; }

  World world{1, WorldOptions()};
  ClusterInvariants invariants{world, 4};
};

}  // namespace

TEST_CASE("an exchange as it should be breaks nothing") {
  Watch watch;
  const auto ping = bytes_of("ping");
  watch.establish(0, 1);
  watch.invariants.wrote(watch.end(Role::client, 0), ping);
  watch.invariants.read(watch.end(Role::server, 1), ping);
  watch.invariants.wrote(watch.end(Role::server, 1), ping);
  watch.invariants.read(watch.end(Role::client, 0), ping);
  watch.invariants.closed(watch.end(Role::client, 0));
  watch.invariants.read(watch.end(Role::server, 1), {});
  watch.invariants.closed(watch.end(Role::server, 1));
  CHECK(watch.broken() == "held");
  CHECK(watch.invariants.counts().round_trips == 1);
}

TEST_CASE("bytes that were never written break stream_integrity") {
  Watch watch;
  watch.establish(0, 1);
  watch.invariants.wrote(watch.end(Role::client, 0), bytes_of("ping"));
  watch.invariants.read(watch.end(Role::server, 1), bytes_of("pong"));
  CHECK(watch.broken() == "stream_integrity");
}

TEST_CASE("an echo of other bytes, or of more bytes, breaks echo") {
  for (const char* const reply : {"pong", "ping?"}) {
    Watch watch;
    watch.establish(0, 1);
    watch.invariants.wrote(watch.end(Role::client, 0), bytes_of("ping"));
    watch.invariants.read(watch.end(Role::server, 1), bytes_of("ping"));
    watch.invariants.wrote(watch.end(Role::server, 1), bytes_of(reply));
    CHECK(watch.broken() == "echo");
  }
}

TEST_CASE("closing with bytes not echoed breaks echo_complete, unless the stream failed") {
  for (const bool failed : {false, true}) {
    Watch watch;
    watch.establish(0, 1);
    watch.invariants.wrote(watch.end(Role::client, 0), bytes_of("ping"));
    watch.invariants.read(watch.end(Role::server, 1), bytes_of("ping"));
    watch.invariants.read(watch.end(Role::server, 1), {});
    if (failed) {
      watch.invariants.stream_failed(watch.end(Role::server, 1),
                                     std::make_error_code(std::errc::connection_reset));
    }
    watch.invariants.closed(watch.end(Role::server, 1));
    CHECK(watch.broken() == (failed ? "held" : "echo_complete"));
  }
}

TEST_CASE("what a stream leaves behind is not held against the next, nor for it") {
  Watch watch;
  watch.establish(0, 1);
  watch.invariants.wrote(watch.end(Role::client, 0), bytes_of("lost"));
  watch.invariants.read(watch.end(Role::server, 1), bytes_of("lo"));
  watch.invariants.read(watch.end(Role::server, 1), {});
  watch.invariants.stream_failed(watch.end(Role::server, 1), {});
  watch.invariants.closed(watch.end(Role::client, 0));
  watch.invariants.closed(watch.end(Role::server, 1));
  CHECK(watch.broken() == "held");

  const StreamEnd client = watch.end(Role::client, 0, 8);
  const StreamEnd server = watch.end(Role::server, 1, 8);
  watch.invariants.connected(client);
  watch.invariants.accepted(server);
  watch.invariants.wrote(client, bytes_of("ping"));
  watch.invariants.read(server, bytes_of("ping"));
  CHECK(watch.broken() == "held");
  SECTION("it has not seen the end, so it owes nothing") {
    watch.invariants.closed(server);
    CHECK(watch.broken() == "held");
  }
  SECTION("it has not failed, so it owes the echo") {
    watch.invariants.read(server, {});
    watch.invariants.closed(server);
    CHECK(watch.broken() == "echo_complete");
  }
}

TEST_CASE("streams at the same time are told apart") {
  Watch watch;
  for (const ConnectionId connection : {7U, 8U, 9U}) {
    watch.invariants.connected(watch.end(Role::client, 0, connection));
    watch.invariants.wrote(watch.end(Role::client, 0, connection),
                           bytes_of(std::to_string(connection)));
    // Or it would be a second open stream to the peer.
    watch.invariants.closed(watch.end(Role::client, 0, connection));
  }
  for (const ConnectionId connection : {8U, 7U, 9U}) {
    watch.invariants.accepted(watch.end(Role::server, 1, connection));
    watch.invariants.read(watch.end(Role::server, 1, connection),
                          bytes_of(std::to_string(connection)));
  }
  CHECK(watch.broken() == "held");
  watch.invariants.connected(watch.end(Role::client, 0, 10));
  watch.invariants.wrote(watch.end(Role::client, 0, 10), bytes_of("10"));
  watch.invariants.read(watch.end(Role::server, 1, 10), bytes_of("9"));
  CHECK(watch.broken() == "stream_integrity");
}

TEST_CASE("a stream from a node to itself breaks no_self_connection") {
  Watch watch;
  watch.establish(1, 1);
  CHECK(watch.broken() == "no_self_connection");
}

TEST_CASE("a second open stream to a peer breaks one_stream_per_peer, one after another does not") {
  for (const bool closed_before : {false, true}) {
    Watch watch;
    watch.establish(0, 1);
    if (closed_before) watch.invariants.closed(watch.end(Role::client, 0));
    StreamEnd second = watch.end(Role::client, 0);
    second.connection = 8;
    watch.invariants.connected(second);
    second.role = Role::server;
    second.process = 1;
    watch.invariants.accepted(second);
    CHECK(watch.broken() == (closed_before ? "held" : "one_stream_per_peer"));
  }
}

TEST_CASE("a stream to a peer that died does not count against the stream to its successor") {
  Watch watch;
  watch.establish(0, 1);
  watch.invariants.process_ended(1, true);
  StreamEnd second = watch.end(Role::client, 0);
  second.connection = 8;
  watch.invariants.connected(second);
  second.role = Role::server;
  second.process = 1;
  watch.invariants.accepted(second);
  CHECK(watch.broken() == "held");
}

TEST_CASE("only exchanges since the heal count, on streams opened since") {
  Watch watch;
  const auto exchange = [&watch] {
    const auto ping = bytes_of("ping");
    watch.establish(0, 1);
    watch.invariants.wrote(watch.end(Role::client, 0), ping);
    watch.invariants.read(watch.end(Role::server, 1), ping);
    watch.invariants.wrote(watch.end(Role::server, 1), ping);
    watch.invariants.read(watch.end(Role::client, 0), ping);
    watch.invariants.closed(watch.end(Role::client, 0));
    watch.invariants.closed(watch.end(Role::server, 1));
  };
  exchange();
  watch.invariants.healed({0, 1});
  CHECK(watch.invariants.unconnected_pairs().size() == 2);
  exchange();
  const auto missing = watch.invariants.unconnected_pairs();
  REQUIRE(missing.size() == 1);
  CHECK(*missing.begin() == std::pair<ProcessId, ProcessId>(1, 0));
}

TEST_CASE("those that are left out of the heal need not connect") {
  Watch watch;
  const HostId third = watch.world.add_host("n3");
  watch.world.add_process(third, "n3", [](Env& env) { return do_nothing(env); });
  watch.invariants.healed({0, 2});
  const auto& missing = watch.invariants.unconnected_pairs();
  CHECK(missing == std::set<std::pair<ProcessId, ProcessId>>{{0, 2}, {2, 0}});
  CHECK(watch.invariants.tell_unconnected() == "n1 exchanged no echo with n3 (2 such pairs)");
}

TEST_CASE("pending bytes are confirmed in order, in any pieces, and nothing else is") {
  rc::prop("for every text and split", [](const std::vector<std::uint8_t>& values) {
    std::vector<std::byte> bytes;
    for (const auto value : values) bytes.push_back(static_cast<std::byte>(value));
    PendingBytes pending;
    pending.expect(bytes);
    std::size_t at = 0;
    while (at < bytes.size()) {
      const auto size = *rc::gen::inRange<std::size_t>(1, bytes.size() - at + 1);
      RC_ASSERT(pending.confirm(std::span(bytes).subspan(at, size)));
      at += size;
      RC_ASSERT(pending.size() == bytes.size() - at);
    }
    const std::array<std::byte, 1> more{};
    RC_ASSERT(!pending.confirm(more));
  });
}

}  // namespace piccolo::test
