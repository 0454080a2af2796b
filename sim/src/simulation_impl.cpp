#include "simulation_impl.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core_liveness.hpp"
#include "piccolo/core/assert.hpp"
#include "piccolo/core/frame_pool.hpp"
#include "piccolo/core/suggest.hpp"
#include "piccolo/sim/network_shape.hpp"

namespace piccolo::sim {
namespace {

// A few thousand resumptions in one instant are all that a program needs.
constexpr std::uint64_t spin_limit = 100'000;

// FoundationDB's choice: a quarter of the sites are on in a run.
constexpr std::uint32_t site_on_ppm = 250'000;

// A portfolio: no order finds everything soonest (docs/zoo.md has the measurement), and a bug that
// one of them misses another one finds.
ReadyOrder draw_order(const Random& random) {
  Draws draws = random.stream("ready order");
  const std::uint64_t which = draws.below(4);
  if (which == 0) return ReadyOrder::fifo;
  if (which == 1) return ReadyOrder::random;
  return ReadyOrder::pct(static_cast<std::uint8_t>(draws.between(2, 4)));
}

std::optional<HostId> host_named(const World& world, std::string_view name) {
  for (HostId host = 0; host < world.host_count(); ++host) {
    if (world.host_name(host) == name) return host;
  }
  return std::nullopt;
}

std::string unknown_host(const World& world, const LinkRule& rule, std::string_view name) {
  std::vector<std::string_view> known;
  known.reserve(world.host_count());
  for (HostId host = 0; host < world.host_count(); ++host) {
    known.emplace_back(world.host_name(host));
  }
  return fmt::format("{}: `{}` is no host of this world; {}", rule.place, name,
                     suggestion(name, known));
}

}  // namespace

Simulation::Impl::Impl(const WorldDescription& of, const Scenario& chosen, std::uint64_t with,
                       RunObserver* by)
    : description(of),
      scenario(chosen),
      seed(with),
      watcher(by),
      random(Random(with).child("world")),
      frames_before(frame_pool::live_blocks()) {
  options.link = draw_link(Random(with).child("network"));
  options.ready_order = draw_order(Random(with));
  options.spin_limit = spin_limit;
}

Simulation::Impl::~Impl() {
  if (the_world) the_world->end_programs();
  kept.clear();
}

std::optional<std::string> Simulation::Impl::build() {
  description.build(face);
  world();
  if (auto complaint = apply_links()) return complaint;
  auto stay_broken = parse_broken(*this);
  if (!stay_broken) return stay_broken.error();
  broken = std::move(*stay_broken);
  if (!scenario.listed) return std::nullopt;
  auto plan = parse_fault_plan(*scenario.listed, scene());
  if (!plan) return plan.error();
  listed = std::move(*plan);
  return std::nullopt;
}

std::optional<std::string> Simulation::Impl::apply_links() {
  for (const LinkRule& rule : scenario.links) {
    const auto from = host_named(*the_world, rule.from);
    if (!from) return unknown_host(*the_world, rule, rule.from);
    const auto to = host_named(*the_world, rule.to);
    if (!to) return unknown_host(*the_world, rule, rule.to);
    the_world->set_link(*from, *to, rule.options);
  }
  return std::nullopt;
}

FaultScene Simulation::Impl::scene() const {
  FaultScene scene;
  for (const HostId host : hosts) scene.hosts.push_back(the_world->host_name(host));
  for (std::size_t node = 0; node < nodes; ++node) {
    scene.processes.push_back(the_world->process_name(processes[node]));
    scene.host_of.push_back(the_world->process_host(processes[node]));
  }
  scene.duration = scenario.duration;
  return scene;
}

FaultPlan Simulation::Impl::plan(std::uint64_t by_seed) const {
  if (scenario.listed) return listed;
  return draw_fault_plan(scene(), scenario.faults, by_seed, scenario.profile);
}

World& Simulation::Impl::world() {
  if (the_world) return *the_world;
  if (scenario.link) options.link = *scenario.link;
  if (scenario.order) options.ready_order = *scenario.order;
  options.events_max = scenario.events_max;
  options.buggify_ppm = scenario.buggify ? site_on_ppm : 0;
  if (watcher != nullptr) options.log_level = watcher->level();
  the_world.emplace(seed, options);
  the_world->add_observer(*this);
  if (watcher != nullptr) {
    watcher->follow(*the_world);
    the_world->add_observer(*watcher);
  }
  for (const std::string& text : early_notes) note(text);
  if (is_told()) note(describe(options.link));
  return *the_world;
}

void Simulation::Impl::note(std::string_view text) {
  if (!is_told()) return;
  if (the_world) return watcher->note(text);
  early_notes.emplace_back(text);
}

void Simulation::Impl::fail(std::string_view invariant, std::string detail, bool of_liveness) {
  if (the_world->failure()) return;
  liveness = of_liveness;
  the_world->report_failure(invariant, std::move(detail));
}

void Simulation::Impl::claim_name(const std::string& name) {
  PICCOLO_ASSERT(!name.empty(), "an invariant was given no name");
  PICCOLO_ASSERT(names.insert(name).second, "two invariants were given one name");
}

std::string Simulation::Impl::tell(const State& state) { return state ? state() : std::string(); }

void Simulation::Impl::see(std::string_view name) {
  for (Sometimes& possibility : possibilities) {
    if (possibility.name != name) continue;
    possibility.seen = true;
    return;
  }
  possibilities.push_back({std::string(name), nullptr, true});
}

bool Simulation::Impl::all_met() const noexcept {
  return std::ranges::all_of(eventuals, &Eventually::met);
}

// A program that ended by itself has closed what it opened.
void Simulation::Impl::process_ended(ProcessId process, bool killed) {
  if (killed) return;
  if (const std::size_t open = the_world->open_sockets(process); open > 0) {
    fail("no_leak",
         fmt::format("{} ended and left {} sockets open", the_world->process_name(process), open),
         false);
  }
}

void Simulation::Impl::reached(ProcessId, std::string_view name) { see(name); }

void Simulation::Impl::settled() {
  if (!watching) return;
  check_invariants();
  for (Sometimes& possibility : possibilities) {
    if (!possibility.seen && possibility.condition) possibility.seen = possibility.condition();
  }
  if (healed) check_eventuals();
}

void Simulation::Impl::check_invariants() {
  for (const Invariant& invariant : invariants) {
    if (invariant.condition() != invariant.broken_when) continue;
    fail(invariant.name, tell(invariant.state), false);
    return;
  }
}

void Simulation::Impl::check_eventuals() {
  bool news = false;
  for (Eventually& each : eventuals) {
    if (each.met || !each.condition()) continue;
    each.met = true;
    news = true;
    if (is_told()) note(fmt::format("`{}` came true", each.name));
  }
  if (news && all_met()) the_world->interrupt();
}

RunResult Simulation::Impl::result() const {
  RunResult result;
  result.seed = seed;
  result.trace_hash = the_world->trace().hash();
  RunTotals& totals = result.totals;
  totals.runs = 1;
  totals.events = the_world->events();
  totals.virtual_time = the_world->now().time_since_epoch();
  totals.faults = the_world->fault_counts();
  totals.fingerprint = mix(seed, result.trace_hash);
  for (const Counter& counter : counters)
    totals.counters.push_back({counter.name, counter.value()});
  for (const Sometimes& each : possibilities) {
    totals.sometimes.push_back({each.name, each.seen ? 1U : 0U});
  }
  for (const auto& [site, count] : the_world->probe_counts()) {
    totals.sites.push_back({site, count.passed, count.fired});
  }
  if (const auto& failure = the_world->failure()) {
    result.violation =
        Violation{failure->rule, failure->detail, failure->at.time_since_epoch(), liveness};
  }
  return result;
}

}  // namespace piccolo::sim
