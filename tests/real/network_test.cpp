#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "support.hpp"

namespace piccolo::test {
namespace {

Task<void> refused(Env& env) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  const Endpoint at = listener->local_endpoint();
  listener->close();
  const auto stream = co_await env.network.connect(at);
  REQUIRE(stream.error() == std::errc::connection_refused);
}

// Linux binds odd ports by itself and connects from even ones, walking through them. So from an
// even port nobody listens on, it comes round to the port that we connect to, and the connection
// is then one from the socket to itself.
Task<void> to_itself(Env& env) {
  Endpoint nobody;
  while (nobody.port == 0) {
    auto odd = env.network.listen(any_port());
    REQUIRE(odd);
    const Endpoint even(odd->local_endpoint().address, odd->local_endpoint().port & 0xfffeU);
    if (env.network.listen(even)) nobody = even;
  }
  for (int attempt = 0; attempt < 40'000; ++attempt) {
    const auto stream = co_await env.network.connect(nobody);
    if (stream) FAIL("connected to itself after " << attempt << " attempts");
    if (stream.error() != std::errc::connection_refused) FAIL(error_name(stream.error()));
  }
}

// A listener of the kernel's, without any loop around it.
class RawListener {
 public:
  RawListener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    REQUIRE(::bind(fd_, generic, size) == 0);
    REQUIRE(::listen(fd_, 1) == 0);
    REQUIRE(::getsockname(fd_, generic, &size) == 0);
    at_ = Endpoint(Address::loopback(Address::Family::v4), ntohs(address.sin_port));
  }
  ~RawListener() { static_cast<void>(::close(fd_)); }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

  const Endpoint& at() const noexcept { return at_; }
  void accept_and_reset() const {
    const int accepted = ::accept(fd_, nullptr, nullptr);
    REQUIRE(accepted >= 0);
    const linger at_once{1, 0};
    REQUIRE(::setsockopt(accepted, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    REQUIRE(::close(accepted) == 0);
  }

 private:
  int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Endpoint at_;
};

Task<void> connect_into(Env& env, Endpoint to, Result<Stream>* result) {
  auto stream = co_await env.network.connect(to);
  *result = std::move(stream);
}

Task<void> nothing() { co_return; }

enum class Next { read, write };

// Connected, and reset before the loop had a look at the connecting socket.
Task<void> reset_early(Env& env, Next next) {
  const RawListener listener;
  Result<Stream> stream;
  Scope connecting(env.executor);
  connecting.spawn(connect_into(env, listener.at(), &stream));
  Scope turn(env.executor);
  turn.spawn(nothing());
  co_await turn.join();
  listener.accept_and_reset();
  co_await connecting.join();
  REQUIRE(stream);
  REQUIRE(stream->remote_endpoint() == listener.at());
  std::array<std::byte, 1> buffer{};
  Result<std::size_t> result;
  if (next == Next::read) {
    const auto got = co_await stream->read_some(buffer);
    result = got;
  } else {
    const auto taken = co_await stream->write_some(buffer);
    result = taken;
  }
  REQUIRE(result.error() == std::errc::connection_reset);
  const auto end = co_await stream->read_some(buffer);
  REQUIRE(end == 0);
  const auto written = co_await stream->write_some(buffer);
  REQUIRE(written.error() == std::errc::broken_pipe);
}

Task<void> resolve(Env& env) {
  const auto literal = co_await env.network.resolve("10.1.2.3", 80);
  REQUIRE(literal);
  REQUIRE(*literal == std::vector{Endpoint(Address::v4(10, 1, 2, 3), 80)});
  const auto mapped = co_await env.network.resolve("::ffff:10.1.2.3", 80);
  REQUIRE(mapped == literal);
  auto local = co_await env.network.resolve("localhost", 80);
  REQUIRE(local);
  REQUIRE(!local->empty());
  for (const Endpoint& endpoint : *local) {
    REQUIRE(endpoint.address.is_loopback());
    REQUIRE(endpoint.port == 80);
  }
  std::ranges::sort(*local);
  REQUIRE(std::ranges::adjacent_find(*local) == local->end());
  // RFC 6761: no such name, ever. A resolver that is cut off may also say "again".
  const auto none = co_await env.network.resolve("no-such-host.invalid", 80);
  REQUIRE(!none);
  REQUIRE((none.error() == Errc::host_not_found || none.error() == Errc::resolve_again));
}

Task<void> resolve_into(Env& env, std::string host, int* found) {
  const auto result = co_await env.network.resolve(host, 1);
  if (result) ++*found;
}

Task<void> many_lookups(Env& env) {
  int found = 0;
  Scope scope(env.executor);
  for (int count = 0; count < 100; ++count) scope.spawn(resolve_into(env, "localhost", &found));
  co_await scope.join();
  REQUIRE(found == 100);
}

Task<void> own_addresses(Env& env) {
  auto addresses = env.network.local_addresses();
  REQUIRE(addresses);
  const Address loopback = Address::loopback(Address::Family::v4);
  REQUIRE(std::ranges::find(*addresses, loopback) != addresses->end());
  std::ranges::sort(*addresses);
  REQUIRE(std::ranges::adjacent_find(*addresses) == addresses->end());
  co_return;
}

Task<void> note_time(Env& env, Duration after, std::vector<int>* order, int name) {
  const TimePoint before = env.clock.now();
  const auto slept = co_await env.clock.sleep_for(after);
  REQUIRE(slept);
  REQUIRE(env.clock.now() - before >= after);
  order->push_back(name);
}

Task<void> sleepers(Env& env) {
  std::vector<int> order;
  Scope scope(env.executor);
  scope.spawn(note_time(env, 30ms, &order, 3));
  scope.spawn(note_time(env, 10ms, &order, 1));
  scope.spawn(note_time(env, 20ms, &order, 2));
  scope.spawn(note_time(env, -1s, &order, 0));
  co_await scope.join();
  REQUIRE(order == std::vector{0, 1, 2, 3});
}

Task<void> for_ever(Env& env) {
  const auto result =
      co_await with_timeout(env.clock, 5ms, env.clock.sleep_until(TimePoint::max()));
  REQUIRE(result.error() == std::errc::timed_out);
  // A timer that was disarmed does not hold up the next one.
  co_await pause(env, 5ms);
}

Task<void> wall_clock(Env& env) {
  const auto expected = std::chrono::system_clock::now().time_since_epoch();
  const auto apart = env.clock.wall_now().time_since_epoch() - expected;
  REQUIRE(apart < 10s);
  REQUIRE(apart > -10s);
  co_return;
}

}  // namespace

TEST_CASE("nobody listens: refused") { run_real(refused); }
TEST_CASE("a socket never connects to itself") { run_real(to_itself); }
TEST_CASE("a connection reset early was a connection") {
  for (const Next next : {Next::read, Next::write}) {
    run_real([=](Env& env) { return reset_early(env, next); });
  }
}
TEST_CASE("hosts resolve to addresses") { run_real(resolve); }
TEST_CASE("lookups may be many") { run_real(many_lookups); }
TEST_CASE("a machine knows its addresses") { run_real(own_addresses); }
TEST_CASE("sleepers wake in the order of their deadlines, not early") { run_real(sleepers); }
TEST_CASE("one may sleep for ever") { run_real(for_ever); }
TEST_CASE("the wall clock tells the time of day") { run_real(wall_clock); }

}  // namespace piccolo::test
