// The queue of events, against a set of keys.

#include "event_queue.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "piccolo/core/random.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

struct Noted final : Event {
  void fire() noexcept override {}
};

// One that comes by its key, then by its number: no two have the same key here.
class Model {
 public:
  explicit Model(std::size_t count) : due_(count) {}

  void schedule(std::size_t which, TimerKey due) {
    call_off(which);
    due_[which] = due;
    ordered_.insert({due, which});
  }
  void call_off(std::size_t which) { ordered_.erase({due_[which], which}); }
  bool empty() const { return ordered_.empty(); }
  std::size_t take() {
    const std::size_t which = ordered_.begin()->second;
    ordered_.erase(ordered_.begin());
    return which;
  }

 private:
  std::vector<TimerKey> due_;
  std::set<std::pair<TimerKey, std::size_t>> ordered_;
};

TEST_CASE("events come in the order of their keys, however often they are put off or called off") {
  rc::prop("as from a set of keys", [] {
    constexpr std::size_t count = 12;
    EventQueue queue;
    Model model(count);
    std::vector<std::unique_ptr<Noted>> events(count);
    for (auto& event : events) event = std::make_unique<Noted>();
    const auto index_of = [&](const Event* event) {
      std::size_t at = 0;
      while (events[at].get() != event) ++at;
      return at;
    };
    std::int64_t now = 0;
    std::uint64_t tie = 0;
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(rc::gen::tuple(
        rc::gen::inRange(0, 10), rc::gen::inRange(0, 12), rc::gen::inRange(0, 3000)));
    for (const auto& [what, which, later] : steps) {
      const auto event = static_cast<std::size_t>(which);
      if (what < 5) {  // milliseconds: some are soon, some late
        const TimePoint at(Duration((now + later) * 1'000'000));
        const TimerKey due{at, ++tie};
        queue.schedule(*events[event], due);
        model.schedule(event, due);
        RC_ASSERT(events[event]->armed());
      } else if (what == 5) {
        EventQueue::call_off(*events[event]);
        model.call_off(event);
        RC_ASSERT(!events[event]->armed());
      } else if (what == 6) {
        queue.forget(*events[event]);
        model.call_off(event);
        events[event] = std::make_unique<Noted>();
      } else {
        Event* const next = queue.next();
        RC_ASSERT((next == nullptr) == model.empty());
        if (next == nullptr) continue;
        now = next->due().at.time_since_epoch().count() / 1'000'000;
        RC_ASSERT(index_of(next) == model.take());
        queue.take(*next);
        RC_ASSERT(!next->armed());
      }
    }
    while (Event* const next = queue.next()) {
      RC_ASSERT(index_of(next) == model.take());
      queue.take(*next);
    }
    RC_ASSERT(model.empty());
    for (auto& event : events) queue.forget(*event);
  });
}

// So many that they are in every part of the queue, and go away by the half.
TEST_CASE("hundreds of events come in the order of their keys, and those that went away do not") {
  constexpr std::size_t count = 300;
  EventQueue queue;
  Model model(count);
  std::vector<std::unique_ptr<Noted>> events(count);
  for (auto& event : events) event = std::make_unique<Noted>();
  Draws draws = Random(1).stream("events");
  std::int64_t now = 0;
  std::uint64_t tie = 0;
  const auto take = [&] {
    Event* const next = queue.next();
    REQUIRE((next == nullptr) == model.empty());
    if (next == nullptr) return;
    now = next->due().at.time_since_epoch().count();
    REQUIRE(next == events[model.take()].get());
    queue.take(*next);
  };
  for (int step = 0; step < 100'000; ++step) {
    const std::size_t which = draws.below(count);
    const std::uint64_t what = draws.below(100);
    const bool busy = step / 5000 % 2 == 0;  // the queue fills and empties in turns
    if (what < (busy ? 50U : 20U)) {
      const std::uint64_t far = draws.chance(1, 3) ? 60'000'000'000 : 1'000'000;
      const TimePoint at(Duration(now + static_cast<std::int64_t>(draws.below(far))));
      queue.schedule(*events[which], {at, ++tie});
      model.schedule(which, {at, tie});
    } else if (what < 60) {
      take();
    } else if (what < 65) {
      EventQueue::call_off(*events[which]);
      model.call_off(which);
    } else if (what < 85) {
      queue.forget(*events[which]);
      model.call_off(which);
      events[which] = std::make_unique<Noted>();
    }
    // One of each event, and no more than as many again of what went away.
    REQUIRE(queue.size() <= 2 * count);
  }
  while (!model.empty()) take();
  CHECK(queue.next() == nullptr);
  CHECK(queue.size() == 0);
  for (auto& event : events) queue.forget(*event);
}

}  // namespace
}  // namespace piccolo::test
