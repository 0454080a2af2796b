// Workloads are what judges the nodes: no fault strikes them, but those of links to the nodes.

#include <fmt/format.h>

#include "piccolo/core/network.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

// What a client notices of faults, and is told of its fate.
class Witness final : public Observer {
 public:
  Witness(World& world, ProcessId client) : world_(world), client_(client) {}

  void process_started(ProcessId process) override { starts_ += process == client_ ? 1 : 0; }
  void process_ended(ProcessId process, bool killed) override {
    if (process == client_ && killed) complain("it was killed");
  }
  void complain(std::string what) {
    if (complaint_.empty()) {
      complaint_ = fmt::format("{} at {}", what, format_duration(world_.now().time_since_epoch()));
    }
  }
  std::string complaint() const {
    return starts_ == 1 ? complaint_ : fmt::format("it was started {} times", starts_);
  }
  World& world() const noexcept { return world_; }

 private:
  World& world_;
  ProcessId client_;
  int starts_ = 0;
  std::string complaint_;
};

bool binds(Env& env) {
  return env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 7)).has_value();
}

Task<void> watches(Env& env, Witness* witness, Address own) {
  const WallTime start = env.clock.wall_now();
  for (int step = 1;; ++step) {
    const auto slept = co_await env.clock.sleep_until(TimePoint(step * milliseconds(10)));
    if (!slept) co_return;
    const Duration now = env.clock.now().time_since_epoch();
    if (now != step * milliseconds(10)) witness->complain("it overslept");
    if (now != witness->world().now().time_since_epoch()) witness->complain("its clock drifted");
    if (env.clock.wall_now() - start != now) witness->complain("its wall clock jumped");
    if (!binds(env)) witness->complain("it could not bind");
    if (step % 10 != 0) continue;
    const auto found = co_await env.network.resolve("c1", 80);
    const bool right = found && found->front().address == own;
    if (!right && !is_canceled(found.error())) witness->complain("its name was lost");
    step = static_cast<int>(env.clock.now().time_since_epoch() / milliseconds(10));
  }
}

Toy::Build witnessed(std::string* complaint) {
  return [complaint](Simulation& sim) {
    for (int node = 1; node <= 4; ++node) {
      const HostId host = sim.add_host(fmt::format("n{}", node));
      sim.add_node(host, fmt::format("n{}", node), [](Env& env) { return idles(env); });
    }
    World& world = sim.world();
    auto& witness = sim.keep<Witness>(world, 4U);
    world.add_observer(witness);
    const ProcessId client = sim.add_client("c1", [&witness, &world](Env& env) {
      return watches(env, &witness, world.host_address(4));
    });
    CHECK(client == 4);
    sim.at_end("untouched", [&witness, complaint] {
      *complaint = witness.complaint();
      return *complaint;
    });
  };
}

}  // namespace

TEST_CASE("no fault strikes a client's host or process, whatever strikes the nodes") {
  FaultCounts struck;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::string complaint;
    const Toy toy(witnessed(&complaint), FaultSet::all(), seconds(10));
    const sim::RunResult run = toy.run(seed);
    INFO("seed " << seed);
    CHECK(complaint.empty());
    CHECK_FALSE(run.violation.has_value());
    struck.add(run.totals.faults);
  }
  for (const FaultKind kind :
       {FaultKind::crash, FaultKind::pause, FaultKind::power_loss, FaultKind::clock_drift,
        FaultKind::clock_step, FaultKind::no_descriptors, FaultKind::names}) {
    INFO(fault_kind_name(kind));
    CHECK(struck[kind].injected > 20);
  }
}

TEST_CASE("a witness would have noticed each of these faults") {
  const std::vector<std::pair<std::function<void(World&)>, std::string>> strikes{
      {[](World& world) { world.restart(4); }, "it was started 2 times"},
      {[](World& world) {
         world.pause(4);
         world.at(TimePoint(milliseconds(555)), [&world] { world.resume(4); });
       },
       "it overslept at 555ms"},
      {[](World& world) { world.drift_clock(4, 1000); }, "its clock drifted"},
      {[](World& world) { world.step_wall_clock(4, seconds(1)); }, "its wall clock jumped"},
      {[](World& world) { world.exhaust_descriptors(4); }, "it could not bind"},
      {[](World& world) { world.hide_name(4); }, "its name was lost"}};
  for (const auto& [strike, expected] : strikes) {
    std::string complaint;
    const auto build = witnessed(&complaint);
    const Toy toy([&](Simulation& sim) {
      build(sim);
      sim.world().at(TimePoint(milliseconds(515)), [&] { strike(sim.world()); });
    });
    toy.run();
    CHECK_THAT(complaint, contains_text(expected));
  }
}

}  // namespace piccolo::test
