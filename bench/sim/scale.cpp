// How the CPU time of an event grows with hosts, and with messages in flight; the lower bound's
// growth beside it.

#include "work/scale.hpp"

#include "support/pair.hpp"
#include "work/bare.hpp"

namespace piccolo::bench {
namespace {

template <class Build>
Cost run_cost(Build build) {
  const auto crowd = build();
  return cpu_cost([&] { return crowd->run(); });
}

void scale_hosts(benchmark::State& state) {
  constexpr std::uint64_t round_trips = 200'000;
  compare_growth(
      state, 10, static_cast<std::uint64_t>(state.range(0)),
      [](std::uint64_t hosts) {
        return run_cost([&] { return ring_of_hosts(hosts, round_trips); });
      },
      [](std::uint64_t hosts) {
        // An event is half a round trip.
        return cpu_cost([&] { return 2 * bare_echo(hosts, round_trips); });
      });
}
BENCHMARK(scale_hosts)->Arg(100)->Arg(1000)->Iterations(11)->UseManualTime();

void scale_messages(benchmark::State& state) {
  constexpr std::uint64_t hops = 500'000;
  compare_growth(
      state, 100, static_cast<std::uint64_t>(state.range(0)),
      [](std::uint64_t messages) {
        return run_cost([&] { return messages_in_flight(messages, hops); });
      },
      [](std::uint64_t messages) { return cpu_cost([&] { return bare_flight(messages, hops); }); });
}
BENCHMARK(scale_messages)->Arg(1000)->Arg(10'000)->Arg(100'000)->Iterations(11)->UseManualTime();

}  // namespace
}  // namespace piccolo::bench
