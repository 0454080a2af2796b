// A gateway keeps a stream to each server, in a list that holds them all. A conversation that fails
// leaves its stream behind: it must be taken off the list before the next one is put on it.

#include <fmt/format.h>

#include <list>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, stream_leak };

constexpr Duration question_pause = std::chrono::milliseconds(200);

Task<std::error_code> question_until_it_fails(Env& env, Stream& stream, Progress& progress,
                                              std::size_t number) {
  for (std::uint64_t id = 1;; ++id) {
    Frame question(id, std::vector<std::byte>(32));
    const auto answer =
        co_await with_timeout(env.clock, answer_patience, ask(stream, std::move(question)));
    if (!answer) co_return answer.error();
    progress.made(number);
    const auto slept = co_await env.clock.sleep_for(question_pause);
    if (!slept) co_return slept.error();
  }
}

Task<void> watch_server(Env& env, std::string server, std::list<Stream>& streams,
                        Progress& progress, std::size_t number, Mistake mistake) {
  for (;;) {
    auto stream = co_await with_timeout(env.clock, connect_patience, connect_by_name(env, server));
    std::error_code ended;
    if (stream) {
      const auto place = streams.insert(streams.end(), std::move(*stream));
      ended = co_await question_until_it_fails(env, *place, progress, number);
      // Here it is: a stream that is of no use stays open.
      if (mistake != Mistake::stream_leak) streams.erase(place);
    } else {
      ended = stream.error();
    }
    if (is_canceled(ended)) co_return;
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return;
  }
}

Task<void> gateway(Env& env, std::vector<std::string> servers, Progress& progress,
                   Mistake mistake) {
  std::list<Stream> streams;
  Scope watches(env.executor);
  for (std::size_t number = 0; number < servers.size(); ++number) {
    watches.spawn(watch_server(env, servers[number], streams, progress, number, mistake));
  }
  co_await watches.join();
}

void build(sim::Simulation& sim, Mistake mistake) {
  const HostId gate = sim.add_host("g1");
  std::vector<HostId> servers;
  for (std::int64_t server = 1; server <= sim.parameters().count("servers"); ++server) {
    servers.push_back(sim.add_host(fmt::format("s{}", server)));
  }
  auto& progress = Progress::expect(sim, "all servers answer", servers, std::chrono::seconds(30));
  const ProcessId process =
      sim.add_node(gate, "g1", [all = names(sim, servers), &progress, mistake](Env& env) {
        return gateway(env, all, progress, mistake);
      });
  for (const HostId host : servers) {
    sim.add_node(host, sim.world().host_name(host),
                 [](Env& env) { return serve(env, echo_frames); });
  }
  sim.limit_sockets(process, servers.size());
}

}  // namespace

Specimen stream_leak() {
  sim::WorldDescription world;
  world.name = "echo.stream-leak";
  world.about = "a gateway keeps the stream of each conversation that failed";
  world.parameters = {
      sim::Parameter::count("servers", "Servers that the gateway watches", 3, 1, 16)};
  world.duration = std::chrono::seconds(20);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "sockets of g1", Mistake::stream_leak, build);
}

}  // namespace piccolo::zoo
