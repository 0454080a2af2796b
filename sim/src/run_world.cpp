#include "piccolo/sim/run_world.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "core_liveness.hpp"
#include "piccolo/core/frame_pool.hpp"
#include "simulation_impl.hpp"

namespace piccolo::sim {
namespace {

// The phases of a run; each is true when nothing broke in it.
class Run {
 public:
  explicit Run(Simulation::Impl& simulation)
      : sim_(simulation), world_(simulation.world()), core_(simulation) {}

  bool all_phases() {
    for (const ProcessId process : sim_.processes) world_.start(process);
    return strike_faults() && converge() && stop() && nothing_is_left() && look_back();
  }

 private:
  bool strike_faults() {
    const FaultScene scene = sim_.scene();
    const FaultPlan plan = sim_.plan();
    aftermath_ = aftermath(plan);
    if (sim_.watcher != nullptr) sim_.watcher->planned(plan, scene);
    schedule(world_, plan, scene,
             [this](std::string_view text) { sim_.note("fault: " + std::string(text)); });
    return world_.run_until(TimePoint(sim_.scenario.duration));
  }

  // What must happen has its time to; counted from when the last effect of the faults is over.
  bool converge() {
    core_.strike(core_.choose());
    sim_.note(sim_.core ? core_.story() : "healed: what must happen eventually is due now");
    sim_.healed = true;
    for (const auto& action : sim_.heal_actions) action();
    const TimePoint start = world_.now() + aftermath_;
    sim_.settled();
    while (!sim_.all_met()) {
      const auto* const next = first_due();
      if (!world_.run_until(start + next->within)) return false;
      if (next->met || world_.now() < start + next->within) continue;
      late(*next);
      return false;
    }
    return !world_.failure();
  }

  const Simulation::Impl::Eventually* first_due() const {
    const Simulation::Impl::Eventually* first = nullptr;
    for (const auto& each : sim_.eventuals) {
      if (each.met) continue;
      if (first == nullptr || each.within < first->within) first = &each;
    }
    return first;
  }

  void late(const Simulation::Impl::Eventually& missed) {
    const std::string state = Simulation::Impl::tell(missed.state);
    sim_.fail(missed.name,
              fmt::format("{}{}did not come true within {} after the last heal", state,
                          state.empty() ? "" : ": ", format_duration(missed.within)),
              true);
  }

  bool stop() {
    sim_.note("stopping all");
    sim_.watching = false;
    core_.mend();
    for (const ProcessId process : sim_.processes) world_.stop(process);
    if (!world_.run_until(world_.now() + sim_.stop_patience)) return false;
    for (const ProcessId process : sim_.processes) {
      if (!world_.running(process)) continue;
      sim_.fail("clean_stop",
                fmt::format("{} did not end when asked to stop\n{}", world_.process_name(process),
                            world_.task_tree()),
                true);
      return false;
    }
    return true;
  }

  bool nothing_is_left() {
    if (!world_.run_until_idle()) return false;
    if (world_.live_connections() > 0) {
      leaked(fmt::format("{} connections are left in the kernels", world_.live_connections()));
    }
    for (HostId host = 0; host < world_.host_count(); ++host) {
      if (const std::size_t ports = world_.ports_in_use(host); ports > 0) {
        leaked(fmt::format("{} ports of {} are still in use", ports, world_.host_name(host)));
      }
    }
    if (const std::int64_t frames = frame_pool::live_blocks() - sim_.frames_before; frames != 0) {
      leaked(fmt::format("{} coroutine frames are left when every program has ended", frames));
    }
    return !world_.failure();
  }

  void leaked(std::string what) { sim_.fail("no_leak", std::move(what), false); }

  bool look_back() {
    for (const auto& check : sim_.end_checks) {
      std::string complaint = check.complaint();
      if (complaint.empty()) continue;
      sim_.fail(check.name, std::move(complaint), false);
      return false;
    }
    return true;
  }

  Simulation::Impl& sim_;
  World& world_;
  CoreLiveness core_;
  Duration aftermath_{0};
};

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

RunResult run_to_the_verdict(const WorldDescription& world, const Scenario& scenario,
                             std::uint64_t seed, RunObserver* watcher) {
  Simulation::Impl simulation(world, scenario, seed, watcher);
  if (const auto complaint = simulation.build()) throw std::invalid_argument(*complaint);
  Run(simulation).all_phases();
  if (const auto& failure = simulation.world().failure()) {
    simulation.note(fmt::format("`{}` is broken: {}", failure->rule, first_line(failure->detail)));
  }
  return simulation.result();
}

}  // namespace

RunResult run_world(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                    RunObserver* watcher) {
  const std::int64_t before = frame_pool::live_blocks();
  RunResult result = run_to_the_verdict(world, scenario, seed, watcher);
  const std::int64_t left = frame_pool::live_blocks() - before;
  if (left != 0 && !result.violation) {
    result.violation =
        Violation{"no_leak", fmt::format("{} coroutine frames outlived the world", left),
                  result.totals.virtual_time, false};
  }
  return result;
}

}  // namespace piccolo::sim
