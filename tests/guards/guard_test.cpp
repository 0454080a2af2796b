#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "catch.hpp"
#include "cluster.hpp"
#include "interpose.hpp"

namespace piccolo::guards {

namespace {

// Alone under the guard: Catch2 itself looks at the clock.
std::string broken_seeds(std::uint64_t first, std::uint64_t last, Narrator* story) {
  std::string broken;
  const test::Cluster five(5);
  const test::Cluster nine(9);
  const SimulatedCode guard;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const sim::RunResult run = (seed % 5 == 0 ? nine : five).run(seed, story);
    if (run.violation) broken += std::to_string(seed) + ": " + run.violation->invariant + "\n";
  }
  return broken;
}

}  // namespace

TEST_CASE("50 seeds call nothing that would make them differ") {
  CHECK(broken_seeds(1, 50, nullptr).empty());
}

TEST_CASE("telling the story calls nothing of the kind either") {
  std::size_t lines = 0;
  Narrator story([&lines](std::string_view) { ++lines; }, LogLevel::trace);
  CHECK(broken_seeds(1, 3, &story).empty());
  CHECK(lines > 100);
}

TEST_CASE("outside of simulated code everything works as ever") {
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(2));
  CHECK(std::getenv("PATH") != nullptr);
  bool ran = false;
  std::thread([&ran] { ran = true; }).join();
  CHECK(ran);
  CHECK(std::ifstream("/dev/urandom").get() >= 0);
}

TEST_CASE("a guard ends with its scope, and guards nest") {
  {
    const SimulatedCode outer;
    {
      const SimulatedCode inner;
    }
  }
  CHECK(std::chrono::system_clock::now().time_since_epoch().count() > 0);
}

}  // namespace piccolo::guards
