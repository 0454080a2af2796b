#include <sys/wait.h>

#include <atomic>
#include <cstdlib>

#include "catch.hpp"
#include "child.hpp"
#include "mischief.hpp"

namespace piccolo::campaign_test {
namespace {

constexpr std::uint64_t endless = 1'000'000'000;

// Interrupts when so many seeds are done.
struct Interruption {
  std::atomic<bool> flag = false;
  void after(std::uint64_t seeds, sim::CampaignOptions& options) {
    options.interrupted = &flag;
    options.progress = [this, seeds](const sim::CampaignProgress& progress) {
      if (progress.done >= seeds) flag = true;
    };
  }
};

}  // namespace

TEST_CASE("a campaign that is interrupted ends soon, with what was found") {
  for (const bool isolate : {false, true}) {
    auto options = options_for(endless, 2, isolate);
    Interruption interruption;
    interruption.after(100, options);
    const auto result = run(mischief(on_every(7, Deed::break_invariant)), options);
    CHECK(result.end == sim::CampaignEnd::interrupted);
    CHECK(result.totals.runs >= 100);
    // All that were begun are counted: no gaps.
    CHECK(result.failed == result.totals.runs / 7);
    CHECK_FALSE(result.threads_left);
  }
}

TEST_CASE("a time budget ends a campaign, with what was found") {
  for (const bool isolate : {false, true}) {
    auto options = options_for(endless, 2, isolate);
    options.time_budget = std::chrono::milliseconds(300);
    const auto result = run(mischief(on_every(7, Deed::break_invariant)), options);
    CHECK(result.end == sim::CampaignEnd::time_budget);
    CHECK(result.totals.runs > 0);
    CHECK(result.failed == result.totals.runs / 7);
    CHECK(result.wall_time >= std::chrono::milliseconds(300));
  }
}

TEST_CASE("slow seeds that are under way when a campaign is interrupted are counted") {
  for (const bool isolate : {false, true}) {
    auto options = options_for(endless, 2, isolate);
    Interruption interruption;
    interruption.after(1, options);
    const auto result = run(mischief(on_every(1, Deed::dawdle)), options);
    CHECK(result.end == sim::CampaignEnd::interrupted);
    CHECK(result.totals.runs >= 2);
    CHECK(result.totals.runs < 20);
  }
}

TEST_CASE("a seed that does not end is dropped when a campaign is interrupted") {
  const auto loop_on_3 = [](std::uint64_t seed) { return seed == 3 ? Deed::loop : Deed::nothing; };
  const auto outcome = [&](bool isolate) {
    auto options = options_for(40, 2, isolate);
    options.time_budget = std::chrono::milliseconds(500);
    const auto result = run(mischief(loop_on_3), options);
    const bool as_wanted = result.end == sim::CampaignEnd::time_budget && result.totals.runs >= 2 &&
                           result.totals.runs < 40 && result.failed == 0 &&
                           result.threads_left != isolate;
    std::_Exit(as_wanted ? 4 : 5);
  };
  CHECK(WEXITSTATUS(in_child([&] { outcome(false); }).status) == 4);
  CHECK(WEXITSTATUS(in_child([&] { outcome(true); }).status) == 4);
}

}  // namespace piccolo::campaign_test
