// A client of two halves: one keeps a stream up, to whichever server answers; the other sends over
// it. Where the sender looks whether the stream is up, pauses, and only then waits to be told, the
// stream may come up during the pause: nobody tells again, and the client never sends again.

#include <algorithm>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, lost_wakeup };

constexpr Duration breath = std::chrono::milliseconds(20);
constexpr Duration send_pause = std::chrono::milliseconds(100);

// Wakes the one who waits, and is forgotten when nobody does.
struct Signal {
  void notify() {
    if (std::exchange(awaited, false)) box.try_send(true);
  }
  bool awaited = false;
  Mailbox<bool> box{1};
};

struct Link {
  Stream stream;
  bool up = false;
  Signal came_up;
  Signal went_down;
};

Task<Result<void>> wait_for(Signal& signal) {
  signal.awaited = true;
  const auto woken = co_await signal.box.receive();
  signal.awaited = false;
  if (!woken) co_return failure(woken.error());
  co_return Result<void>();
}

Task<Result<void>> until_up(Env& env, Link& link, Mistake mistake) {
  while (!link.up) {
    // A breath, to spare a server that is just starting.
    const auto slept = co_await env.clock.sleep_for(breath);
    if (!slept) co_return slept;
    // Here it is: what was seen before the pause need not be so any more.
    if (mistake != Mistake::lost_wakeup && link.up) break;
    const auto told = co_await wait_for(link.came_up);
    if (!told) co_return told;
  }
  co_return Result<void>();
}

Task<Result<void>> until_down(Link& link) {
  while (link.up) {
    const auto told = co_await wait_for(link.went_down);
    if (!told) co_return told;
  }
  co_return Result<void>();
}

Task<void> keep_up(Env& env, Link& link, std::vector<std::string> servers) {
  Draws draws = env.random.stream("first server");
  for (std::size_t next = draws.below(servers.size());; next = (next + 1) % servers.size()) {
    const auto down = co_await until_down(link);
    if (!down) co_return;
    auto stream =
        co_await with_timeout(env.clock, connect_patience, connect_by_name(env, servers[next]));
    if (stream) {
      link.stream = std::move(*stream);
      link.up = true;
      link.came_up.notify();
      continue;
    }
    if (is_canceled(stream.error())) co_return;
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return;
  }
}

Task<void> send_for_ever(Env& env, Link& link, Progress& progress, std::size_t client,
                         Mistake mistake) {
  for (std::uint64_t id = 1;; ++id) {
    const auto ready = co_await until_up(env, link, mistake);
    if (!ready) co_return;
    Frame frame(id, std::vector<std::byte>(16));
    const auto answer =
        co_await with_timeout(env.clock, answer_patience, ask(link.stream, std::move(frame)));
    if (answer) {
      progress.made(client);
      const auto slept = co_await env.clock.sleep_for(send_pause);
      if (!slept) co_return;
      continue;
    }
    if (is_canceled(answer.error())) co_return;
    env.probes.sometimes("a stream broke under a client");
    link.stream.close();
    link.up = false;
    link.went_down.notify();
  }
}

Task<void> client(Env& env, std::vector<std::string> servers, Progress& progress,
                  std::size_t number, Mistake mistake) {
  Link link;
  Scope halves(env.executor);
  halves.spawn(keep_up(env, link, std::move(servers)));
  halves.spawn(send_for_ever(env, link, progress, number, mistake));
  co_await halves.join();
}

void build(sim::Simulation& sim, Mistake mistake) {
  const EchoHosts hosts = add_echo_hosts(sim);
  const std::vector<std::string> servers = names(sim, hosts.servers);
  // A client may find all servers but the last one dead, and each costs it a step of patience.
  const Duration cycle = answer_patience + (connect_patience + retry_pause) *
                                               static_cast<std::int64_t>(hosts.servers.size());
  auto& progress = Progress::expect(sim, "clients are answered", hosts.clients, 3 * cycle);
  for (const HostId host : hosts.servers) {
    sim.add_node(host, sim.world().host_name(host),
                 [](Env& env) { return serve(env, echo_frames); });
  }
  for (std::size_t number = 0; number < hosts.clients.size(); ++number) {
    sim.add_node(hosts.clients[number], sim.world().host_name(hosts.clients[number]),
                 [servers, &progress, number, mistake](Env& env) {
                   return client(env, servers, progress, number, mistake);
                 });
  }
  // So many hosts have a client and a server among them.
  sim.core_of(std::max(hosts.servers.size(), hosts.clients.size()) + 1);
  sim.sometimes("a stream broke under a client");
}

}  // namespace

Specimen lost_wakeup() {
  sim::WorldDescription world;
  world.name = "echo.lost-wakeup";
  world.about = "a client checks, pauses, then waits for news that came during the pause";
  world.parameters = echo_parameters(2, 3);
  world.duration = std::chrono::seconds(20);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "clients are answered", Mistake::lost_wakeup, build);
}

}  // namespace piccolo::zoo
