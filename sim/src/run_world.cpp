#include "piccolo/sim/run_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "core_liveness.hpp"
#include "late_faults.hpp"
#include "piccolo/core/frame_pool.hpp"
#include "simulation_impl.hpp"

namespace piccolo::sim {
namespace {

// The phases of a run; each is true when nothing broke in it.
class Run {
 public:
  Run(Simulation::Impl& simulation, const std::optional<Reseed>& reseed)
      : sim_(simulation), world_(simulation.world()), core_(simulation), reseed_(reseed) {}

  bool all_phases() {
    for (const ProcessId process : sim_.processes) world_.start(process);
    return strike_faults() && converge() && stop() && nothing_is_left() && look_back();
  }

 private:
  bool strike_faults() {
    FaultPlan plan = sim_.plan(sim_.seed);
    aftermath_ = aftermath(plan);
    if (sim_.watcher != nullptr) sim_.watcher->planned(plan, sim_.scene());
    if (reseed_) plan_ = plan;
    put_into_script(std::move(plan));
    return run_until(TimePoint(sim_.scenario.duration));
  }

  void put_into_script(FaultPlan plan) {
    called_off_ = std::make_shared<bool>(false);
    std::function<void(std::string_view)> note;
    if (sim_.is_told()) {
      note = [this](std::string_view text) { sim_.note("fault: " + std::string(text)); };
    }
    schedule(world_, std::move(plan), sim_.scene(), note, called_off_);
  }

  // As the world's function, and over to the other seed when that is due.
  bool run_until(TimePoint until) {
    if (!reseed_ || TimePoint(reseed_->at) > until) return world_.run_until(until);
    const TimePoint before = TimePoint(reseed_->at) - Duration(1);
    if (world_.now() < before) {
      // It may be interrupted before.
      if (!world_.run_until(before) || world_.now() < before) return !world_.failure();
    }
    change_seed(*reseed_);
    reseed_.reset();
    return world_.run_until(until);
  }

  bool run_until_idle() {
    if (reseed_ && !run_until(TimePoint(reseed_->at))) return false;
    return world_.run_until_idle();
  }

  // The faults that are not to be stay in the script, so that it is the same up to here.
  void change_seed(const Reseed& to) {
    world_.reseed(to.seed);
    sim_.note(fmt::format("from here on by the draws of seed {}", to.seed));
    if (sim_.scenario.listed) return;
    *called_off_ = true;
    const FaultPlan begun = begun_before(plan_, to.at);
    FaultPlan late = late_faults(sim_.plan(to.seed), to.at, begun, sim_.scene());
    aftermath_ = std::max(aftermath(begun), aftermath(late));
    put_into_script(std::move(late));
  }

  // What must happen has its time to; counted from when the last effect of the faults is over.
  bool converge() {
    core_.strike(core_.choose());
    if (sim_.is_told()) {
      sim_.note(sim_.core ? core_.story() : "healed: what must happen eventually is due now");
    }
    sim_.healed = true;
    for (const auto& action : sim_.heal_actions) action();
    const TimePoint start = world_.now() + aftermath_;
    sim_.settled();
    while (!sim_.all_met()) {
      const auto* const next = first_due();
      if (!run_until(start + next->within)) return false;
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
    if (!run_until(world_.now() + sim_.stop_patience)) return false;
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
    if (!run_until_idle()) return false;
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
  std::optional<Reseed> reseed_;      // until it is done
  FaultPlan plan_;                    // of the first seed, for who is given another
  std::shared_ptr<bool> called_off_;  // what of the plan has not struck
  Duration aftermath_{0};
};

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

RunResult run_to_the_verdict(const WorldDescription& world, const Scenario& scenario,
                             std::uint64_t seed, RunObserver* watcher,
                             const std::optional<Reseed>& reseed) {
  Simulation::Impl simulation(world, scenario, seed, watcher);
  if (const auto complaint = simulation.build()) throw std::invalid_argument(*complaint);
  Run(simulation, reseed).all_phases();
  if (const auto& failure = simulation.world().failure(); failure && simulation.is_told()) {
    simulation.note(fmt::format("`{}` is broken: {}", failure->rule, first_line(failure->detail)));
  }
  return simulation.result();
}

}  // namespace

RunResult run_world(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                    RunObserver* watcher, const std::optional<Reseed>& reseed) {
  const std::int64_t before = frame_pool::live_blocks();
  RunResult result = run_to_the_verdict(world, scenario, seed, watcher, reseed);
  const std::int64_t left = frame_pool::live_blocks() - before;
  if (left != 0 && !result.violation) {
    result.violation =
        Violation{"no_leak", fmt::format("{} coroutine frames outlived the world", left),
                  result.totals.virtual_time, false};
  }
  return result;
}

}  // namespace piccolo::sim
