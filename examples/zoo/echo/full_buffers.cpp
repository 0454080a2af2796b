// Nodes bring each other up to date, each pair over a stream: each side sends its snapshot and
// reads the other's. When both write all before they read anything, and the snapshots are larger
// than what the two kernels hold, both wait for ever; where buffers are large, all is well.

#include <fmt/format.h>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, full_buffers };

constexpr Duration swap_patience = std::chrono::seconds(12);
constexpr Duration swap_pause = std::chrono::seconds(4);

Task<void> send_snapshot(Stream& stream, Frame snapshot, Result<void>* outcome) {
  *outcome = co_await write_frame(stream, std::move(snapshot));
}

Task<Result<void>> swap_snapshots(Env& env, Stream& stream, std::size_t bytes, Mistake mistake) {
  Frame mine(0, std::vector<std::byte>(bytes));
  Result<void> sent;
  Scope writer(env.executor);
  writer.spawn(send_snapshot(stream, std::move(mine), &sent));
  // Here it is: all is written before anything is read.
  if (mistake == Mistake::full_buffers) co_await writer.join();
  const auto theirs = co_await read_frame(stream);
  if (!theirs) writer.cancel();
  co_await writer.join();
  if (!theirs) co_return failure(theirs.error());
  co_return sent;
}

Task<void> answer_swap(Env& env, Stream stream, std::size_t bytes, Mistake mistake) {
  const auto swapped =
      co_await with_timeout(env.clock, swap_patience, swap_snapshots(env, stream, bytes, mistake));
  if (!swapped) env.log.debug("snapshots were not swapped: {}", in_words(swapped.error()));
}

Task<void> swap_for_ever(Env& env, std::string peer, std::size_t bytes, Progress& progress,
                         std::size_t pair, Mistake mistake) {
  Line line{std::move(peer), Stream()};
  for (;;) {
    Duration pause = retry_pause;
    const auto opened = co_await open_line(env, line);
    if (opened) {
      const auto swapped = co_await with_timeout(env.clock, swap_patience,
                                                 swap_snapshots(env, line.stream, bytes, mistake));
      if (swapped) progress.made(pair);
      if (swapped) pause = swap_pause;
      line.stream.close();
    }
    const auto slept = co_await env.clock.sleep_for(pause);
    if (!slept) co_return;
  }
}

// `first_pair`: the pairs of this node with `peers` are numbered from here.
Task<void> node(Env& env, std::vector<std::string> peers, std::size_t bytes, Progress& progress,
                std::size_t first_pair, Mistake mistake) {
  Scope tasks(env.executor);
  tasks.spawn(serve(env, [bytes, mistake](Env& on, Stream stream) {
    return answer_swap(on, std::move(stream), bytes, mistake);
  }));
  for (std::size_t peer = 0; peer < peers.size(); ++peer) {
    tasks.spawn(swap_for_ever(env, peers[peer], bytes, progress, first_pair + peer, mistake));
  }
  co_await tasks.join();
}

void build(sim::Simulation& sim, Mistake mistake) {
  const auto nodes = static_cast<std::size_t>(sim.parameters().count("nodes"));
  const auto bytes = static_cast<std::size_t>(sim.parameters().count("snapshot-bytes"));
  std::vector<HostId> hosts;
  for (std::size_t node = 1; node <= nodes; ++node) {
    hosts.push_back(sim.add_host(fmt::format("n{}", node)));
  }
  std::vector<std::vector<HostId>> pairs;
  for (std::size_t node = 0; node < nodes; ++node) {
    for (std::size_t peer = 0; peer < node; ++peer) pairs.push_back({hosts[node], hosts[peer]});
  }
  auto& progress = Progress::expect(sim, "snapshots are swapped", pairs, std::chrono::seconds(60));
  for (std::size_t number = 0; number < nodes; ++number) {
    const std::vector<HostId> before(hosts.begin(),
                                     hosts.begin() + static_cast<std::ptrdiff_t>(number));
    sim.add_node(
        hosts[number], sim.world().host_name(hosts[number]),
        [peers = names(sim, before), bytes, &progress, first_pair = number * (number - 1) / 2,
         mistake](Env& env) { return node(env, peers, bytes, progress, first_pair, mistake); });
  }
  sim.core_of(2);
}

}  // namespace

Specimen full_buffers() {
  sim::WorldDescription world;
  world.name = "echo.full-buffers";
  world.about = "both sides of a stream write all they have before they read anything";
  world.parameters = {
      sim::Parameter::count("nodes", "Nodes that swap snapshots", 4, 2, 16),
      sim::Parameter::count("snapshot-bytes", "How large a snapshot is", 40'000, 1, 64'000)};
  world.duration = std::chrono::seconds(15);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "snapshots are swapped", Mistake::full_buffers, build);
}

}  // namespace piccolo::zoo
