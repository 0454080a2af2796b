#include <dirent.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "catch.hpp"
#include "child.hpp"
#include "mischief.hpp"
#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/simulation.hpp"
#include "summary.hpp"

namespace piccolo::campaign_test {
namespace {

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* const directory = opendir("/proc/self/fd");
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

// The seeds that failed, in the order in which they were told.
struct Told {
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> details;
  void listen(sim::CampaignOptions& options) {
    options.failed = [this](const sim::RunResult& run) {
      seeds.push_back(run.seed);
      details.push_back(run.violation->invariant + ": " + run.violation->detail);
    };
  }
};

std::vector<std::uint64_t> multiples(std::uint64_t of, std::uint64_t last) {
  std::vector<std::uint64_t> found;
  for (std::uint64_t seed = of; seed <= last; seed += of) found.push_back(seed);
  return found;
}

// Two hundred seeds, of which every 50th does it.
Told told_of(Deed deed, unsigned jobs = 2) {
  const NoSignalHandlers plain;
  auto options = options_for(200, jobs, true);
  Told told;
  told.listen(options);
  const auto result = run(mischief(on_every(50, deed)), options);
  CHECK(told.seeds == multiples(50, 200));
  CHECK(result.failed == 4);
  CHECK(result.totals.runs == 200);
  CHECK(result.end == sim::CampaignEnd::all_seeds);
  CHECK(result.groups.size() == 1);
  return told;
}

void check_all(const Told& told, const std::string& text) {
  for (const auto& detail : told.details) CHECK_THAT(detail, test::contains_text(text));
}

}  // namespace

TEST_CASE("processes find what threads find") {
  const auto world = mischief(on_every(7, Deed::break_invariant));
  const auto expected = summary(run(world, options_for(3000, 1, false)));
  for (const unsigned jobs : {1U, 2U, 5U}) {
    CHECK(summary(run(world, options_for(3000, jobs, true))) == expected);
    CHECK(summary(run(world, options_for(3000, jobs, false))) == expected);
  }
}

TEST_CASE("processes find what threads find in Piccolo's own world") {
  const auto world = sim::cluster_world();
  const auto expected = summary(run(world, options_for(40, 2, false)));
  CHECK(summary(run(world, options_for(40, 2, true))) == expected);
}

TEST_CASE("processes end a campaign with the same failure as threads") {
  const auto world = mischief(on_every(7, Deed::break_invariant));
  for (const std::uint64_t most : {1U, 5U}) {
    auto options = options_for(3000, 3, false);
    options.failures_max = most;
    Told by_threads;
    by_threads.listen(options);
    const auto expected = summary(run(world, options));
    options.isolate = true;
    Told by_processes;
    by_processes.listen(options);
    CHECK(summary(run(world, options)) == expected);
    CHECK(by_processes.seeds == multiples(7, 7 * most));
    CHECK(by_processes.details == by_threads.details);
  }
}

TEST_CASE("processes run the seeds of a shard") {
  const auto world = mischief(on_every(7, Deed::break_invariant));
  auto options = options_for(1000, 2, false);
  options.shard = {2, 3};
  const auto expected = summary(run(world, options));
  options.isolate = true;
  CHECK(summary(run(world, options)) == expected);
}

TEST_CASE("an assertion that fails is a violation of its seed") {
  const auto told = told_of(Deed::fail_assertion);
  check_all(told, "crash: SIGABRT: ");
  check_all(told, "mischief.cpp:");
  check_all(told, ": the node was asked to fail");
}

TEST_CASE("an assertion that fails on every seed costs no seed") {
  const NoSignalHandlers plain;
  auto options = options_for(60, 3, true);
  Told told;
  told.listen(options);
  const auto result = run(mischief(on_every(1, Deed::fail_assertion)), options);
  CHECK(told.seeds == multiples(1, 60));
  CHECK(result.groups.size() == 1);
}

TEST_CASE("a null pointer is a violation of its seed") {
  const auto told = told_of(Deed::dereference_null);
  check_all(told, "crash: SIGSEGV");
  if (sanitized) return;
  check_all(told, "crash: SIGSEGV in campaign_tests(");
  check_all(told, "\nit was in:\n  campaign_tests(");
}

TEST_CASE("a program that calls exit is a violation of its seed") {
  check_all(told_of(Deed::call_exit), "crash: exit code 3");
}

TEST_CASE("an exception where none may be is a violation of its seed") {
  check_all(told_of(Deed::terminate),
            "crash: SIGABRT: terminate called after throwing an instance of 'std::runtime_error': "
            "the last straw");
}

TEST_CASE("a program that writes much before it crashes is quoted at its end") {
  const auto told = told_of(Deed::write_and_crash);
  check_all(told, "crash: SIGABRT: and this is why\n");
  check_all(told, "line 9999 of many\nand this is why");
  for (const auto& detail : told.details) CHECK(detail.size() < 10'000);
}

TEST_CASE("a program that closes what is not its own loses no seed but its own") {
  const NoSignalHandlers plain;
  auto options = options_for(200, 2, true);
  const auto result = run(mischief(on_every(50, Deed::close_descriptors)), options);
  CHECK(result.totals.runs == 200);
  CHECK(result.end == sim::CampaignEnd::all_seeds);
}

TEST_CASE("what a crash leaves of a seed is that it was run") {
  const NoSignalHandlers plain;
  auto options = options_for(1, 1, true);
  const auto result = run(mischief(on_every(1, Deed::fail_assertion)), options);
  sim::RunTotals empty;
  empty.runs = 1;
  CHECK(summary(result.totals) == summary(empty));
  REQUIRE(result.groups.size() == 1);
  CHECK(result.groups[0].examples.at(0).trace_hash == 0);
}

TEST_CASE("crashes take no result with them") {
  const NoSignalHandlers plain;
  const auto sound = mischief(on_every(7, Deed::break_invariant));
  const auto unsound = mischief([](std::uint64_t seed) {
    if (seed % 100 == 0) return Deed::fail_assertion;
    return seed % 7 == 0 ? Deed::break_invariant : Deed::nothing;
  });
  const auto expected = run(sound, options_for(2000, 1, false));
  for (const unsigned jobs : {1U, 3U}) {
    const auto result = run(unsound, options_for(2000, jobs, true));
    CHECK(result.totals.runs == 2000);
    CHECK(result.failed == 285 - 2 + 20);  // 700 and 1400 are of both kinds
    sim::RunTotals crashed = expected.totals;
    for (std::uint64_t seed = 100; seed <= 2000; seed += 100) {
      const auto one = run(sound, [&] {
        auto options = options_for(seed, 1, false);
        options.seeds.first = seed;
        return options;
      }());
      crashed.fingerprint -= one.totals.fingerprint;
    }
    CHECK(result.totals.fingerprint == crashed.fingerprint);
  }
}

TEST_CASE("no process and no descriptor is left of a campaign") {
  const NoSignalHandlers plain;
  const std::size_t before = open_descriptors();
  run(mischief(on_every(3, Deed::fail_assertion)), options_for(30, 4, true));
  run(mischief(on_every(3, Deed::nothing)), options_for(30, 4, true));
  CHECK(open_descriptors() == before);
  errno = 0;
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("a caller that ignores the ends of its children hears how workers ended") {
  static_cast<void>(std::signal(SIGCHLD, SIG_IGN));
  check_all(told_of(Deed::call_exit), "crash: exit code 3");
  CHECK(std::signal(SIGCHLD, SIG_DFL) == SIG_IGN);
}

TEST_CASE("a world that cannot be built ends a campaign in processes as on threads") {
  const auto world = mischief(on_every(5, Deed::throw_in_build));
  for (const bool isolate : {false, true}) {
    CHECK_THROWS_AS(run(world, options_for(20, 2, isolate)), std::invalid_argument);
    CHECK_THROWS_WITH(run(world, options_for(20, 2, isolate)), "this world cannot be built");
  }
}

TEST_CASE("a campaign of no seeds is over at once") {
  auto options = options_for(3, 2, true);
  options.shard = {0, 10};
  CHECK(run(mischief(on_every(1, Deed::nothing)), options).totals.runs == 0);
}

TEST_CASE("what sound runs write to standard error is passed on") {
  const auto end = in_child([] {
    auto world = mischief(on_every(1, Deed::nothing));
    world.build = [build = world.build](sim::Simulation& sim) {
      static_cast<void>(std::fprintf(stderr, "a word\n"));
      build(sim);
    };
    run(world, options_for(3, 1, true));
  });
  CHECK(end.errors == "a word\na word\na word\n");
}

TEST_CASE("workers end with the process that they work for") {
  const auto end = in_child([] {
    auto options = options_for(2, 2, true);
    options.progress = [](const sim::CampaignProgress&) { static_cast<void>(std::raise(SIGKILL)); };
    // The workers loop for ever, and hold standard error open as long.
    run(mischief(on_every(1, Deed::loop)), options);
  });
  CHECK(WIFSIGNALED(end.status));
}

}  // namespace piccolo::campaign_test
