#include "core.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <limits>

#include "pair.hpp"

namespace piccolo::bench {
namespace {

cpu_set_t allowed_now() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof set, &set);
  return set;
}

// Some ten milliseconds, of steps that have to wait for each other.
double seconds_of_a_walk() {
  const double before = thread_cpu_seconds();
  std::uint64_t at = 1;
  for (int step = 0; step < 4'000'000; ++step) {
    at ^= at << 13U;
    at ^= at >> 7U;
    at ^= at << 17U;
  }
  benchmark::DoNotOptimize(at);
  return thread_cpu_seconds() - before;
}

int measure_fastest() {
  constexpr int rounds = 3;  // the best of these: whoever comes by takes a turn of one only
  int fastest = core(0);
  double least = std::numeric_limits<double>::max();
  for (int number = 0; core(number) >= 0; ++number) {
    const OnCore here(core(number));
    for (int round = 0; round < rounds; ++round) {
      const double taken = seconds_of_a_walk();
      if (taken >= least) continue;
      least = taken;
      fastest = core(number);
    }
  }
  return fastest;
}

}  // namespace

int core(int number) {
  static const cpu_set_t allowed = allowed_now();
  for (int each = 0; each < CPU_SETSIZE; ++each) {
    if (CPU_ISSET(static_cast<std::size_t>(each), &allowed) && number-- == 0) return each;
  }
  return -1;
}

namespace {

int& fastest() {
  static int number = measure_fastest();
  return number;
}

}  // namespace

int fastest_core() { return fastest(); }

int another_core() { return core(core(0) == fastest_core() ? 1 : 0); }

void look_for_fastest_core() { fastest() = measure_fastest(); }

void pin(pid_t process, int core) noexcept {
  if (core < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  static_cast<void>(::sched_setaffinity(process, sizeof set, &set));
}

OnCore::OnCore(int core) noexcept : before_(allowed_now()) { pin(0, core); }

OnCore::~OnCore() { static_cast<void>(::sched_setaffinity(0, sizeof before_, &before_)); }

}  // namespace piccolo::bench
