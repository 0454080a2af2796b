#pragma once

// The inside of a simulation: what `build` said, and the checks while it runs.

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "piccolo/sim/fault_plan.hpp"
#include "piccolo/sim/run_observer.hpp"
#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::sim {

// A host that is not of the core.
struct BrokenHost {
  enum class Way : std::uint8_t { without_power, cut_off, paused, unheard, deaf };
  HostId host = 0;
  Way way = Way::without_power;
};

class Simulation::Impl final : public Observer {
 public:
  Impl(const WorldDescription& description, const Scenario& scenario, std::uint64_t seed,
       RunObserver* watcher);
  // Whoever holds something of the world goes before it: programs, then what was kept.
  ~Impl() override;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Builds the world, and finds what the scenario names in it. What is wrong with the scenario.
  std::optional<std::string> build();
  FaultScene scene() const;
  FaultPlan plan(std::uint64_t by_seed) const;  // listed, or drawn by it

  World& world();
  void fail(std::string_view invariant, std::string detail, bool liveness);
  // Does anybody hear the notes? Else they need not be made.
  bool is_told() const noexcept { return watcher != nullptr; }
  void note(std::string_view text);
  RunResult result() const;

  // ---- invariants ----
  struct Invariant {
    std::string name;
    Condition condition;
    State state;
    bool broken_when = false;  // what the condition says then
  };
  struct Eventually {
    std::string name;
    Duration within;
    Condition condition;
    State state;
    bool met = false;
  };
  struct Sometimes {
    std::string name;
    Condition condition;
    bool seen = false;
  };
  struct AtEnd {
    std::string name;
    std::function<std::string()> complaint;
  };
  struct Counter {
    std::string name;
    std::function<std::uint64_t()> value;
  };
  void claim_name(const std::string& name);
  void see(std::string_view name);
  bool all_met() const noexcept;
  static std::string tell(const State& state);

  void process_ended(ProcessId process, bool killed) override;
  void reached(ProcessId process, std::string_view name) override;
  void settled() override;

  Simulation face{*this};  // what `build` and the world's own code hold on to
  const WorldDescription& description;
  const Scenario& scenario;
  const std::uint64_t seed;
  RunObserver* const watcher;
  const Random random;
  WorldOptions options;
  std::vector<std::string> early_notes;  // said before there was a world to tell the time
  const std::int64_t frames_before;      // coroutine frames on this thread
  std::vector<std::shared_ptr<void>> kept;
  std::optional<World> the_world;
  std::vector<HostId> hosts;         // of nodes
  std::vector<ProcessId> processes;  // all, nodes first
  std::size_t nodes = 0;
  std::vector<Invariant> invariants;
  std::deque<Eventually> eventuals;
  std::deque<Sometimes> possibilities;
  std::vector<AtEnd> end_checks;
  std::set<std::string, std::less<>> names;
  std::vector<std::function<void()>> heal_actions;
  std::vector<Counter> counters;
  std::optional<std::size_t> core_min;
  std::optional<std::set<HostId>> core;  // when one was drawn
  FaultPlan listed;
  std::vector<BrokenHost> broken;  // likewise
  Duration stop_patience = std::chrono::seconds(1);
  bool healed = false;
  bool watching = true;   // until all are asked to stop
  bool liveness = false;  // what the failure was about

 private:
  void check_invariants();
  void check_eventuals();
  std::optional<std::string> apply_links();
};

}  // namespace piccolo::sim
