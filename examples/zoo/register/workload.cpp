#include "register/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "piccolo/sim/linearizability.hpp"
#include "rpc.hpp"

namespace piccolo::zoo {
namespace {

using Model = sim::MapModel<std::int64_t, std::int64_t>;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration patience = seconds(2);
constexpr Duration thinks_least = milliseconds(30);
constexpr Duration thinks_most = milliseconds(300);
// An unlucky client asks each server in vain before it comes to the right one, and a server that
// takes over has to notice first.
constexpr Duration served_within = seconds(20);
// Distinguishes the values of the clients.
constexpr std::uint64_t puts_most = 1'000'000;

Message draw_request(Draws& draws, std::uint64_t value) {
  const std::uint64_t key = draws.below(map_keys);
  return draws.chance(3, 5) ? Message(get, key) : Message(put, key, value);
}

Model::Input input(const Message& request) {
  const auto key = static_cast<std::int64_t>(request.words[0]);
  if (request.kind == get) return Model::get(key);
  return Model::put(key, static_cast<std::int64_t>(request.words[1]));
}

Model::Output output(const Message& request, const Message& reply) {
  if (request.kind == put) return Model::done();
  if (reply.words[0] == no_value) return Model::got(std::nullopt);
  return Model::got(static_cast<std::int64_t>(reply.words[0]));
}

// An operation without an answer stays open in the history: it may have been done, or be done yet.
Task<void> client(Env& env, MapClients* all, std::size_t number) {
  const std::string name = fmt::format("c{}", number + 1);
  Draws draws = env.random.stream("workload");
  std::size_t server = number % all->servers.size();
  for (std::uint64_t count = 1;; ++count) {
    const Message request = draw_request(draws, (number + 1) * puts_most + count);
    const auto id = all->history.call(name, input(request), env.clock.now());
    const auto reply = co_await call(env, all->servers[server], patience, request);
    if (reply && reply->kind == done) {
      all->history.returned(id, output(request, *reply), env.clock.now());
      all->served[number] = true;
      ++all->answers;
    } else {
      if (reply) all->history.failed(id);
      server = (server + 1) % all->servers.size();
    }
    const auto slept = co_await env.clock.sleep_for(draws.between(thinks_least, thinks_most));
    if (!slept) co_return;
  }
}

std::string complaint(MapClients& clients) {
  const auto result = sim::check_linearizable(clients.history);
  clients.undecided = result.verdict == sim::Verdict::undecided;
  return result.verdict == sim::Verdict::not_linearizable ? result.explanation : std::string();
}

std::string unserved(const MapClients& clients) {
  std::string names;
  for (std::size_t number = 0; number < clients.served.size(); ++number) {
    if (!clients.served[number]) names += fmt::format("c{} was never answered; ", number + 1);
  }
  return names;
}

}  // namespace

void add_map_clients(sim::Simulation& sim, std::vector<Endpoint> servers) {
  auto& clients = sim.keep<MapClients>();
  clients.servers = std::move(servers);
  const auto count = static_cast<std::size_t>(sim.parameters().count("clients"));
  clients.served.assign(count, false);
  for (std::size_t number = 0; number < count; ++number) {
    sim.add_client(fmt::format("c{}", number + 1),
                   [&clients, number](Env& env) { return client(env, &clients, number); });
  }
  sim.at_heal([&clients] { clients.served.assign(clients.served.size(), false); });
  sim.eventually(
      "every client is served", served_within,
      [&clients] { return std::ranges::count(clients.served, false) == 0; },
      [&clients] { return unserved(clients); });
  sim.at_end("linearizable", [&clients] { return complaint(clients); });
  sim.counter("operations answered", [&clients] { return clients.answers; });
  sim.counter("histories too hard to check",
              [&clients] { return clients.undecided ? std::uint64_t{1} : std::uint64_t{0}; });
}

}  // namespace piccolo::zoo
