// Does so much of one kind of work, and nothing else, for callgrind to count: bench/budget/check.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>

#include "work/chatter.hpp"
#include "work/echo.hpp"
#include "work/tasks.hpp"

namespace {

using namespace piccolo;
using Work = std::uint64_t (*)(std::uint64_t);

std::uint64_t echo_1(std::uint64_t count) { return bench::simulated_echo(1, count); }
std::uint64_t echo_64(std::uint64_t count) { return bench::simulated_echo(64, count); }
std::uint64_t echo_1000(std::uint64_t count) { return bench::simulated_echo(1000, count); }
std::uint64_t timer(std::uint64_t count) { return bench::simulated_timers(64, count); }
std::uint64_t yield_once(std::uint64_t count) { return bench::simulated_yields(64, count); }
std::uint64_t seed(std::uint64_t count) { return bench::chatter(count, {}).seeds; }
std::uint64_t seed_with_faults(std::uint64_t count) {
  bench::ChatterOptions options;
  options.faults = FaultSet::all();
  return bench::chatter(count, options).seeds;
}
std::uint64_t event(std::uint64_t count) {
  return bench::drawn_clusters(count, 5, FaultSet::all()).events;
}

const std::map<std::string_view, Work> works{{"echo_1", &echo_1},
                                             {"echo_64", &echo_64},
                                             {"echo_1000", &echo_1000},
                                             {"timer", &timer},
                                             {"yield", &yield_once},
                                             {"seed", &seed},
                                             {"seed_with_faults", &seed_with_faults},
                                             {"event", &event}};

}  // namespace

// Prints the number of items done.
int main(int argc, char** argv) {
  const auto work = argc == 3 ? works.find(argv[1]) : works.end();
  const std::uint64_t count = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (work == works.end() || count == 0) {
    std::fputs("budget_work WORK COUNT: WORK is one of", stderr);
    for (const auto& [name, function] : works) std::fprintf(stderr, " %s", name.data());
    std::fputs("\n", stderr);
    return 2;
  }
  std::printf("%llu\n", static_cast<unsigned long long>(work->second(count)));
  return 0;
}
