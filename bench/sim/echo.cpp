// CPU time per simulated 64-byte echo round trip, on 1, 64 and 1,000 connections.

#include "work/echo.hpp"

#include "support/pair.hpp"
#include "work/bare.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint64_t round_trips = 200'000;

void echo(benchmark::State& state) {
  const auto connections = static_cast<std::uint64_t>(state.range(0));
  compare(
      state, [&] { return cpu_cost([&] { return simulated_echo(connections, round_trips); }); },
      [&] { return cpu_cost([&] { return bare_echo(connections, round_trips); }); });
}
BENCHMARK(echo)->Arg(1)->Arg(64)->Arg(1000)->Iterations(7)->UseManualTime();

}  // namespace
}  // namespace piccolo::bench
