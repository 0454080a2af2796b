#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "catch.hpp"
#include "child.hpp"
#include "mischief.hpp"

namespace piccolo::campaign_test {
namespace {

constexpr Duration patience = std::chrono::milliseconds(500);

Deed loop_on_5(std::uint64_t seed) { return seed == 5 ? Deed::loop : Deed::nothing; }

sim::CampaignOptions impatient(std::uint64_t last, unsigned jobs, bool isolate) {
  auto options = options_for(last, jobs, isolate);
  options.seed_patience = patience;
  return options;
}

}  // namespace

TEST_CASE("an endless loop in a process is a violation of its seed") {
  const NoSignalHandlers plain;
  for (const unsigned jobs : {1U, 2U}) {
    const auto result = run(mischief(&loop_on_5), impatient(300, jobs, true));
    CHECK(result.totals.runs == 300);
    CHECK(result.failed == 1);
    CHECK(result.end == sim::CampaignEnd::all_seeds);
    CHECK_FALSE(result.threads_left);
    REQUIRE(result.groups.size() == 1);
    const auto& hang = result.groups[0].quickest;
    CHECK(hang.seed == 5);
    CHECK(hang.violation->invariant == "hang");
    CHECK(hang.violation->liveness);
    CHECK(hang.violation->detail.starts_with("did not end within 500ms of real time"));
    // ThreadSanitizer keeps the signal back for as long as the loop goes on.
    if (sanitized) continue;
    CHECK_THAT(hang.violation->detail, test::contains_text("\nit was in:\n  "));
  }
}

TEST_CASE("an endless loop on a thread ends the campaign, with what is known so far") {
  const auto end = in_child([] {
    auto options = impatient(50, 2, false);
    options.failed = [](const sim::RunResult& run) {
      fmt::print(stderr, "told of {}: {}: {}\n", run.seed, run.violation->invariant,
                 run.violation->detail);
    };
    const auto result = run(mischief(&loop_on_5), options);
    fmt::print(stderr, "{} failed, {} left behind, by a hang {}, all others {}\n", result.failed,
               result.threads_left, result.end == sim::CampaignEnd::hang, result.totals.runs == 50);
    std::_Exit(4);
  });
  CHECK(WIFEXITED(end.status));
  CHECK(WEXITSTATUS(end.status) == 4);
  CHECK(end.errors ==
        "told of 5: hang: did not end within 500ms of real time\n"
        "1 failed, true left behind, by a hang true, all others true\n");
}

TEST_CASE("endless loops on all threads end the campaign as well") {
  const auto end = in_child([] {
    const auto result = run(mischief(on_every(1, Deed::loop)), impatient(300, 2, false));
    std::_Exit(result.threads_left && result.failed == 2 ? 4 : 5);
  });
  CHECK(WEXITSTATUS(end.status) == 4);
}

TEST_CASE("a slow seed within the patience is no hang") {
  for (const bool isolate : {false, true}) {
    auto options = impatient(4, 1, isolate);
    options.seed_patience = std::chrono::seconds(20);
    CHECK(run(mischief(on_every(1, Deed::dawdle)), options).failed == 0);
    options.seed_patience = Duration(0);
    CHECK(run(mischief(on_every(1, Deed::dawdle)), options).failed == 0);
  }
}

TEST_CASE("each of the two runs of a seed that is checked has the whole patience") {
  const NoSignalHandlers plain;
  auto options = impatient(3, 1, true);
  options.seed_patience = std::chrono::seconds(1);
  options.check_ppm = 1'000'000;  // 600 ms twice
  CHECK(run(mischief(on_every(3, Deed::dawdle)), options).failed == 0);
}

}  // namespace piccolo::campaign_test
