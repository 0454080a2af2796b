#include "piccolo/core/ready_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "manual_world.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/priority_changes.hpp"
#include "property.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Task<void> turn() { co_return; }

// Takes several turns, and becomes ready again at once after each.
Task<void> stepper(std::string name, int turns, Lines* lines) {
  for (int index = 0; index < turns; ++index) {
    lines->push_back(name);
    co_await turn();
  }
}

// Who had turns, in order, with those that one had in a row as one.
Lines blocks(Lines lines) {
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

Lines order(ReadyOrder policy, std::uint64_t seed, int strangers, int turns = 3) {
  Lines lines;
  Lines others;
  ManualWorld world(policy, seed);
  for (const char* name : {"a", "b", "c"}) world.spawn(stepper(name, turns, &lines));
  for (int index = 0; index < strangers; ++index) {
    world.spawn(stepper("stranger", turns, &others));
  }
  world.settle();
  return lines;
}

}  // namespace

TEST_CASE("ready order: a name reads back, and pct has its depth") {
  CHECK(ready_order_name(ReadyOrder::fifo) == "fifo");
  CHECK(ready_order_name(ReadyOrder::random) == "random");
  CHECK(ready_order_name(ReadyOrder::pct(3)) == "pct(3)");
  CHECK(parse_ready_order("fifo") == ReadyOrder::fifo);
  CHECK(parse_ready_order("random") == ReadyOrder::random);
  for (std::uint8_t depth = 1; depth <= ReadyOrder::depth_max; ++depth) {
    CHECK(parse_ready_order(ready_order_name(ReadyOrder::pct(depth))) == ReadyOrder::pct(depth));
  }
}

TEST_CASE("ready order: what is no name of one is refused, with the cure") {
  for (const char* const text :
       {"", "FIFO", "pct", "pct()", "pct(0)", "pct(17)", "pct(03)", "pct(+3)", "pct(-1)", "pct(3",
        "pct(3) ", " pct(3)", "pct(3x)", "pct(4294967297)", "pct(99999999999999999999)"}) {
    INFO(text);
    const auto order = parse_ready_order(text);
    REQUIRE_FALSE(order.has_value());
    CHECK_THAT(order.error(), contains_text("`" + std::string(text) + "`"));
    CHECK_THAT(order.error(), contains_text("`pct(D)` with a depth D from 1 to 16"));
  }
}

TEST_CASE("pct: change points are at most as many as asked for, and spread over magnitudes") {
  std::map<int, int> magnitudes;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    PriorityChanges changes(seed, 3);
    std::set<std::uint64_t> levels;
    for (std::uint64_t decision = 1; decision < 1U << PriorityChanges::magnitudes; ++decision) {
      changes.decide();
      while (const auto level = changes.strike()) {
        levels.insert(*level);
        ++magnitudes[static_cast<int>(std::bit_width(decision))];
      }
      if (levels.size() == 3) break;
    }
    CHECK(levels == std::set<std::uint64_t>{0, 1, 2});
    changes.decide();
    CHECK_FALSE(changes.strike().has_value());
  }
  // 94 are expected in each.
  CHECK(magnitudes.size() == PriorityChanges::magnitudes);
  for (const auto& [magnitude, count] : magnitudes) CHECK((count > 60 && count < 135));
}

TEST_CASE("pct: the order is equal for equal seeds, and seeds have all orders") {
  std::map<Lines, int> seen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Lines lines = order(ReadyOrder::pct(1), seed, 0);
    CHECK(lines == order(ReadyOrder::pct(1), seed, 0));
    CHECK(order(ReadyOrder::pct(3), seed, 0) == order(ReadyOrder::pct(3), seed, 0));
    ++seen[blocks(lines)];
  }
  CHECK(seen.size() == 6);
  for (const auto& [lines, count] : seen) CHECK(count > 25);
}

TEST_CASE("pct: priorities are strict, also where fibers are always ready") {
  rc::prop("for every seed", [](std::uint64_t seed) {
    RC_ASSERT(blocks(order(ReadyOrder::pct(1), seed, 0, 100)).size() == 3U);
  });
}

namespace {

Task<void> receives(Mailbox<int>* box, int count, Lines* lines) {
  for (int index = 0; index < count; ++index) {
    const auto received = co_await box->receive();
    if (!received) co_return;
    lines->push_back("received");
  }
}

Task<void> sends(Mailbox<int>* box, int count, Lines* lines) {
  for (int index = 0; index < count; ++index) {
    lines->push_back("sent");
    const auto sent = co_await box->send(index);
    if (!sent) co_return;
    co_await turn();
  }
}

}  // namespace

TEST_CASE("pct: a fiber that was waiting has the priority that it had before") {
  int receiver_first = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Lines lines;
    ManualWorld world(ReadyOrder::pct(1), seed);
    Mailbox<int> box(100);
    world.spawn(receives(&box, 20, &lines));
    world.spawn(sends(&box, 20, &lines));
    world.settle();
    // The receiver interrupts the sender each time, or never.
    const std::size_t count = blocks(lines).size();
    CHECK((count == 2 || count == 40));
    if (count == 40) ++receiver_first;
  }
  CHECK(receiver_first > 30);
  CHECK(receiver_first < 70);
}

TEST_CASE("pct: unrelated fibers do not change the priorities of the others") {
  rc::prop("strangers", [](std::uint64_t seed) {
    const int strangers = *rc::gen::inRange(1, 6);
    RC_ASSERT(order(ReadyOrder::pct(1), seed, strangers) == order(ReadyOrder::pct(1), seed, 0));
  });
}

TEST_CASE("pct: fibers are interrupted at change points, and nowhere else") {
  constexpr int turns = 300;
  for (const std::uint8_t depth : std::array<std::uint8_t, 3>{1, 2, 4}) {
    std::size_t most = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      const std::size_t count = blocks(order(ReadyOrder::pct(depth), seed, 0, turns)).size();
      CHECK(count >= 3);
      most = std::max(most, count);
    }
    // Each change point cuts one run of turns in two at most.
    CHECK(most == 3U + depth - 1U);
  }
}

TEST_CASE("pct: where only one fiber is ready, its turns move no change point") {
  const auto after_alone = [](std::uint64_t seed, int turns_alone) {
    Lines lines;
    ManualWorld world(ReadyOrder::pct(3), seed);
    world.spawn(stepper("alone", turns_alone, &lines));
    world.settle();
    lines.clear();
    for (const char* name : {"a", "b", "c"}) world.spawn(stepper(name, 100, &lines));
    world.settle();
    return lines;
  };
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CHECK(after_alone(seed, 1) == after_alone(seed, 500));
  }
}

TEST_CASE("pct: where its depth is more, a seed's priorities and first change points stay") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Lines flat = order(ReadyOrder::pct(1), seed, 0, 50);
    const Lines deep = order(ReadyOrder::pct(2), seed, 0, 50);
    const auto [here, there] = std::mismatch(flat.begin(), flat.end(), deep.begin());
    if (here == flat.end()) continue;
    // Whoever was interrupted then comes last.
    CHECK(deep.back() == *here);
  }
}

namespace {

// A bug of depth 2: `user` checks and uses, and `breaker` must come in between. It takes a change
// of priority just there, since `breaker` is through long before the check when both have turns.
struct Shared {
  bool intact = true;
  bool bitten = false;
};

Task<void> user(int before, Shared* shared) {
  for (int index = 0; index < before; ++index) co_await turn();
  const bool fit = shared->intact;
  co_await turn();
  if (fit && !shared->intact) shared->bitten = true;
}

Task<void> breaker(int before, Shared* shared) {
  for (int index = 0; index < before; ++index) co_await turn();
  shared->intact = false;
}

// A bug of depth 3: what is broken is repaired a moment later, and `user` must use it before.
Task<void> breaker_and_repairer(Shared* shared) {
  shared->intact = false;
  co_await turn();
  shared->intact = true;
}

using Spawn = std::function<void(ManualWorld&, Shared*)>;

void spawn_depth_2(ManualWorld& world, Shared* shared) {
  world.spawn(breaker(10, shared));
  world.spawn(user(20, shared));
}

void spawn_depth_3(ManualWorld& world, Shared* shared) {
  world.spawn(breaker_and_repairer(shared));
  world.spawn(user(4, shared));
}

int seeds_bitten(ReadyOrder policy, std::uint64_t seeds, const Spawn& spawn) {
  int bitten = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Shared shared;
    ManualWorld world(policy, seed);
    spawn(world, &shared);
    world.settle();
    if (shared.bitten) ++bitten;
  }
  return bitten;
}

// None of so many seeds has what one in `p` has: by e^-19, in 6 cases of a thousand million.
constexpr std::uint64_t sure(std::uint64_t p) { return 19 * p; }

}  // namespace

TEST_CASE("pct: a bug of depth 2 is found by pct(2) as often as computed, and not by fifo") {
  // The use is decision 22; two fibers, so 1/2 * 1/(16 * 16) of the seeds.
  constexpr std::uint64_t one_in = 2 * PriorityChanges::magnitudes * 16;
  const std::uint64_t seeds = sure(one_in);
  const int found = seeds_bitten(ReadyOrder::pct(2), seeds, spawn_depth_2);
  CHECK(found > 5);
  CHECK(found < 50);  // 19 are expected
  CHECK(seeds_bitten(ReadyOrder::pct(1), seeds, spawn_depth_2) == 0);
  CHECK(seeds_bitten(ReadyOrder::fifo, 1, spawn_depth_2) == 0);
}

TEST_CASE("pct: a bug of depth 3 is found by pct(3) as often as computed, and not by fewer") {
  // The use is decision 6, the repair decision 7, either change point may be either; but the user,
  // who fell first, must not have fallen deeper: 1/2 * 1/(16 * 4)^2.
  constexpr std::uint64_t at_one = PriorityChanges::magnitudes * 4;
  const std::uint64_t seeds = sure(2 * at_one * at_one);
  const int found = seeds_bitten(ReadyOrder::pct(3), seeds, spawn_depth_3);
  CHECK(found > 5);
  CHECK(found < 50);  // 19 are expected
  CHECK(seeds_bitten(ReadyOrder::pct(2), seeds, spawn_depth_3) == 0);
  CHECK(seeds_bitten(ReadyOrder::fifo, 1, spawn_depth_3) == 0);
}

namespace {

Task<void> raises(bool* flag) {
  *flag = true;
  co_return;
}

// Polls without letting the time pass.
Task<void> waits_in_a_loop(const bool* flag, int limit, int* turns) {
  while (!*flag && *turns < limit) {
    ++*turns;
    co_await turn();
  }
}

}  // namespace

TEST_CASE("pct: fibers that are always ready do not starve one of a lower priority for ever") {
  constexpr int limit = 100'000;
  int waited = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    bool flag = false;
    int turns = 0;
    ManualWorld world(ReadyOrder::pct(1), seed);
    world.spawn(raises(&flag));
    world.spawn(waits_in_a_loop(&flag, limit, &turns));
    world.spawn(waits_in_a_loop(&flag, limit, &turns));
    world.settle();
    CHECK(flag);
    CHECK(turns <= static_cast<int>(Executor::patience) + 1);
    if (turns > 0) ++waited;
  }
  CHECK(waited > 5);
}

TEST_CASE("pct: patience returns when nothing was left to run") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    constexpr int turns = 2 * static_cast<int>(Executor::patience) / 3;
    Lines lines;
    ManualWorld world(ReadyOrder::pct(1), seed);
    for (const char* name : {"a", "b"}) world.spawn(stepper(name, turns, &lines));
    world.settle();
    // The second is interrupted by nobody: the first is through by then.
    CHECK(blocks(lines).size() == 2);
    lines.clear();
    for (const char* name : {"a", "b", "c"}) world.spawn(stepper(name, turns / 3, &lines));
    world.settle();
    CHECK(blocks(lines).size() == 3);
  }
}
