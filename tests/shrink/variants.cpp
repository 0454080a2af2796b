#include "variants.hpp"

#include <fmt/format.h>

#include "piccolo/core/network.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::test {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t port = 9;

struct Calls {
  bool gave_up = false;
  std::uint64_t made = 0;
};

Task<void> answers(Env& env) {
  auto listener = env.network.listen(Endpoint(Address::any(Address::Family::v4), port));
  if (!listener) co_return;
  for (;;) {
    const auto stream = co_await listener->accept();
    if (!stream && is_canceled(stream.error())) co_return;
  }
}

Task<void> calls(Env& env, Calls* calls, Endpoint server, Since since, int patience) {
  int failed = 0;
  auto pauses = env.random.stream("pauses");
  auto more = env.random.stream("something else");
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(milliseconds(200) +
                                                    pauses.between(Duration(0), milliseconds(5)));
    if (!slept) co_return;
    if (since == Since::another_draw) static_cast<void>(more.next());
    const auto stream = co_await env.network.connect(server);
    if (!stream && is_canceled(stream.error())) co_return;
    if (since == Since::another_log_line) env.log.info("called: {}", stream.has_value());
    ++calls->made;
    failed = stream ? 0 : failed + 1;
    if (failed >= patience) calls->gave_up = true;
  }
}

void build(sim::Simulation& sim, Since since, int patience) {
  auto& state = sim.keep<Calls>();
  const auto callers = sim.parameters().count("callers");
  if (since == Since::a_host_in_front) sim.add_host("n0");
  const HostId server = sim.add_host("n1");
  std::vector<HostId> hosts;
  for (std::int64_t caller = 0; caller <= callers; ++caller) {
    hosts.push_back(sim.add_host(fmt::format("n{}", caller + 2)));
  }
  if (since == Since::another_host) hosts.push_back(sim.add_host("more"));
  if (since == Since::another_draw) static_cast<void>(sim.random().stream("new").next());
  const Endpoint at(sim.world().host_address(server), port);
  if (since == Since::a_host_in_front) {
    sim.add_node(0, "n0", [](Env& env) { return answers(env); });
  }
  sim.add_node(server, "n1", [](Env& env) { return answers(env); });
  for (const HostId host : hosts) {
    const bool first = host == hosts.front();
    auto& own = first ? state : sim.keep<Calls>();
    sim.add_node(host, sim.world().host_name(host), [&own, at, since, patience](Env& env) {
      return calls(env, &own, at, since, patience);
    });
  }
  sim.never(
      "gives up", [&state] { return state.gave_up; },
      [&state] { return fmt::format("after {} calls", state.made); });
}

}  // namespace

sim::WorldDescription impatient(Since since, int patience) {
  sim::WorldDescription world;
  world.name = "impatient";
  world.about = "a caller that gives up";
  world.parameters = {sim::Parameter::count("callers", "That call besides n2", 3, 0, 9)};
  world.duration = std::chrono::seconds(20);
  world.build = [since, patience](sim::Simulation& sim) { build(sim, since, patience); };
  return world;
}

}  // namespace piccolo::test
