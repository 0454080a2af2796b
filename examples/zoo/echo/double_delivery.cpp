// Clients ask a server to book orders, each with an id of its own, and ask again over a new stream
// when no answer came. The answer may be what was lost, so the server must know the id again.

#include <fmt/format.h>

#include <set>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, double_delivery };

constexpr Duration order_pause = std::chrono::milliseconds(150);

// The server's disk: outlives its process.
struct Ledger {
  void book(std::uint64_t order) {
    if (booked.insert(order).second) return;
    twice = order;
    ++booked_twice;
  }
  std::set<std::uint64_t> booked;
  std::uint64_t twice = 0;
  std::uint64_t booked_twice = 0;
};

Task<void> book_orders(Env& env, Stream stream, Ledger& ledger, Mistake mistake) {
  for (;;) {
    const auto order = co_await with_timeout(env.clock, idle_patience, read_frame(stream));
    if (!order) co_return;
    const bool known = ledger.booked.contains(order->id);
    if (known) env.probes.sometimes("an order comes again");
    // Here it is: an order that comes again is not another order.
    if (mistake == Mistake::double_delivery || !known) ledger.book(order->id);
    Frame receipt(order->id, {});
    const auto sent =
        co_await with_timeout(env.clock, answer_patience, write_frame(stream, std::move(receipt)));
    if (!sent) co_return;
  }
}

// Asks until there is a receipt. False when canceled.
Task<bool> order_until_booked(Env& env, Line& line, Frame order) {
  for (;;) {
    const auto receipt = co_await call(env, line, order);
    if (receipt) co_return true;
    if (is_canceled(receipt.error())) co_return false;
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return false;
  }
}

Task<void> client(Env& env, std::string server, Progress& progress, std::size_t number) {
  Draws ids = env.random.stream("order");
  Line line{std::move(server), Stream()};
  for (;;) {
    Frame order(ids.next(), std::vector<std::byte>(64));
    const bool booked = co_await order_until_booked(env, line, std::move(order));
    if (!booked) co_return;
    progress.made(number);
    const auto slept = co_await env.clock.sleep_for(order_pause);
    if (!slept) co_return;
  }
}

void build(sim::Simulation& sim, Mistake mistake) {
  const EchoHosts hosts = add_echo_hosts(sim);
  auto& progress =
      Progress::expect(sim, "orders are booked", hosts.clients, std::chrono::seconds(30));
  for (const HostId host : hosts.servers) {
    auto& ledger = sim.keep<Ledger>();
    const std::string& name = sim.world().host_name(host);
    sim.add_node(host, name, [&ledger, mistake](Env& env) {
      return serve(env, [&ledger, mistake](Env& on, Stream stream) {
        return book_orders(on, std::move(stream), ledger, mistake);
      });
    });
    sim.always(
        "no order is booked twice at " + name, [&ledger] { return ledger.booked_twice == 0; },
        [&ledger] { return fmt::format("order {:016x} was booked twice", ledger.twice); });
    sim.counter("orders at " + name, [&ledger] { return ledger.booked.size(); });
  }
  for (std::size_t number = 0; number < hosts.clients.size(); ++number) {
    const HostId server = hosts.servers[number % hosts.servers.size()];
    sim.add_node(hosts.clients[number], sim.world().host_name(hosts.clients[number]),
                 [name = sim.world().host_name(server), &progress, number](Env& env) {
                   return client(env, name, progress, number);
                 });
  }
  sim.sometimes("an order comes again");
}

}  // namespace

Specimen double_delivery() {
  sim::WorldDescription world;
  world.name = "echo.double-delivery";
  world.about = "a server does not know an order again that was sent twice, and books it twice";
  world.parameters = echo_parameters(1, 3);
  world.duration = std::chrono::seconds(20);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "no order is booked twice at s1", Mistake::double_delivery, build);
}

}  // namespace piccolo::zoo
