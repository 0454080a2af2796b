#include "trace_difference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "piccolo/sim/simulation.hpp"

namespace piccolo::sim {
namespace {

// 56 MB for the two together.
constexpr std::size_t events_max = 500'000;

struct NumberedEvent {
  std::uint64_t number = 0;  // in its trace
  TraceEvent event;
};

bool same(const TraceEvent& one, const TraceEvent& other) {
  return one.at == other.at && one.kind == other.kind && one.subject == other.subject &&
         one.a == other.a && one.b == other.b && one.c == other.c;
}

// Follows a world, and keeps its trace beyond what the trace itself keeps. More than
// `Trace::ring_size` events between two looks are a gap.
class TraceKeeper final : public Observer {
 public:
  void follow(const World& world) { world_ = &world; }

  void settled() override {
    if (events_.size() >= events_max) return;
    const std::vector<TraceEvent> last = world_->trace().last_events();
    const std::uint64_t count = world_->trace().count();
    const std::uint64_t first = count - last.size();
    for (std::uint64_t number = std::max(first, seen_); number < count; ++number) {
      events_.push_back({number, last[number - first]});
    }
    seen_ = count;
  }

  bool full() const noexcept { return events_.size() >= events_max; }
  const std::vector<NumberedEvent>& events() const noexcept { return events_; }

 private:
  const World* world_ = nullptr;
  std::uint64_t seen_ = 0;  // events
  std::vector<NumberedEvent> events_;
};

void run_kept(WorldDescription world, const Scenario& scenario, std::uint64_t seed,
              TraceKeeper& keeper) {
  world.build = [build = std::move(world.build), &keeper](Simulation& sim) {
    build(sim);
    keeper.follow(sim.world());
    sim.world().add_observer(keeper);
    // Asked when the run is over: the events behind the last that a program took part in.
    sim.counter("trace events", [&keeper] {
      keeper.settled();
      return keeper.events().size();
    });
  };
  static_cast<void>(run_world(world, scenario, seed));
}

std::string text(const TraceEvent& event) {
  return fmt::format("{} {} of {} ({}, {}, {})", format_duration(event.at.time_since_epoch()),
                     event_kind_name(event.kind), event.subject, event.a, event.b, event.c);
}

std::string tell(const TraceKeeper& one, const TraceKeeper& other) {
  std::uint64_t alike = 0;  // events that are known to be
  std::size_t at = 0;
  const std::size_t length = std::min(one.events().size(), other.events().size());
  for (; at < length; ++at) {
    const auto& [number, event] = one.events()[at];
    if (number != other.events()[at].number || !same(event, other.events()[at].event)) break;
    alike = number + 1;
  }
  const auto line = [at](const TraceKeeper& keeper) {
    return at < keeper.events().size() ? text(keeper.events()[at].event) : "the end of the run";
  };
  if (at == length && one.events().size() == other.events().size()) {
    return one.full() ? fmt::format("the first {} events of two more runs are alike", alike)
                      : "two more runs of it do not differ in their traces";
  }
  return fmt::format("two more runs part behind event {}:\n  {}\n  {}", alike, line(one),
                     line(other));
}

}  // namespace

std::string trace_difference(const WorldDescription& world, const Scenario& scenario,
                             std::uint64_t seed, const std::function<void()>& begin) {
  TraceKeeper one;
  begin();
  run_kept(world, scenario, seed, one);
  TraceKeeper other;
  begin();
  run_kept(world, scenario, seed, other);
  return tell(one, other);
}

}  // namespace piccolo::sim
