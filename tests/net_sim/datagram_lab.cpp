#include "datagram_lab.hpp"

#include <array>

#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

Endpoint any_v4() { return Endpoint(Address::any(Address::Family::v4), 0); }

Task<void> collects_at(Env& env, Lab* lab, Endpoint at, DatagramOptions options) {
  auto socket = env.network.bind_datagram(at, options);
  REQUIRE(socket.has_value());
  std::vector<std::byte> buffer(70'000);
  for (;;) {
    const auto got = co_await socket->receive_from(buffer);
    if (!got) co_return;
    std::string text = std::to_string(got->bytes) + " bytes";
    if (got->bytes < 20) text.assign(reinterpret_cast<const char*>(buffer.data()), got->bytes);
    lab->diary.note(env, "[" + text + "]");
  }
}

Task<void> sends_one(Env& env, Endpoint to, std::size_t bytes) {
  DatagramSocket socket = bind_or_throw(env, Endpoint(Address::any(to.address.family()), 0));
  const std::string sent = co_await conformance::send_bytes_to(&socket, bytes, to);
  CHECK(sent == "ok");
}

Task<void> notes_errors(Env& env, Lab* lab, DatagramSocket* socket) {
  for (;;) {
    const std::string got = co_await conformance::receive(socket);
    lab->diary.note(env, got);
    if (got == "operation_canceled") co_return;
  }
}

}  // namespace

Task<void> collects(Env& env, Lab* lab, DatagramOptions options) {
  co_await collects_at(env, lab, lab->at_server(), options);
}

Task<void> floods(Env& env, Lab* lab, int count, std::size_t bytes, Duration then) {
  DatagramSocket socket = bind_or_throw(env, any_v4());
  for (int number = 0; number < count; ++number) {
    co_await conformance::send_bytes_to(&socket, bytes, lab->at_server());
  }
  if (then.count() == 0) co_return;
  co_await env.clock.sleep_for(then);
  co_await conformance::send_to(&socket, "later", lab->at_server());
}

Task<void> counts(Env& env, Lab* lab, int count, Duration apart) {
  DatagramSocket socket = bind_or_throw(env, any_v4());
  for (int number = 0; number < count; ++number) {
    const std::string text = std::to_string(number);
    co_await conformance::send_to(&socket, text, lab->at_server());
    if (apart.count() > 0) co_await env.clock.sleep_for(apart);
  }
}

Task<void> knocks(Env& env, Lab* lab, std::vector<Duration> times) {
  DatagramSocket socket = bind_or_throw(env, any_v4());
  CHECK(socket.connect(lab->at_server()));
  Scope scope(env.executor);
  scope.spawn(notes_errors(env, lab, &socket));
  for (const Duration time : times) {
    co_await env.clock.sleep_until(TimePoint(time));
    const std::string sent = co_await conformance::send(&socket, "knock");
    CHECK(sent == "ok");
  }
  co_await env.clock.sleep_for(minutes(1));
  scope.cancel();
  co_await scope.join();
}

LinkOptions slow_link(std::uint64_t bytes_per_second) {
  LinkOptions options;
  options.bandwidth_bytes_per_second = bytes_per_second;
  return options;
}

void set_both(Lab& lab, const LinkOptions& options) {
  lab.world.set_link(lab.client, lab.server, options);
  lab.world.set_link(lab.server, lab.client, options);
}

Lines one_datagram(const LinkOptions& options, std::size_t bytes, Address::Family family) {
  Lab lab;
  set_both(lab, options);
  const Endpoint to(lab.world.host_address(lab.server, family), 80);
  lab.run(lab.server, [&](Env& env) { return collects_at(env, &lab, to, DatagramOptions()); });
  lab.run(lab.client, [&](Env& env) { return sends_one(env, to, bytes); });
  lab.run_for(minutes(2));
  return lab.diary.lines();
}

}  // namespace piccolo::test
