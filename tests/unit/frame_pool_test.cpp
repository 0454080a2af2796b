#include "piccolo/core/frame_pool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "manual_world.hpp"
#include "property.hpp"

using namespace piccolo;
using namespace piccolo::test;

namespace {

Task<int> five() { co_return 5; }

Task<int> twice_five() {
  const int one = co_await five();
  const int two = co_await five();
  co_return one + two;
}

}  // namespace

TEST_CASE("frame pool: blocks are aligned, writable and distinct") {
  const auto before = frame_pool::live_blocks();
  std::set<void*> blocks;
  std::vector<std::pair<void*, std::size_t>> taken;
  for (const std::size_t bytes : {1U, 63U, 64U, 65U, 128U, 2047U, 2048U, 2049U, 100'000U, 64U}) {
    void* const block = frame_pool::allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t) == 0);
    std::memset(block, 0xAB, bytes);
    CHECK(blocks.insert(block).second);
    taken.emplace_back(block, bytes);
  }
  CHECK(frame_pool::live_blocks() == before + 10);
  for (const auto& [block, bytes] : taken) frame_pool::deallocate(block, bytes);
  CHECK(frame_pool::live_blocks() == before);
}

TEST_CASE("frame pool: no two live blocks overlap, whatever is taken and given back") {
  rc::prop("taking and giving back", [] {
    const auto before = frame_pool::live_blocks();
    std::vector<std::pair<unsigned char*, std::size_t>> live;
    const auto steps =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 3000));
    unsigned char mark = 0;
    for (const std::size_t step : steps) {
      if (step % 3 != 0 || live.empty()) {
        const std::size_t bytes = step + 1;
        auto* const block = static_cast<unsigned char*>(frame_pool::allocate(bytes));
        std::memset(block, ++mark, bytes);
        live.emplace_back(block, bytes);
      } else {
        const auto at = static_cast<std::ptrdiff_t>(step % live.size());
        const auto [block, bytes] = live[step % live.size()];
        // Nobody else wrote into it.
        RC_ASSERT(std::all_of(block, block + bytes, [block](auto c) { return c == *block; }));
        frame_pool::deallocate(block, bytes);
        live.erase(live.begin() + at);
      }
    }
    RC_ASSERT(frame_pool::live_blocks() == before + std::ssize(live));
    for (const auto& [block, bytes] : live) frame_pool::deallocate(block, bytes);
  });
}

TEST_CASE("frame pool: a world that has ended leaves no frame behind") {
  const auto before = frame_pool::live_blocks();
  {
    ManualWorld world;
    CHECK(world.run(twice_five()) == 10);
    CHECK(frame_pool::live_blocks() == before);
    world.spawn([](Clock& clock) -> Task<void> {
      co_await clock.sleep_for(std::chrono::hours(1));
    }(world.clock));
    world.settle();
    CHECK(frame_pool::live_blocks() > before);
  }
  CHECK(frame_pool::live_blocks() == before);
}
